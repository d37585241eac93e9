// A stranger's mapping: every count and length is bounded before it costs anything, what cannot be placed is listed and
// left out, and nothing of it ever carries a verdict.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/node.h"
#include "base/text.h"
#include "crosswalk/exchange.h"

namespace assay::crosswalk {
namespace {

constexpr std::size_t kMostBytes = 16u << 20, kMostRows = 50'000, kMostFields = 64, kMostFieldBytes = 32u << 10,
                      kMostSources = 64, kMostUnknown = 100;

// Their words, in any letter case, '-' and '_' as spaces; seen from the source (OSCAL) or the focal element (OLIR).
constexpr std::array<std::pair<std::string_view, Relation>, 10> kTheirs = {{{"equal", Relation::equal},
                                                                            {"equal to", Relation::equal},
                                                                            {"equivalent to", Relation::equal},
                                                                            {"equivalent", Relation::equal},
                                                                            {"superset of", Relation::covers},
                                                                            {"superset", Relation::covers},
                                                                            {"subset of", Relation::covered_by},
                                                                            {"subset", Relation::covered_by},
                                                                            {"intersects with", Relation::overlaps},
                                                                            {"intersects", Relation::overlaps}}};

struct Reader {
  const Crosswalk& all;
  Imported out;
  std::map<std::string, std::string, std::less<>> ids;  // as others may write them → ours
  std::set<std::tuple<std::vector<std::string>, std::string>> seen;

  explicit Reader(const Crosswalk& crosswalk) : all(crosswalk) {
    for (const Standard& s : all.standards)
      for (const Item& i : s.items) {
        ids[i.id] = i.id;
        ids[token(i.id)] = i.id;
      }
  }

  // A full id, one as our exports write it, or a number of the standard that the file or the user names.
  const std::string* id(std::string_view written, std::string_view standard) const {
    written = trim(written);
    auto it = ids.find(written);
    if (it == ids.end() && !standard.empty()) it = ids.find(fmt::format("{}:{}", standard, written));
    if (it == ids.end() && !standard.empty()) it = ids.find(fmt::format("{}-{}", token(standard), written));
    return it == ids.end() ? nullptr : &it->second;
  }
  void unknown(std::string_view what, std::uint64_t place) {
    if (++out.unknown_count <= kMostUnknown)
      out.unknown.push_back(fmt::format("{}: {}", place, printable(what.substr(0, 120))));
  }
  // Adds a claim, or notes why not. False: an unknown word for the relation.
  void claim(std::vector<std::string> from, std::string to, std::string_view word, std::string_view note,
             std::uint64_t place) {
    const std::string wanted = replace_all(replace_all(lower(trim(word)), "-", " "), "_", " ");
    Claim c;
    c.relation = word_of(wanted);
    if (!c.relation && wanted != "no relationship" && wanted != "not related to") {
      unknown(fmt::format("no relationship is called '{}'", word.substr(0, 60)), place);
      return;
    }
    std::sort(from.begin(), from.end(), natural_less);
    from.erase(std::unique(from.begin(), from.end()), from.end());
    if (!seen.emplace(from, to).second) {
      unknown(fmt::format("{} and {} stand there twice", join(from, "+"), to), place);
      return;
    }
    c.from = std::move(from);
    c.to = std::move(to);
    c.note = printable(note.substr(0, 300));
    c.place = place;
    out.claims.push_back(std::move(c));
  }
  static std::optional<Relation> word_of(std::string_view wanted) {
    for (const auto& [word, relation] : kTheirs)
      if (word == wanted) return relation;
    return std::nullopt;
  }

  // The standard that a catalog's address names: its last part without ending.
  std::string standard_at(std::string_view href, std::string_view otherwise) const {
    const std::size_t slash = href.rfind('/');
    if (slash != std::string_view::npos) href.remove_prefix(slash + 1);
    if (href.ends_with(".json")) href.remove_suffix(5);
    for (const Standard& s : all.standards)
      if (s.id == href || token(s.id) == href) return s.id;
    return std::string(otherwise);
  }

