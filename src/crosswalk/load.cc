// Relations come from three places, because each has its own keeper: data/crosswalk/ (what we read out of two texts),
// the `carry` of a scheme's requirements (what deciding rests on), and the pairs of editions. None repeats another:
// what stands twice, or differs between editions that ask the same, is an error of the data.
#include "crosswalk/crosswalk.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include <fmt/format.h>

#include "base/data.h"
#include "base/data_file.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "catalogue/requirements.h"

namespace assay::crosswalk {
namespace {

constexpr std::string_view kEditions = "crosswalk/en303645_editions.yaml";
constexpr std::string_view kBaseline = "en303645:";

struct Reader {
  const std::function<Result<const Node*>(const std::string& name)>& open_file;
  Crosswalk out;
  std::set<std::string> ids, sources;
  std::map<std::pair<std::vector<std::string>, std::string>, std::string> seen;  // where a relation stands

  Standard& standard(const std::string& id) {
    for (Standard& s : out.standards)
      if (s.id == id) return s;
    out.standards.push_back({id, id, "", {}});
    return out.standards.back();
  }
  void item(const std::string& standard_id, std::string id, std::string title) {
    if (ids.insert(id).second) standard(standard_id).items.push_back({std::move(id), std::move(title)});
  }

  Result<Backing> backing(const DataFile& file, const Node& node, const Node& otherwise) {
    Backing b;
    b.confidence = ASSAY_TRY(file.word(node, "confidence", kConfidences));
    b.source = ASSAY_TRY(file.list(node.has("source") ? node : otherwise, "source"));
    if (b.source.empty()) return file.bad(node, "a source is wanted");
    for (const std::string& s : b.source)
      if (!sources.contains(s)) return file.bad(node, fmt::format("no source '{}' in sources.yaml", s));
    return b;
  }

  Result<void> add(const DataFile& file, const Node& at, Link link) {
    if (link.from.empty()) return file.bad(at, "'from' is wanted");
    std::sort(link.from.begin(), link.from.end(), natural_less);
    if (std::adjacent_find(link.from.begin(), link.from.end()) != link.from.end())
      return file.bad(at, "one requirement stands twice in 'from'");
    link.where = fmt::format("data/{}:{}:{}", file.name(), at.mark().line, at.mark().column);
    for (const std::string& id : link.from) {
      // Another body's standard may be named whole clauses at a time; only what we hold is checked.
      if (out.standard(standard_of(id)) != nullptr && !ids.contains(id))
        return file.bad(at, fmt::format("no requirement '{}'", id));
      if (id == link.to) return file.bad(at, "a relation of a requirement with itself");
    }
    if (out.standard(standard_of(link.to)) != nullptr && !ids.contains(link.to))
      return file.bad(at, fmt::format("no requirement '{}'", link.to));
    const auto twice = [&](const std::vector<std::string>& from, const std::string& to) {
      const auto it = seen.find({from, to});
      return it == seen.end() ? std::string() : it->second;
    };
    std::string other = twice(link.from, link.to);
    if (other.empty() && link.from.size() == 1) other = twice({link.to}, link.from.front());
    if (!other.empty())
      return file.bad(at,
                      fmt::format("how {} relates to {} stands already in {}", join(link.from, ", "), link.to, other));
    seen[{link.from, link.to}] = link.where;
    out.links.push_back(std::move(link));
    return {};
  }

  Result<void> read_sources() {
    const Node& node = *ASSAY_TRY(open_file("sources.yaml"));
    for (const Node::Member& s : node["sources"].members()) sources.insert(s.key);
    return {};
  }

  void read_catalogue() {
    for (const catalogue::Edition* e : catalogue::editions()) {
      const std::string id = std::string(kBaseline) + e->en;
      Standard& s = standard(id);
      s.title = "EN 303 645 V" + e->en;
      s.edition = e->en;
      for (const catalogue::Provision& p : e->provisions) item(id, id + ":" + p.id, p.title);
    }
  }

