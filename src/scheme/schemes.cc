// What the register answers; read.cc reads it.
#include "scheme/scheme.h"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "base/text.h"

namespace assay::scheme {
namespace {

bool holds_on(const std::optional<PartialDate>& from, const std::optional<PartialDate>& until, Date at) {
  return (!from || at >= from->first) && (!until || at <= until->last);
}

}  // namespace

const Level* Scheme::level(std::string_view wanted) const {
  for (const Level& l : levels)
    if (l.id == wanted) return &l;
  return nullptr;
}
const Requirement* Scheme::requirement(std::string_view wanted) const {
  for (const Requirement& r : requirements)
    if (r.id == wanted) return &r;
  return nullptr;
}
bool Edition::has(std::string_view provision) const {
  return std::find(mandatory.begin(), mandatory.end(), provision) != mandatory.end() ||
         std::find(recommended.begin(), recommended.end(), provision) != recommended.end();
}
bool Edition::is_conditional(std::string_view provision) const {
  return std::find(conditional.begin(), conditional.end(), provision) != conditional.end();
}
const Scheme* Register::scheme(std::string_view id) const {
  for (const Scheme& s : schemes)
    if (s.id == id) return &s;
  return nullptr;
}
const Edition* Register::edition(std::string_view wanted) const {
  for (const Edition& e : editions)
    if (e.edition == wanted) return &e;
  return nullptr;
}
bool Register::is_mandatory(std::string_view id) const {
  const std::size_t first = id.find(':'), second = id.rfind(':');
  if (first == second) return false;
  const Edition* e = edition(id.substr(first + 1, second - first - 1));
  return e != nullptr &&
         std::find(e->mandatory.begin(), e->mandatory.end(), id.substr(second + 1)) != e->mandatory.end();
}
const Category* Register::category(std::string_view word) const {
  std::string wanted = replace_all(replace_all(lower(trim(word)), "_", "-"), " ", "-");
  for (const Category& c : categories) {
    if (c.id == wanted) return &c;
    for (const std::string& synonym : c.synonyms)
      if (replace_all(synonym, " ", "-") == wanted) return &c;
  }
  return nullptr;
}
std::vector<const StepKind*> Register::steps_on(const Level& level, Date at) const {
  std::vector<const StepKind*> out;
  for (const Step& step : level.steps)
    if (const auto it = steps.find(step.id); it != steps.end() && holds_on(step.from, step.until, at))
      out.push_back(&it->second);
  return out;
}
int Register::assessment_strength(const Level& level, Date at) const {
  int out = 0;
  for (const StepKind* step : steps_on(level, at)) out = std::max(out, step->strength);
  return out;
}

const Amount* application_fee(const Scheme& scheme, const Level& level, Date at) {
  for (const Amount& a : scheme.fee.amounts)
    if (a.of == "application" && holds_on(a.from, a.until, at) &&
        (a.levels.empty() || std::find(a.levels.begin(), a.levels.end(), level.id) != a.levels.end()))
      return &a;
  return nullptr;
}
std::vector<const Time*> times_for(const Scheme& scheme, const Level& level) {
  std::vector<const Time*> out;
  for (const Time& t : scheme.times)
    if (t.levels.empty() || std::find(t.levels.begin(), t.levels.end(), level.id) != t.levels.end()) out.push_back(&t);
  return out;
}

Result<const Register*> schemes() {
  static std::mutex mutex;
  static std::optional<Register> read;
  const std::lock_guard lock(mutex);
  if (!read) read = ASSAY_TRY(read_register(data_files()));
  return &*read;
}

std::string not_in_effect(const Scheme& scheme, const Level& level, Date at) {
  if (scheme.status == Status::closed)
    return "the scheme is closed" + (scheme.status_note.empty() ? "" : ": " + scheme.status_note);
  if (scheme.status != Status::running)
    return "the scheme is not open" + (scheme.status_note.empty() ? "" : ": " + scheme.status_note);
  if (!level.open) return "this level is not open, or not known to be";
  const std::optional<PartialDate>& from = level.from ? level.from : scheme.from;
  if (!from) return "no day is known from which it holds";
  if (at < from->first) return fmt::format("holds from {}, not yet on {}", from->text, at.iso());
  if (scheme.until && at > scheme.until->last) return fmt::format("ended {}", scheme.until->text);
  return {};
}

LevelTitle level_title(const Scheme& scheme, const Level& level) {
  return {scheme.id, level.id, scheme.kind, scheme.jurisdiction,
          level.title.empty() ? scheme.title : scheme.title + " " + level.title};
}
Result<std::vector<LevelTitle>> level_titles() {
  const Register& all = *ASSAY_TRY(schemes());
  std::vector<LevelTitle> out;
  for (const Scheme& scheme : all.schemes)
    for (const Level& level : scheme.levels)
      if (!scheme.mark_only) out.push_back(level_title(scheme, level));
  return out;
}

}  // namespace assay::scheme
