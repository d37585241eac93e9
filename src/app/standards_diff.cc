// What changed between two editions of EN 303 645, and of the TS 103 701 that belongs to each.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/standards.h"
#include "app/standards_sheets.h"
#include "base/json.h"
#include "base/text.h"
#include "catalogue/details.h"
#include "scheme/scheme.h"

namespace assay::app {
namespace {

using catalogue::Case;
using catalogue::Edition;
using catalogue::Provision;
using catalogue::Unit;
using std::string;
using std::string_view;

struct Pair {   // what a verdict on the one side is worth on the other
  string from;  // "5.3-4A and 5.3-4B"
  string to, why;
  string direction;  // "3.1.3 to 2.1.1"
  Relation relation = Relation::overlaps;
  Confidence confidence = Confidence::low;
};

struct Changed {
  string id, title, was, is, what;  // was and is: status as printed
  const char* kind = "";
  std::vector<Pair> pairs;
};

struct Diff {
  const Edition *a = nullptr, *b = nullptr;
  std::vector<Changed> added, gone, changed, status, wording;
  std::vector<string> same;
  std::vector<string> new_cases, gone_cases, changed_cases;
  std::vector<string> new_units, gone_units, changed_units;
  std::size_t same_cases = 0, same_units = 0;
};

std::vector<Pair> pairs_of(const scheme::Register& all, const Edition& a, const Edition& b, string_view id,
                           bool old_id) {
  std::vector<Pair> out;
  for (const scheme::EditionPair& p : all.pairs) {
    const bool forward = p.from_edition == a.en && p.to_edition == b.en;
    const bool backward = p.from_edition == b.en && p.to_edition == a.en;
    if (!forward && !backward) continue;
    // `id` is of a (the old one) or of b.
    const bool at_source = forward == old_id;
    const bool hit = at_source ? std::find(p.from.begin(), p.from.end(), id) != p.from.end() : p.to == id;
    if (hit)
      out.push_back(
          {join(p.from, " and "), p.to, p.why, p.from_edition + " to " + p.to_edition, p.relation, p.confidence});
  }
  return out;
}

bool same_condition(const Edition& a, const Provision& x, const Edition& b, const Provision& y) {
  const auto texts = [](const Edition& e, const Provision& p) {
    std::set<string> out;
    for (const catalogue::Reference& r : e.conditions)
      if (std::find(p.conditions.begin(), p.conditions.end(), r.ref) != p.conditions.end()) out.insert(r.text);
    for (const catalogue::Reference& r : e.features)
      if (std::find(p.features.begin(), p.features.end(), r.ref) != p.features.end()) out.insert(r.text);
    return out;
  };
  return texts(a, x) == texts(b, y);
}

void compare_tests(Diff& d) {
  const Edition &a = *d.a, &b = *d.b;
  for (const Case& c : b.cases) {
    const Case* old = a.test_case(c.id);
    if (old == nullptr)
      d.new_cases.push_back(c.id);
    else if (old->kind != c.kind || old->title != c.title || old->ixit != c.ixit ||
             old->one_suffices != c.one_suffices || old->units.size() != c.units.size())
      d.changed_cases.push_back(c.id);
    else
      ++d.same_cases;
  }
  for (const Case& c : a.cases)
    if (b.test_case(c.id) == nullptr) d.gone_cases.push_back(c.id);
  for (const Unit& u : b.units) {
    const Unit* old = a.unit(u.short_id);
    if (old == nullptr)
      d.new_units.push_back(u.short_id);
    else if (old->id != u.id || old->reads != u.reads || old->asks != u.asks)
      d.changed_units.push_back(u.short_id);
    else
      ++d.same_units;
  }
  for (const Unit& u : a.units)
    if (b.unit(u.short_id) == nullptr) d.gone_units.push_back(u.short_id);
}

Result<Diff> compare(const Edition& a, const Edition& b) {
  Diff d;
  d.a = &a;
  d.b = &b;
  const scheme::Register& all = *ASSAY_TRY(scheme::schemes());
  const catalogue::Details& details = *ASSAY_TRY(catalogue::details());
  const auto entry = [&](const Provision& p, bool old_id) {
    Changed c{p.id, p.title, "", "", "", "", pairs_of(all, a, b, p.id, old_id)};
    if (const catalogue::ProvisionNotes* n = details.provision(p.id)) {
      c.what = n->what;
      c.kind = catalogue::name(n->change).data();
    }
    return c;
  };
  for (const Provision& p : b.provisions) {
    const Provision* old = a.provision(p.id);
    Changed c = entry(p, false);
    c.is = status_printed(p);
    if (old == nullptr) {
      d.added.push_back(std::move(c));
      continue;
    }
    c.was = status_printed(*old);
    const bool condition = !same_condition(a, *old, b, p) || old->mandatory != p.mandatory;
    if (string_view(c.kind) == "changed")
      d.changed.push_back(std::move(c));
    else if (condition || string_view(c.kind) == "status")
      d.status.push_back(std::move(c));
    else if (string_view(c.kind) == "wording")
      d.wording.push_back(std::move(c));
    else
      d.same.push_back(p.id);
  }
  for (const Provision& p : a.provisions)
    if (b.provision(p.id) == nullptr) {
      Changed c = entry(p, true);
      c.was = status_printed(p);
      d.gone.push_back(std::move(c));
    }
  compare_tests(d);
  return d;
}

string conditions_words(const Edition& e, string_view id) {
  const Provision* p = e.provision(id);
  return p == nullptr || p->condition.empty() ? string("always") : p->condition;
}

string arrow(const report::Terminal& t) { return t.unicode ? "→" : "->"; }

string pair_words(const Pair& p) {
  string words;
  switch (p.relation) {
    case Relation::equal:
      words = "pass and fail carry";
      break;
    case Relation::covers:
      words = "a pass carries";
      break;
    case Relation::covered_by:
      words = "only a fail carries";
      break;
    case Relation::overlaps:
      words = "evidence only";
      break;
  }
  string out = fmt::format("{}: {}", p.direction, words);
  if (p.from != p.to) out += fmt::format(" ({} for {})", p.from, p.to);
  if (!p.why.empty()) out += "; " + p.why;
  return out + fmt::format(" [{}]", name(p.confidence));
}

void print_group(string& out, const string& title, const std::vector<Changed>& list, const Diff& d,
                 const report::Terminal& t) {
  if (list.empty()) return;
  out += "\n" + t.bold(fmt::format("{} ({})", title, list.size())) + "\n";
  const string indent(11, ' ');
  for (const Changed& c : list) {
    string status = c.was;
    if (!c.was.empty() && !c.is.empty()) status = c.was == c.is ? c.is : c.was + " " + arrow(t) + " " + c.is;
    if (c.was.empty()) status = c.is;
    out += report::wrapped("  " + report::pad(c.id, 9), c.title + ": " + status);
    if (!c.was.empty() && !c.is.empty()) {
      const string was = conditions_words(*d.a, c.id), is = conditions_words(*d.b, c.id);
      if (was != is) {
        out += report::wrapped(indent + "V" + d.a->en + ": ", was);
        out += report::wrapped(indent + "V" + d.b->en + ": ", is);
      }
    } else {
      const Edition& e = c.was.empty() ? *d.b : *d.a;
      if (e.provision(c.id)->conditional()) out += report::wrapped(indent + "where ", conditions_words(e, c.id));
    }
    if (!c.what.empty()) out += report::wrapped(indent, c.what);
    for (const Pair& p : c.pairs) out += report::wrapped(indent, pair_words(p));
  }
}

void print_ids(string& out, const string& label, const std::vector<string>& ids) {
  if (!ids.empty())
    out += report::wrapped(report::pad("  " + label, 11), fmt::format("({}) {}", ids.size(), join(ids, " ")));
}

void write_group(JsonWriter& w, string_view key, const std::vector<Changed>& list, const Diff& d) {
  w.key(key).array();
  for (const Changed& c : list) {
    w.object().field("id", c.id).field("title", c.title);
    if (!c.was.empty()) w.field("was", c.was).field("was_where", conditions_words(*d.a, c.id));
    if (!c.is.empty()) w.field("is", c.is).field("is_where", conditions_words(*d.b, c.id));
    if (!c.what.empty()) w.field("what", c.what);
    w.key("carries").array();
    for (const Pair& p : c.pairs)
      w.object(true)
          .field("direction", p.direction)
          .field("from", p.from)
          .field("to", p.to)
          .field("relation", name(p.relation))
          .field("why", p.why)
          .field("confidence", name(p.confidence))
          .end_object();
    w.end_array().end_object();
  }
  w.end_array();
}

string write(const Diff& d) {
  JsonWriter w(1);
  w.object().field("from", "en303645:" + d.a->en).field("to", "en303645:" + d.b->en);
  for (const auto& [key, e] : {std::pair<const char*, const Edition*>{"from_counts", d.a}, {"to_counts", d.b}})
    w.key(key)
        .object(true)
        .field("provisions", static_cast<std::uint64_t>(e->provisions.size()))
        .field("cases", static_cast<std::uint64_t>(e->cases.size()))
        .field("units", static_cast<std::uint64_t>(e->units.size()))
        .end_object();
  write_group(w, "new", d.added, d);
  write_group(w, "gone", d.gone, d);
  write_group(w, "changed", d.changed, d);
  write_group(w, "condition_changed", d.status, d);
  write_group(w, "wording", d.wording, d);
  w.key("same").texts(d.same);
  w.key("cases")
      .object()
      .key("new")
      .texts(d.new_cases)
      .key("gone")
      .texts(d.gone_cases)
      .key("changed")
      .texts(d.changed_cases);
  w.field("same", static_cast<std::uint64_t>(d.same_cases)).end_object();
  w.key("units")
      .object()
      .key("new")
      .texts(d.new_units)
      .key("gone")
      .texts(d.gone_units)
      .key("changed")
      .texts(d.changed_units);
  w.field("same", static_cast<std::uint64_t>(d.same_units)).end_object().end_object();
  return w.take() + "\n";
}

}  // namespace

Result<string> standards_diff(string_view from, string_view to, const StandardsOptions& options) {
  const Edition& a = *ASSAY_TRY(catalogue::edition(from));
  const Edition& b = *ASSAY_TRY(catalogue::edition(to));
  if (&a == &b)
    return fail(
        Error{Errc::invalid, "both editions are " + a.en, "usage", {}, "Try: assay standards diff 2.1.1 3.1.3"});
  const Diff d = ASSAY_TRY(compare(a, b));
  if (options.json) return write(d);
  const report::Terminal& t = options.terminal;
  string out =
      t.bold(fmt::format("EN 303 645   V{} ({})  {}  V{} ({})", a.en, a.en_date, arrow(t), b.en, b.en_date)) + "\n";
  out += fmt::format("TS 103 701   V{} ({})  {}  V{} ({})\n\n", a.ts, a.ts_date, arrow(t), b.ts, b.ts_date);
  const auto line = [&](string_view what, std::size_t was, std::size_t is, std::size_t added, std::size_t gone) {
    out += fmt::format("  {:<11} {:>4} {} {:>4}   {} new, {} gone\n", what, was, arrow(t), is, added, gone);
  };
  line("provisions", a.provisions.size(), b.provisions.size(), d.added.size(), d.gone.size());
  line("cases", a.cases.size(), b.cases.size(), d.new_cases.size(), d.gone_cases.size());
  line("units", a.units.size(), b.units.size(), d.new_units.size(), d.gone_units.size());
  print_group(out, "New", d.added, d, t);
  print_group(out, "Gone", d.gone, d, t);
  print_group(out, "Ask for something else", d.changed, d, t);
  print_group(out, "Same demand under another condition", d.status, d, t);
  print_group(out, "Other words only", d.wording, d, t);
  out += "\n" + t.bold(fmt::format("Unchanged ({})", d.same.size())) + "\n" + report::wrapped("  ", join(d.same, " "));
  out += "\n" + t.bold("Test cases") + fmt::format("  {} are the same in both\n", d.same_cases);
  print_ids(out, "new", d.new_cases);
  print_ids(out, "gone", d.gone_cases);
  print_ids(out, "changed", d.changed_cases);
  out += "\n" + t.bold("Test units") + fmt::format("  {} are the same in both\n", d.same_units);
  print_ids(out, "new", d.new_units);
  print_ids(out, "gone", d.gone_units);
  print_ids(out, "changed", d.changed_units);
  return out + "\n" +
         report::wrapped("", "What carries is our own reading of what changed; no authority has confirmed it.");
}

}  // namespace assay::app