  // Requirements and their titles only; the scheme's own reader checks the rest of these files.
  Result<void> read_scheme_items() {
    for (const std::string& name : data::list("schemes/")) {
      const Node& node = *ASSAY_TRY(open_file(name));
      const std::string id = node["scheme"].text();
      if (node["requirements"].items().empty()) continue;
      standard(id).title = node["title"].text();
      for (const Node& r : node["requirements"].items()) item(id, id + ":" + r["id"].text(), r["title"].text());
    }
    return {};
  }

  Result<void> read_standard_items() {
    for (const catalogue::Standard& c : *ASSAY_TRY(catalogue::standards())) {
      for (const catalogue::Requirement& r : c.requirements) {
        if (r.kind != catalogue::ItemKind::requirement) continue;
        if (out.standard(c.id) == nullptr) standard(c.id).title = c.title;
        item(c.id, r.id, r.title);
      }
    }
    return {};
  }

  // A paragraph of a law or a guideline of a code: met where each of its parts is.
  Result<void> add_whole(const DataFile& file, const Node& at, const std::string& standard_id, const std::string& id) {
    const catalogue::Standard& c = *ASSAY_TRY(catalogue::standard(standard_id));
    const catalogue::Part* part = c.part(id);
    if (part == nullptr) return file.bad(at, fmt::format("no part '{}' in the catalogue", id));
    Link link;
    for (const catalogue::Requirement& r : c.requirements)
      if (r.kind == catalogue::ItemKind::requirement && std::find(r.in.begin(), r.in.end(), id) != r.in.end())
        link.from.push_back(r.id);
    for (const catalogue::Remark& r : c.remarks)
      if (std::find(r.in.begin(), r.in.end(), id) != r.in.end()) link.from.push_back(r.on);
    link.to = id;
    link.relation = Relation::equal;
    link.whole = true;
    link.backing = part->backing;
    item(standard_id, id, part->title);
    return add(file, at, std::move(link));
  }

  Result<void> read_pairs() {
    const DataFile file{std::string(kEditions)};
    const Node& node = *ASSAY_TRY(open_file(std::string(kEditions)));
    for (const Node& direction : node["carry"].items()) {
      const std::string from = std::string(kBaseline) + direction["from"].text() + ":";
      const std::string to = std::string(kBaseline) + direction["to"].text() + ":";
      for (const Node& pair : direction["pairs"].items()) {
        Link link;
        for (const std::string& id : ASSAY_TRY(file.list(pair, "from"))) link.from.push_back(from + id);
        link.to = to + ASSAY_TRY(file.text(pair, "to"));
        link.relation = ASSAY_TRY(file.word(pair, "relation", kRelations));
        link.note = file.maybe(pair, "why");
        link.backing.confidence = ASSAY_TRY(file.word(pair, "confidence", kConfidences));
        link.backing.source = {"etsi_v211", "etsi_v313", "en303645_facts"};
        ASSAY_TRY(add(file, pair, std::move(link)));
      }
    }
    return {};
  }

  Result<void> read_carry() {
    for (const std::string& name : data::list("schemes/")) {
      const DataFile file(name);
      const Node& node = *ASSAY_TRY(open_file(name));
      const std::string id = node["scheme"].text() + ":";
      const std::string baseline = std::string(kBaseline) + node["edition"].text() + ":";
      for (const Node& r : node["requirements"].items())
        for (const Node& carry : r["carry"].items()) {
          Link link;
          link.from = ASSAY_TRY(file.list(carry, "from"));
          for (const std::string& p : ASSAY_TRY(file.list(carry, "baseline"))) link.from.push_back(baseline + p);
          link.to = id + r["id"].text();
          link.relation = ASSAY_TRY(file.word(carry, "relation", kRelations));
          link.backing = ASSAY_TRY(backing(file, carry, node));
          ASSAY_TRY(add(file, carry, std::move(link)));
        }
    }
    return {};
  }

