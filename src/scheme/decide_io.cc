// One line in, one line out. The line comes from anywhere: everything is typed and bounded before it is used.
#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "model/decision_json.h"
#include "scheme/decide.h"

namespace assay::scheme {
namespace {

constexpr std::size_t kLineBytes = 1u << 20;
constexpr std::size_t kVerdicts = 5000;
constexpr std::size_t kHeld = 100;
constexpr std::size_t kMarkets = 300;
constexpr std::size_t kText = 200;  // bytes of one text

class Line {
 public:
  Line(std::uint64_t line) : line_(line) {}

  tl::unexpected<Error> bad(Mark at, std::string what) const {
    const std::uint32_t column = at.column == 0 ? 1 : at.column;
    return fail(Error{Errc::invalid, std::move(what), fmt::format("line {}:{}", line_, column), column - 1, {}});
  }
  Result<std::string> text(const Node& node, std::string_view what, bool empty_too = false) const {
    if (!node.is_text() || node.style() != Node::Style::quoted)
      return bad(node.mark(), fmt::format("{} has to be text", what));
    if (node.text().size() > kText) return bad(node.mark(), fmt::format("{} is longer than {} bytes", what, kText));
    if (node.text().empty() && !empty_too) return bad(node.mark(), fmt::format("{} is empty", what));
    if (std::any_of(node.text().begin(), node.text().end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
      return bad(node.mark(), fmt::format("{} has a control character", what));
    return node.text();
  }
  Result<std::string> date(const Node& node, std::string_view what) const {
    std::string given = ASSAY_TRY(text(node, what));
    if (const auto parsed = Date::parse(given); !parsed)
      return bad(node.mark(), fmt::format("{}: {}", what, parsed.error().what));
    return given;
  }
  Result<std::vector<std::string>> texts(const Node& node, std::string_view what, std::size_t at_most) const {
    if (!node.is_sequence()) return bad(node.mark(), fmt::format("{} has to be a list", what));
    if (node.items().size() > at_most) return bad(node.mark(), fmt::format("{} has more than {} items", what, at_most));
    std::vector<std::string> out;
    for (const Node& item : node.items()) out.push_back(ASSAY_TRY(text(item, fmt::format("an item of {}", what))));
    return out;
  }
  Result<void> keys(const Node& node, std::string_view what, const std::vector<std::string_view>& known) const {
    if (!node.is_mapping()) return bad(node.mark(), fmt::format("{} has to be an object", what));
    for (const Node::Member& member : node.members()) {
      if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
      const std::string_view near = nearest(member.key, known);
      return bad(member.mark, fmt::format("unknown key '{}'{}", clean_utf8(member.key.substr(0, 60)),
                                          near.empty() ? "" : fmt::format(", did you mean '{}'", near)));
    }
    return {};
  }

 private:
  std::uint64_t line_;
};

Result<HeldMark> read_held(const Line& in, const Node& node) {
  ASSAY_TRY(in.keys(node, "an item of held", {"scheme", "level", "from", "until", "edition", "basis"}));
  HeldMark out;
  if (!node.has("scheme")) return in.bad(node.mark(), "an item of held names no scheme");
  out.scheme = ASSAY_TRY(in.text(node["scheme"], "scheme"));
  out.level = "single";
  if (node.has("level")) out.level = ASSAY_TRY(in.text(node["level"], "level"));
  if (node.has("from")) out.from = ASSAY_TRY(in.date(node["from"], "from"));
  if (node.has("until")) out.until = ASSAY_TRY(in.date(node["until"], "until"));
  if (!out.from.empty() && !out.until.empty() && out.until < out.from)
    return in.bad(node["until"].mark(), "until is before from");
  if (node.has("edition")) out.edition = ASSAY_TRY(in.text(node["edition"], "edition", true));
  if (node.has("basis")) {
    out.basis = ASSAY_TRY(in.text(node["basis"], "basis"));
    if (out.basis != "application" && out.basis != "recognition" && out.basis != "declaration")
      return in.bad(node["basis"].mark(), "basis has to be application, recognition or declaration");
  }
  return out;
}

}  // namespace

Result<DecideInput> read_decide_line(std::string_view json, std::uint64_t line, Date at) {
  const Line in(line);
  if (json.size() > kLineBytes) return in.bad({}, fmt::format("the line is longer than {} bytes", kLineBytes));
  auto parsed = parse_json(json, fmt::format("line {}", line), {.bytes = kLineBytes, .depth = 6, .nodes = 20'000});
  if (!parsed) return fail(std::move(parsed).error());
  const Node& root = *parsed;
  ASSAY_TRY(in.keys(root, "a line", {"product", "category", "at", "markets", "schemes", "verdicts", "held"}));
  DecideInput out;
  out.at = at;
  if (root.has("product")) out.product = ASSAY_TRY(in.text(root["product"], "product", true));
  if (root.has("category")) out.category = ASSAY_TRY(in.text(root["category"], "category", true));
  if (root.has("at")) out.at = *Date::parse(ASSAY_TRY(in.date(root["at"], "at")));
  if (root.has("markets")) out.markets = ASSAY_TRY(in.texts(root["markets"], "markets", kMarkets));
  if (root.has("schemes")) out.schemes = ASSAY_TRY(in.texts(root["schemes"], "schemes", kMarkets));
  if (const Node* verdicts = root.find("verdicts")) {
    if (!verdicts->is_mapping()) return in.bad(verdicts->mark(), "verdicts has to be an object");
    if (verdicts->members().size() > kVerdicts)
      return in.bad(verdicts->mark(), fmt::format("more than {} verdicts", kVerdicts));
    for (const Node::Member& member : verdicts->members()) {
      if (member.key.empty() || member.key.size() > kText)
        return in.bad(member.mark, fmt::format("the id of a verdict is empty or longer than {} bytes", kText));
      const std::string given = ASSAY_TRY(in.text(member.value, "a verdict"));
      const auto verdict = verdict_named(given);
      if (!verdict)
        return in.bad(member.value.mark(),
                      fmt::format("'{}' is no verdict; there are pass, fail, error, inconclusive, not_assessed, "
                                  "not_applicable and not_claimed",
                                  given.substr(0, 40)));
      out.verdicts[member.key] = *verdict;
    }
  }
  if (const Node* held = root.find("held")) {
    if (!held->is_sequence()) return in.bad(held->mark(), "held has to be a list");
    if (held->items().size() > kHeld) return in.bad(held->mark(), fmt::format("more than {} held marks", kHeld));
    for (const Node& item : held->items()) out.held.push_back(ASSAY_TRY(read_held(in, item)));
  }
  return out;
}

std::string write_decision(const DecideInput& input, const Decision& decision) {
  JsonWriter out;
  out.object();
  out.field("product", input.product);
  out.key("conformity").array();
  for (const Conformity& c : decision.conformity) write_conformity(out, c);
  out.end_array();
  out.key("recognition").array();
  for (const Recognition& r : decision.recognition) write_recognition(out, r);
  out.end_array();
  out.key("notes").texts(decision.notes);
  out.end_object();
  return out.take();
}

std::string write_decide_error(std::uint64_t line, const Error& error) {
  JsonWriter out;
  out.object().key("error").object();
  out.field("line", line).field("at", error.offset ? *error.offset + 1 : std::uint64_t{1}).field("what", error.what);
  out.end_object().end_object();
  return out.take();
}

}  // namespace assay::scheme
