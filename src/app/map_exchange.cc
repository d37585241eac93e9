// The crosswalk out to other tools, and a third party's beside ours.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "app/map.h"
#include "app/map_ends.h"
#include "base/clock.h"
#include "base/data.h"
#include "base/json.h"
#include "base/text.h"
#include "crosswalk/exchange.h"
#include "report/terminal.h"

namespace assay::app {
namespace {

using crosswalk::Claim;
using crosswalk::Crosswalk;
using crosswalk::Imported;

// How a claim stands to what ours gives for the same requirements.
enum class Beside : unsigned char { agrees, differs, ours_silent };
struct Compared {
  const Claim* claim = nullptr;
  Beside beside = Beside::agrees;
  std::string ours;  // "covered_by, medium", "no relation"
  bool pass = false;
};

std::string_view word(Beside b) {
  constexpr std::string_view kWords[] = {"agrees", "differs", "ours_says_nothing"};
  return kWords[static_cast<std::size_t>(b)];
}
std::string theirs(const Claim& c) { return c.relation ? std::string(name(*c.relation)) : "no relation"; }

// What ours says of several sources together: the relation that is stated, or whether they cover the target.
Compared compare(const Crosswalk& all, const Claim& c) {
  Compared out;
  out.claim = &c;
  const crosswalk::Link* stated = nullptr;
  for (const crosswalk::Link& l : all.links)
    if (l.to == c.to && l.from == c.from) stated = &l;
  const crosswalk::Reach reach = crosswalk::travel(all, c.from);
  const crosswalk::Way* way = reach.to(c.to);
  if (stated == nullptr && (way == nullptr || (c.from.size() > 1 && !way->pass))) {
    out.ours = way == nullptr ? "no relation" : "evidence only";
    out.beside = way == nullptr && !c.relation ? Beside::agrees : Beside::ours_silent;
    return out;
  }
  const Relation relation = stated != nullptr ? stated->relation : way->relation;
  out.ours =
      fmt::format("{}, {}", name(relation), name(stated != nullptr ? stated->backing.confidence : way->confidence));
  out.beside = c.relation == relation ? Beside::agrees : Beside::differs;
  out.pass = relation == Relation::equal || relation == Relation::covers;
  return out;
}

// Relations that ours states between the standards the file speaks of, and the file does not have.
std::vector<const crosswalk::Link*> only_ours(const Crosswalk& all, const Imported& in) {
  std::set<std::pair<std::string, std::string>> standards, claimed;
  for (const Claim& c : in.claims)
    for (const std::string& f : c.from) {
      standards.insert({std::string(crosswalk::standard_of(f)), std::string(crosswalk::standard_of(c.to))});
      claimed.insert({f, c.to});
      claimed.insert({c.to, f});
    }
  std::vector<const crosswalk::Link*> out;
  for (const crosswalk::Link& l : all.links) {
    const std::string from(crosswalk::standard_of(l.from.front())), to(crosswalk::standard_of(l.to));
    if (l.whole || !(standards.contains({from, to}) || standards.contains({to, from}))) continue;
    if (std::none_of(l.from.begin(), l.from.end(), [&](const std::string& f) { return claimed.contains({f, l.to}); }))
      out.push_back(&l);
  }
  return out;
}

}  // namespace

Result<std::string> map_export(const MapOptions& options, std::string_view format) {
  const Crosswalk& all = *ASSAY_TRY(crosswalk::load());
  crosswalk::Release release;
  release.version = data::version();
  release.day = replace_all(release.version.substr(0, release.version.find('+')), ".", "-");
  if (!Date::parse(release.day)) return fail(Errc::malformed, "data/version.yaml has no day as its version");
  std::vector<const crosswalk::Standard*> standards;
  for (const std::string& id : {options.from, options.to}) {
    if (id.empty()) continue;
    const MapEnd end = ASSAY_TRY(map_end(id, false));
    const crosswalk::Standard* s = all.standard(end.id);
    if (s == nullptr)
      return fail(Error{Errc::invalid,
                        fmt::format("{} is no standard; exports are of whole standards", id),
                        {},
                        {},
                        fmt::format("Try {}.", crosswalk::standard_of(end.id))});
    standards.push_back(s);
  }
  if (format == "cyclonedx") {
    if (standards.empty())
      for (const crosswalk::Standard& s : all.standards) standards.push_back(&s);
    return crosswalk::cyclonedx_standards(standards, release);
  }
  if (standards.empty())
    return fail(Error{Errc::invalid, "a standard is wanted before --export", {}, {}, "assay map lists them."});
  if (format == "oscal-catalog") {
    if (standards.size() > 1)
      return fail(Error{Errc::invalid, "a catalog holds one standard", {}, {}, "Export each by itself."});
    return crosswalk::oscal_catalog(*standards.front(), release);
  }
  const std::string to = standards.size() > 1 ? standards.back()->id : "";
  if (format == "csv") return crosswalk::olir_csv(all, standards.front()->id, to);
  return crosswalk::oscal_mapping(all, standards.front()->id, to, release);
}

Result<std::string> map_import(const MapOptions& options, std::string_view content, std::string_view name) {
  const Crosswalk& all = *ASSAY_TRY(crosswalk::load());
  for (const std::string& id : {options.from, options.to})
    if (!id.empty() && all.standard(id) == nullptr)
      return fail(
          Error{Errc::invalid, fmt::format("{} is no standard", printable(id)), {}, {}, "assay map lists them."});
  auto read = crosswalk::import_mapping(all, content, options.from, options.to);
  if (!read) {
    Error e = read.error();
    e.where = std::string(name) + (e.where.starts_with("mapping") ? e.where.substr(7) : "");
    return fail(std::move(e));
  }
  const Imported& in = *read;
  std::vector<Compared> rows;
  std::map<Beside, std::size_t> n;
  for (const Claim& c : in.claims) {
    rows.push_back(compare(all, c));
    ++n[rows.back().beside];
  }
  const auto missing = only_ours(all, in);

  if (options.json) {
    JsonWriter w(1);
    w.object().field("format", in.format).field("title", in.title);
    w.field("standing", "third party, low confidence: shown, carries nothing").key("claims").array();
    for (const Compared& c : rows) {
      w.object(true).key("from").texts(c.claim->from).field("to", c.claim->to).field("theirs", theirs(*c.claim));
      w.field("confidence", "low").field("ours", c.ours).field("beside", word(c.beside));
      w.field("place", c.claim->place).field("note", c.claim->note).end_object();
    }
    w.end_array().key("only_ours").array();
    for (const crosswalk::Link* l : missing)
      w.object(true)
          .key("from")
          .texts(l->from)
          .field("to", l->to)
          .field("relation", assay::name(l->relation))
          .end_object();
    w.end_array().field("not_read", in.unknown_count).key("not_read_first").texts(in.unknown);
    return w.end_object().take() + "\n";
  }
  if (options.csv) {
    std::string out = "from,to,theirs,ours,beside,place\n";
    for (const Compared& c : rows)
      out += csv_cell(join(c.claim->from, " ")) + "," + csv_cell(c.claim->to) + "," + theirs(*c.claim) + "," +
             csv_cell(c.ours) + "," + std::string(word(c.beside)) + "," + std::to_string(c.claim->place) + "\n";
    return out;
  }

  const report::Terminal terminal{options.colour, options.unicode};
  std::string out = fmt::format("{}{}\nThird party, low confidence: shown beside ours, and carries nothing.\n\n",
                                terminal.bold(printable(name)), in.title.empty() ? "" : "  " + in.title);
  out += fmt::format("{} relations: {} agree, {} differ, of {} ours says nothing; {} of ours are not in it.\n",
                     rows.size(), n[Beside::agrees], n[Beside::differs], n[Beside::ours_silent], missing.size());
  const auto list = [&](Beside which, std::string_view heading) {
    if (n[which] == 0) return;
    out += "\n" + terminal.bold(heading) + "\n";
    std::size_t shown = 0;
    for (const Compared& c : rows) {
      if (c.beside != which || ++shown > 200) continue;
      out += report::wrapped(
          "  " + terminal.shape(which == Beside::differs ? Verdict::inconclusive : Verdict::not_assessed) + " ",
          fmt::format("{} and {}", join(c.claim->from, " + "), c.claim->to));
      out += report::wrapped("      ", fmt::format("theirs {} ({} {}); ours {}", theirs(*c.claim),
                                                   in.format == "olir-csv" ? "line" : "map", c.claim->place, c.ours));
    }
    if (shown > 200) out += fmt::format("  and {} more: --format csv has all\n", shown - 200);
  };
  list(Beside::differs, "Disagreements");
  list(Beside::ours_silent, "Ours says nothing");
  if (!missing.empty()) {
    out += "\n" + terminal.bold("Only ours") + "\n";
    std::string ids;
    for (std::size_t i = 0; i < missing.size() && i < 60; ++i)
      ids += fmt::format("{}{} and {}", i ? "; " : "", join(missing[i]->from, " + "), missing[i]->to);
    out += report::wrapped("  ", ids + (missing.size() > 60 ? fmt::format("; and {} more", missing.size() - 60) : ""));
  }
  if (in.unknown_count != 0) {
    out += fmt::format("\n{}\n", terminal.bold(fmt::format("Not read: {}", in.unknown_count)));
    for (std::size_t i = 0; i < in.unknown.size() && i < 20; ++i)
      out += report::wrapped("  ", (in.format == "olir-csv" ? "line " : "map ") + in.unknown[i]);
    out += report::wrapped("  ", "Ids are as in assay map, or numbers of the standards named as FROM and TO.");
  }
  return out;
}

}  // namespace assay::app