  Result<void> read_file(const std::string& name) {
    const DataFile file(name);
    const Node& node = *ASSAY_TRY(open_file(name));
    ASSAY_TRY(file.keys(
        node, {"from", "to", "edition", "source", "links", "wholes", "gaps", "unmatched", "residuals", "coarse"}));
    const std::string from = ASSAY_TRY(file.text(node, "from")), to = ASSAY_TRY(file.text(node, "to"));
    for (const Node::Member& e : node["edition"].members()) {
      if (e.key != to) return file.bad(e.value, "the edition of another standard");
      standard(e.key).edition = e.value.text();
    }
    const bool coarse = ASSAY_TRY(file.flag(node, "coarse", false));
    for (const std::string& id : ASSAY_TRY(file.list(node, "wholes")))
      ASSAY_TRY(add_whole(file, node["wholes"], to, to + ":" + id));
    for (const Node& row : node["links"].items()) {
      ASSAY_TRY(file.keys(row, {"from", "to", "relation", "strength", "residual", "note", "source", "confidence"}));
      Link link;
      for (const std::string& id : ASSAY_TRY(file.list(row, "from"))) link.from.push_back(from + ":" + id);
      link.to = to + ":" + ASSAY_TRY(file.text(row, "to"));
      link.relation = ASSAY_TRY(file.word(row, "relation", kRelations));
      if (const Node* strength = row.find("strength")) {
        const auto number = strength->integer();
        if (!number || *number < 1 || *number > 10) return file.bad(*strength, "'strength' is a number from 1 to 10");
        link.strength = static_cast<int>(*number);
      }
      link.residual = file.maybe(row, "residual");
      if (!link.residual.empty() && (link.relation == Relation::equal || link.relation == Relation::covers))
        return file.bad(row["residual"], "a source that covers its target leaves no residual");
      link.note = file.maybe(row, "note");
      link.yields = coarse;
      link.backing = ASSAY_TRY(backing(file, row, node));
      ASSAY_TRY(add(file, row, std::move(link)));
    }
    for (const Node& row : node["gaps"].items()) {
      ASSAY_TRY(file.keys(row, {"text", "source", "confidence"}));
      out.gaps.push_back({from, to, ASSAY_TRY(file.text(row, "text")), ASSAY_TRY(backing(file, row, node))});
    }
    for (const Node& row : node["unmatched"].items()) {
      ASSAY_TRY(file.keys(row, {"id", "note", "confidence"}));
      const std::string id = to + ":" + ASSAY_TRY(file.text(row, "id"));
      if (out.standard(to) != nullptr && !ids.contains(id))
        return file.bad(row, fmt::format("no requirement '{}'", id));
      out.unmatched.push_back(
          {id, from, file.maybe(row, "note"), ASSAY_TRY(file.word(row, "confidence", kConfidences))});
    }
    // After everything else is read: what a requirement asks beyond what is mapped to it.
    for (const Node& row : node["residuals"].items()) {
      ASSAY_TRY(file.keys(row, {"to", "text", "source", "confidence"}));
      const std::string id = to + ":" + ASSAY_TRY(file.text(row, "to")), text = ASSAY_TRY(file.text(row, "text"));
      (void)ASSAY_TRY(backing(file, row, node));
      bool used = false;
      for (Link& link : out.links)
        if (link.to == id && link.residual.empty() && link.relation != Relation::equal &&
            link.relation != Relation::covers) {
          link.residual = text;
          used = true;
        }
      if (!used) return file.bad(row, fmt::format("no relation leaves a residual of '{}'", id));
    }
    return {};
  }

