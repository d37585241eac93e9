#include "scheme/world.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "catalogue/requirements.h"

namespace assay::scheme {
namespace {

Standing by_days(const std::optional<PartialDate>& from, const std::optional<PartialDate>& until, Date at,
                 std::string_view live) {
  if (!from) return {"day not known", false};
  if (at < from->first) return {"not yet", false};
  if (until && at > until->last) return {"ended", false};
  return {std::string(live), true};
}
std::string text_of(const std::optional<PartialDate>& date) { return date ? date->text : ""; }

// Every mapping of a data file that has a confidence below high.
class Walk {
 public:
  Walk(std::string file, std::vector<Doubt>& out) : file_(std::move(file)), out_(out) {}

  void whole(const Node& root, std::string subject) {
    subject_ = std::move(subject);
    gather(root);
    for (const std::string& id : root["read"].texts()) read_ = {id};
    ask_ = root["authority"].text();
    node(root, "", true);
  }
  void part(const Node& root, std::string subject, std::string where) {
    subject_ = std::move(subject);
    ask_.clear();
    read_.clear();
    papers_.clear();
    gather(root);
    node(root, where, false);
  }

 private:
  // Sources that can settle something: the owner's, the law's, a standard body's.
  static bool settles(const std::string& id) {
    const catalogue::Source* s = catalogue::source(id);
    return s != nullptr && (s->cls == "A" || s->cls == "B");
  }
  static void add(std::vector<std::string>& to, const std::string& id) {
    if (std::find(to.begin(), to.end(), id) == to.end()) to.push_back(id);
  }
  void gather(const Node& n) {
    for (const std::string& id : n["source"].texts())
      if (settles(id)) add(papers_, id);
    for (const Node::Member& m : n.members()) gather(m.value);
    for (const Node& item : n.items()) gather(item);
  }
  // What a longer part says too is left out.
  static void add_part(std::vector<std::string>& parts, std::string text) {
    for (std::string& part : parts) {
      if (lower(text).starts_with(lower(part))) {
        part = std::move(text);
        return;
      }
    }
    parts.push_back(std::move(text));
  }
  static std::string says(const Node& n) {
    std::vector<std::string> parts;
    for (const char* key : {"value", "date", "effect", "relation", "set"})
      if (n[key].is_text()) add_part(parts, replace_all(n[key].text(), "_", " "));
    for (const char* key : {"title", "name", "what", "note", "why"})
      if (n[key].is_text() && !(n.has("scheme") && std::string_view(key) == "name")) add_part(parts, n[key].text());
    for (const char* key : {"items", "beyond", "touches", "steps", "from", "baseline"})
      if (const std::vector<std::string> texts = n[key].texts(); !texts.empty())
        parts.push_back(texts == std::vector<std::string>{"unknown"} ? "more, not known what" : join(texts, ", "));
    if (n["asks"].text() == "not_listed") parts.emplace_back("what it asks is not listed");
    std::string out = join(parts, "; ");
    return out.empty() ? (n["confidence"].text() == "none" ? "looked for, not found" : "what stands there") : out;
  }
  void node(const Node& n, const std::string& where, bool root) {
    if (const Node* given = n.find("confidence"); given != nullptr && given->text() != "high") {
      Doubt d;
      d.subject = subject_;
      d.where = where.empty() ? "as a whole" : where;
      d.says = says(n);
      if (const auto known = word_in(given->text())) d.confidence = *known;
      d.source = n["source"].texts();
      for (const std::string& id : d.source)
        if (settles(id)) add(d.read, id);
      for (const std::string& id : read_) add(d.read, id);
      // Nothing of the owner or the law stands behind the fact: then the owner is to be asked, and the file's other
      // papers may help.
      if (d.read.empty()) {
        d.ask = ask_;
        d.see = papers_;
      }
      d.file = "data/" + file_;
      d.mark = root ? given->mark() : n.mark();
      out_.push_back(std::move(d));
    }
    for (const Node::Member& m : n.members()) {
      const std::string key = replace_all(m.key, "_", " ");
      const std::string here = where.empty() ? key : where + ", " + key;
      if (m.value.is_mapping()) node(m.value, here, false);
      std::size_t count = 0;
      for (const Node& item : m.value.items()) {
        ++count;
        if (!item.is_mapping()) continue;
        std::string id = item["id"].text();
        if (id.empty()) id = item["what"].is_text() && item["what"].text().size() < 24 ? item["what"].text() : "";
        if (id.empty() && item.has("to")) id = fmt::format("to {} {}", item["to"].text(), item["to_level"].text());
        if (id.empty()) id = std::to_string(count);
        // "levels L1" is a level, "level L1".
        std::string one = here;
        if (one.ends_with("s") && one != "times") one.pop_back();
        node(item, one + " " + std::string(trim(replace_all(id, "_", " "))), false);
      }
    }
  }
  static std::optional<Confidence> word_in(std::string_view word) {
    for (const auto& row : kConfidences)
      if (row.first == word) return row.second;
    return std::nullopt;
  }