  Result<void> oscal(std::string_view text, std::string_view from, std::string_view to) {
    const Node node = ASSAY_TRY(parse_json(text, "mapping", {kMostBytes, 32, 500'000}));
    const Node& collection = node["mapping-collection"];
    if (!collection.is_mapping()) return fail(Errc::malformed, "no mapping-collection in this JSON");
    out.format = "oscal-mapping";
    out.title = printable(collection["metadata"]["title"].text().substr(0, 200));
    // One mapping may stand alone instead of in a list.
    const Node& mappings = collection["mappings"];
    std::vector<const Node*> list;
    if (mappings.is_mapping()) list.push_back(&mappings);
    for (const Node& m : mappings.items()) list.push_back(&m);
    if (list.empty()) return fail(Errc::malformed, "the mapping-collection has no mappings");
    std::uint64_t place = 0;
    for (const Node* mapping : list) {
      const std::string source = standard_at((*mapping)["source-resource"]["href"].text(), from);
      const std::string target = standard_at((*mapping)["target-resource"]["href"].text(), to);
      for (const Node& map : (*mapping)["maps"].items()) {
        if (++place > kMostRows) return fail(Errc::limit, fmt::format("more than {} maps", kMostRows));
        if (map["sources"].items().size() > kMostSources || map["targets"].items().size() > kMostSources)
          return fail(Errc::limit, fmt::format("map {} has more than {} sources or targets", place, kMostSources));
        std::vector<std::string> sources;
        bool known = true;
        for (const Node& s : map["sources"].items()) {
          const std::string* ours = id(s["id-ref"].text(), source);
          if (ours == nullptr)
            unknown(s["id-ref"].text(), place), known = false;
          else
            sources.push_back(*ours);
        }
        if (!known || sources.empty()) continue;
        for (const Node& t : map["targets"].items()) {
          const std::string* ours = id(t["id-ref"].text(), target);
          if (ours == nullptr)
            unknown(t["id-ref"].text(), place);
          else
            claim(sources, *ours, map["relationship"].text(), map["remarks"].text(), place);
        }
      }
    }
    return {};
  }

  Result<void> olir(std::string_view text, std::string_view from, std::string_view to) {
    const std::vector<CsvRow> rows = ASSAY_TRY(read_csv(text));
    if (rows.empty()) return fail(Errc::malformed, "the file is empty");
    out.format = "olir-csv";
    // The header may stand below lines about the document.
    std::map<std::string, std::size_t> column;
    std::size_t first = rows.size();
    for (std::size_t i = 0; i < rows.size() && i < 40 && first == rows.size(); ++i) {
      column.clear();
      for (std::size_t c = 0; c < rows[i].fields.size(); ++c) column.emplace(lower(trim(rows[i].fields[c])), c);
      if (column.contains("focal document element") && column.contains("reference document element") &&
          column.contains("relationship"))
        first = i + 1;
    }
    if (first == rows.size() && (rows.empty() || !column.contains("relationship")))
      return fail(Error{Errc::malformed,
                        "no row has the columns Focal Document Element, Relationship and Reference Document Element",
                        {},
                        {},
                        "assay map FROM TO --export csv writes a file that has them."});
    const auto field = [&](const CsvRow& row, const char* name) -> std::string_view {
      const auto it = column.find(name);
      return it == column.end() || it->second >= row.fields.size() ? std::string_view() : trim(row.fields[it->second]);
    };
    // Rows of one group with the same target and relationship count together.
    struct Group {
      std::vector<std::string> from;
      std::string to;
      std::string word, note;
      std::uint64_t line = 0;
      bool known = true;
    };
    std::vector<Group> groups;
    std::map<std::string, std::size_t> by_name;
    for (std::size_t i = first; i < rows.size(); ++i) {
      const std::string_view focal = field(rows[i], "focal document element");
      const std::string_view reference = field(rows[i], "reference document element");
      if (focal.empty() && reference.empty()) continue;
      const std::string* ours = id(focal, from);
      const std::string* theirs = id(reference, to);
      if (ours == nullptr) unknown(focal, rows[i].line);
      if (theirs == nullptr) unknown(reference, rows[i].line);
      std::size_t at = groups.size();
      if (const std::string_view group = field(rows[i], "group identifier"); !group.empty())
        at = by_name.emplace(fmt::format("{}\n{}\n{}", group, reference, field(rows[i], "relationship")), at)
                 .first->second;
      if (at == groups.size())
        groups.push_back({{},
                          theirs ? *theirs : "",
                          std::string(field(rows[i], "relationship")),
                          std::string(field(rows[i], "comments")),
                          rows[i].line,
                          true});
      Group& g = groups[at];
      g.known = g.known && ours != nullptr && theirs != nullptr;
      if (ours != nullptr) g.from.push_back(*ours);
      if (g.from.size() > kMostSources)
        return fail(Errc::limit, fmt::format("line {}: a group of more than {}", rows[i].line, kMostSources));
    }
    for (Group& g : groups)
      if (g.known) claim(std::move(g.from), std::move(g.to), g.word, g.note, g.line);
    return {};
  }
};

}  // namespace

Result<std::vector<CsvRow>> read_csv(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::vector<CsvRow> rows;
  std::uint64_t line = 1;
  std::uint64_t begun = 1;  // the line on which the row begins: a quote that does not end hides the others
  const auto at_line = [&](Errc code, std::string_view what) {
    return fail(code, fmt::format("line {}: {}", begun, what));
  };
  for (std::size_t at = 0; at < text.size();) {
    begun = line;
    if (rows.size() >= kMostRows) return at_line(Errc::limit, fmt::format("more than {} rows", kMostRows));
    CsvRow row;
    row.line = line;
    for (bool more = true; more;) {
      if (row.fields.size() >= kMostFields)
        return at_line(Errc::limit, fmt::format("more than {} fields", kMostFields));
      std::string field;
      if (at < text.size() && text[at] == '"') {
        bool closed = false;
        for (++at; at < text.size() && !closed;) {
          const std::size_t quote = std::min(text.find('"', at), text.size());
          field.append(text.substr(at, quote - at));
          if (field.size() > kMostFieldBytes) return at_line(Errc::limit, "a field that is too long");
          line += static_cast<std::uint64_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                                        text.begin() + static_cast<std::ptrdiff_t>(quote), '\n'));
          at = quote;
          if (at == text.size()) break;
          if (at + 1 < text.size() && text[at + 1] == '"') {
            field += '"';
            at += 2;
          } else {
            closed = true;
            ++at;
          }
        }
        if (!closed) return at_line(Errc::truncated, "a quoted field does not end");
        if (at < text.size() && text[at] != ',' && text[at] != '\n' && text[at] != '\r')
          return at_line(Errc::malformed, "text behind a quoted field");
      } else {
        const std::size_t end = std::min(text.find_first_of(",\r\n\"", at), text.size());
        if (end < text.size() && text[end] == '"')
          return at_line(Errc::malformed, "a quote inside a field without quotes");
        field.assign(text.substr(at, end - at));
        if (field.size() > kMostFieldBytes) return at_line(Errc::limit, "a field that is too long");
        at = end;
      }
      if (field.find('\0') != std::string::npos || !is_utf8(field))
        return at_line(Errc::malformed, "a field that is not UTF-8 text");
      row.fields.push_back(std::move(field));
      more = at < text.size() && text[at] == ',';
      if (more) ++at;
    }
    if (at < text.size() && text[at] == '\r') ++at;
    if (at < text.size() && text[at] == '\n') ++at;
    ++line;
    if (row.fields.size() > 1 || !row.fields.front().empty()) rows.push_back(std::move(row));
  }
  return rows;
}

Result<Imported> import_mapping(const Crosswalk& all, std::string_view text, std::string_view from,
                                std::string_view to) {
  if (text.size() > kMostBytes) return fail(Errc::limit, fmt::format("larger than {} bytes", grouped(kMostBytes)));
  Reader reader(all);
  std::string_view start = text;
  if (start.starts_with("\xef\xbb\xbf")) start.remove_prefix(3);
  start = trim(start);
  if (start.starts_with('{'))
    ASSAY_TRY(reader.oscal(start, from, to));
  else
    ASSAY_TRY(reader.olir(text, from, to));
  return std::move(reader.out);
}

}  // namespace assay::crosswalk
