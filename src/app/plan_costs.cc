#include "app/plan_costs.h"

#include <array>

#include "base/data.h"
#include "base/data_file.h"
#include "base/file.h"
#include "catalogue/catalogue.h"
#include "scheme/scheme.h"

namespace assay::app {
namespace {

constexpr std::int64_t kMostOf = 10'000'000;  // of anything; a slip of the keyboard is larger

class CostFile : public DataFile {
 public:
  using DataFile::DataFile;

  Result<std::int64_t> whole(const Node& value, std::string_view key) const {
    const auto number = value.integer();
    if (!number || *number < 0 || *number > kMostOf)
      return bad(value, fmt::format("'{}' has to be a whole number from 0 to {}", key, kMostOf));
    return *number;
  }
  // Leaves `to` as it is where the key is absent.
  Result<void> number(const Node& node, std::string_view key, std::int64_t& to, std::int64_t times = 1) const {
    if (const Node* value = node.find(key)) to = times * ASSAY_TRY(whole(*value, key));
    return {};
  }
  template <class Known>
  Result<void> numbers(const Node& node, std::string_view key, std::map<std::string, std::int64_t>& to,
                       const Known& known) const {
    const Node* value = node.find(key);
    if (value == nullptr) return {};
    if (!value->is_mapping()) return bad(*value, fmt::format("'{}' has to be a mapping", key));
    for (const Node::Member& m : value->members()) {
      if (!known(m.key)) return bad(m.value, fmt::format("nothing is called '{}' under '{}'", m.key, key));
      to[m.key] = ASSAY_TRY(whole(m.value, m.key));
    }
    return {};
  }
  Result<void> applications(const Node& node, std::map<std::string, ApplicationCost>& to) const {
    ASSAY_TRY(keys(node, {"own", "simplified", "recognition"}));
    for (const Node::Member& m : node.members()) {
      ASSAY_TRY(keys(m.value, {"fee", "minutes", "days"}));
      ApplicationCost& cost = to[m.key];
      for (const auto& [key, where, times] :
           {std::tuple("fee", &cost.fee, 100), std::tuple("minutes", &cost.minutes, 1),
            std::tuple("days", &cost.days, 1)})
        if (const Node* value = m.value.find(key)) *where = times * ASSAY_TRY(whole(*value, key));
    }
    return {};
  }

  Result<void> read(const Node& root, Costs& out) const {
    ASSAY_TRY(keys(root, {"currency", "rates", "hour", "laboratory_day", "waiting_day", "unit", "settle", "check",
                          "mend", "mend_provision", "beyond", "paper", "paper_named", "laboratory_days", "application",
                          "application_of"}));
    const scheme::Register& all = *ASSAY_TRY(scheme::schemes());
    const auto any = [](const std::string&) { return true; };
    if (root.has("currency")) out.currency = ASSAY_TRY(text(root, "currency"));
    ASSAY_TRY(numbers(root, "rates", out.rates, any));
    ASSAY_TRY(number(root, "hour", out.hour, 100));
    ASSAY_TRY(number(root, "laboratory_day", out.laboratory_day, 100));
    ASSAY_TRY(number(root, "waiting_day", out.waiting_day, 100));
    ASSAY_TRY(numbers(root, "unit", out.unit, [](const std::string& word) {
      constexpr std::array kWords = {"automatic", "disproves_only", "assisted", "by_hand"};
      return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
    }));
    for (const auto& [key, where] :
         {std::pair("settle", &out.settle), std::pair("check", &out.check), std::pair("mend", &out.mend),
          std::pair("beyond", &out.beyond), std::pair("paper", &out.paper)})
      ASSAY_TRY(number(root, key, *where));
    ASSAY_TRY(numbers(root, "mend_provision", out.mend_provision, [](const std::string& id) {
      for (const catalogue::Edition* e : catalogue::editions())
        if (e->provision(id) != nullptr) return true;
      return false;
    }));
    ASSAY_TRY(numbers(root, "paper_named", out.paper_named, any));
    ASSAY_TRY(numbers(root, "laboratory_days", out.laboratory_days,
                      [&](const std::string& id) { return all.steps.contains(id); }));
    if (const Node* value = root.find("application")) ASSAY_TRY(applications(*value, out.application));
    if (const Node* value = root.find("application_of")) {
      if (!value->is_mapping()) return bad(*value, "'application_of' has to be a mapping");
      for (const Node::Member& m : value->members()) {
        if (all.scheme(m.key) == nullptr) return bad(m.value, fmt::format("no scheme is called '{}'", m.key));
        ASSAY_TRY(applications(m.value, out.application_of[m.key]));
      }
    }
    return {};
  }
};

}  // namespace

std::int64_t Costs::minutes_to_mend(const std::string& provision) const {
  const auto it = mend_provision.find(provision);
  return it == mend_provision.end() ? mend : it->second;
}
std::int64_t Costs::minutes_for_paper(const std::string& name) const {
  const auto it = paper_named.find(name);
  return it == paper_named.end() ? paper : it->second;
}

Result<Costs> read_costs(const std::filesystem::path& file) {
  Costs out;
  const CostFile ours("costs.yaml");
  const Node& all = *ASSAY_TRY(data::file("costs.yaml"));
  ASSAY_TRY(ours.read(all, out));
  // Ours says something of everything; a file of the user's need not.
  constexpr std::array kAll = {"currency", "rates",           "hour",       "laboratory_day", "waiting_day",
                               "unit",     "settle",          "check",      "mend",           "beyond",
                               "paper",    "laboratory_days", "application"};
  for (const char* key : kAll)
    if (!all.has(key)) return ours.bad(all, fmt::format("'{}' is missing", key));
  for (const char* word : {"automatic", "disproves_only", "assisted", "by_hand"})
    if (!out.unit.contains(word)) return ours.bad(all["unit"], fmt::format("'{}' is missing", word));
  for (const char* kind : {"own", "simplified", "recognition"}) {
    const ApplicationCost& cost = out.application[kind];
    if (!cost.fee || !cost.minutes || !cost.days)
      return ours.bad(all["application"], fmt::format("'{}' needs fee, minutes and days", kind));
  }
  if (file.empty()) return out;
  const std::string text = ASSAY_TRY(read_file(file, 1u << 20));
  const Node root = ASSAY_TRY(parse_yaml(text, file.string()));
  ASSAY_TRY(CostFile(file.string(), "").read(root, out));
  if (root.has("currency") && !root.has("rates") && out.currency != "EUR")
    return fail(
        Error{Errc::invalid,
              fmt::format("names the currency {} but no rates: fees are given in other currencies", out.currency),
              file.string(),
              {},
              "Add rates: cents for 1000 units of each."});
  out.own_file = file.string();
  out.all_own = std::all_of(kAll.begin(), kAll.end(), [&](const char* key) { return root.has(key); });
  return out;
}

}  // namespace assay::app