  std::string file_, subject_, ask_;
  std::vector<std::string> read_;    // what the file itself says is to be read
  std::vector<std::string> papers_;  // what may settle any fact of the file
  std::vector<Doubt>& out_;
};

}  // namespace

Standing standing(const Scheme& scheme, Date at) {
  switch (scheme.status) {
    case Status::closed:
      return {scheme.from && at < scheme.from->first ? "not yet" : "closed", false};
    case Status::planned:
      return {"planned", false};
    case Status::none_found:
      return {"none found", false};
    case Status::running:
      break;
  }
  const bool given_out = scheme.kind == "label" || scheme.kind == "certification" || scheme.kind == "industry";
  return by_days(scheme.from, scheme.until, at, given_out ? "open" : "in force");
}

Standing standing(const Scheme& scheme, const Level& level, Date at) {
  const Standing whole = standing(scheme, at);
  if (!whole.live) return whole;
  if (!level.open) return {"not known to be open", false};
  return level.from && at < level.from->first ? Standing{"not yet", false} : whole;
}

Standing standing(const Arrangement& arrangement, Date at) {
  if (!arrangement.live) return {"without effect", false};
  const Standing days = by_days(arrangement.from, arrangement.until, at, "in force");
  // A law may take a mark before the arrangement itself holds.
  if (days.word == "not yet")
    for (const Rule& r : arrangement.rules)
      if (r.from && at >= r.from->first) return {"in part", true};
  return days;
}

std::vector<Reach> reaches(const Register& all, Date at) {
  std::vector<Reach> out;
  for (const Arrangement& a : all.arrangements) {
    for (const Rule& r : a.rules) {
      Reach one{r.from_scheme,
                join(r.from_levels, ", "),
                r.to_scheme,
                r.to_level,
                r.effect,
                a.id,
                r.usable,
                {},
                {},
                r.edition,
                r.note,
                {},
                false,
                std::min(r.backing.confidence, a.backing.confidence)};
      const std::optional<PartialDate>&from = r.from ? r.from : a.from, &until = r.until ? r.until : a.until;
      one.since = text_of(from);
      one.until = text_of(until);
      const Standing s = by_days(from, until, at, "in force");
      const Scheme* to = all.scheme(r.to_scheme);
      const bool shut = !a.live || r.usable == "false" || (to != nullptr && to->status == Status::closed);
      one.state = shut && s.word != "not yet" ? (a.live ? "closed" : "without effect") : s.word;
      one.live = s.live && !shut;
      out.push_back(std::move(one));
    }
    for (const StandardRule& r : a.standards) {
      Reach one{r.standard,  join(r.clauses, " and "),
                r.to_scheme, r.to_level,
                r.effect,    a.id,
                "true",      {},
                {},          {},
                r.note,      {},
                false,       std::min(r.backing.confidence, a.backing.confidence)};
      if (!r.part.empty()) one.to_level = r.part;
      if (r.clauses.empty()) one.from_levels = "all clauses that apply";
      const std::optional<PartialDate>& from = r.from ? r.from : a.from;
      one.since = text_of(from);
      const Standing s = by_days(from, a.until, at, "in force");
      one.state = s.word;
      one.live = s.live;
      out.push_back(std::move(one));
    }
  }
  return out;
}

Result<std::vector<Doubt>> doubts(const Files& files, std::string_view subject) {
  std::vector<Doubt> out;
  for (const char* folder : {"recognition/", "schemes/"})
    for (const std::string& file : files.list(folder)) {
      const Node& root = *ASSAY_TRY(files.file(file));
      const std::string id = root[std::string_view(folder) == "schemes/" ? "scheme" : "arrangement"].text();
      if (subject.empty() || subject == id) Walk(file, out).whole(root, id);
    }
  for (const char* file :
       {"assessment_steps.yaml", "categories.yaml", "crosswalk/en303645_editions.yaml", "scheme_notes.yaml"}) {
    const Node& root = *ASSAY_TRY(files.file(file));
    if (!root["scopes"].items().empty()) {
      for (const Node& scope : root["scopes"].items())
        if (subject.empty() || subject == scope["id"].text())
          Walk(file, out).part(scope, scope["id"].text(), "product groups");
    } else if (!root["notes"].items().empty()) {
      for (const Node& note : root["notes"].items()) {
        const std::vector<std::string> about = note["schemes"].texts();
        if (subject.empty() || std::find(about.begin(), about.end(), subject) != about.end())
          Walk(file, out).part(note, "several schemes", "note " + note["id"].text());
      }
    } else if (subject.empty()) {
      Walk(file, out).whole(
          root, std::string_view(file) == "assessment_steps.yaml" ? "steps of assessment" : "editions of EN 303 645");
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Doubt& a, const Doubt& b) {
    return std::tie(a.file, a.mark.line, a.mark.column) < std::tie(b.file, b.mark.line, b.mark.column);
  });
  return out;
}

}  // namespace assay::scheme