  // What relations give one after the other cannot be more than what is said of the two directly: A asks at least as
  // much as B, B as C, yet A merely overlaps C. Only a coarse relation gives way to finer ones.
  Result<void> agree() const {
    std::map<std::string, std::map<std::string, const Link*>> covers, other;
    for (const Link& l : out.links) {
      if (l.from.size() != 1) continue;
      const std::string& from = l.from.front();
      if (l.relation == Relation::equal || l.relation == Relation::covers)
        covers[from][l.to] = &l;
      else if (!l.yields)
        other[from][l.to] = &l;
      if (l.relation == Relation::equal || l.relation == Relation::covered_by)
        covers[l.to][from] = &l;
      else if (!l.yields)
        other[l.to][from] = &l;
    }
    for (const auto& [first, said] : other) {
      std::map<std::string, const Link*> reached;  // and the last step to it
      std::vector<std::string> open = {first};
      while (!open.empty()) {
        const std::string at = std::move(open.back());
        open.pop_back();
        const auto next = covers.find(at);
        if (next == covers.end()) continue;
        for (const auto& [to, link] : next->second)
          if (to != first && reached.emplace(to, link).second) open.push_back(to);
      }
      for (const auto& [to, link] : said)
        if (const auto found = reached.find(to); found != reached.end())
          return fail(
              Error{Errc::malformed,
                    fmt::format("{} {} {}, yet other relations, {} the last of them, make {} cover {}",
                                link->from.front(), name(link->relation), link->to, found->second->where, first, to),
                    link->where,
                    {},
                    {}});
    }
    return {};
  }
};

}  // namespace

Result<Crosswalk> read_crosswalk(const std::function<Result<const Node*>(const std::string& name)>& file) {
  Reader reader{file, {}, {}, {}, {}};
  ASSAY_TRY(reader.read_sources());
  reader.read_catalogue();
  ASSAY_TRY(reader.read_scheme_items());
  ASSAY_TRY(reader.read_standard_items());
  ASSAY_TRY(reader.read_pairs());
  ASSAY_TRY(reader.read_carry());
  for (const std::string& name : data::list("crosswalk/"))
    if (name != kEditions) ASSAY_TRY(reader.read_file(name));
  ASSAY_TRY(reader.agree());
  Crosswalk& out = reader.out;
  std::sort(out.standards.begin(), out.standards.end(),
            [](const Standard& a, const Standard& b) { return natural_less(a.id, b.id); });
  for (Standard& s : out.standards)
    std::sort(s.items.begin(), s.items.end(), [](const Item& a, const Item& b) { return natural_less(a.id, b.id); });
  std::sort(out.links.begin(), out.links.end(), [](const Link& a, const Link& b) {
    const std::string x = join(a.from, " "), y = join(b.from, " ");
    return x != y ? natural_less(x, y) : natural_less(a.to, b.to);
  });
  return std::move(out);
}

const Standard* Crosswalk::standard(std::string_view id) const {
  for (const Standard& s : standards)
    if (s.id == id) return &s;
  return nullptr;
}

const Item* Crosswalk::item(std::string_view id) const {
  const Standard* s = standard(standard_of(id));
  if (s == nullptr) return nullptr;
  for (const Item& i : s->items)
    if (i.id == id) return &i;
  return nullptr;
}

std::vector<const Link*> Crosswalk::about(std::string_view id) const {
  std::vector<const Link*> found;
  for (const Link& l : links)
    if (l.to == id || std::find(l.from.begin(), l.from.end(), id) != l.from.end()) found.push_back(&l);
  return found;
}

std::string_view standard_of(std::string_view id) {
  std::size_t end = id.find(':');
  if (id.starts_with(kBaseline)) end = id.find(':', kBaseline.size());
  return end == std::string_view::npos ? id : id.substr(0, end);
}

std::string_view number_of(std::string_view id) {
  const std::string_view standard = standard_of(id);
  return standard.size() == id.size() ? std::string_view() : id.substr(standard.size() + 1);
}

Result<const Crosswalk*> load() {
  static std::mutex mutex;
  static Crosswalk all;
  static bool read = false;
  const std::lock_guard lock(mutex);
  if (!read) {
    all = ASSAY_TRY(read_crosswalk([](const std::string& name) { return data::file(name); }));
    read = true;
  }
  return &all;
}

}  // namespace assay::crosswalk
