// What assay init says when it is done: on the terminal, as JSON, and in FIRST-STEPS.md.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/init.h"
#include "base/data.h"
#include "base/json.h"
#include "base/text.h"
#include "report/terminal.h"
#include "scheme/scheme.h"

namespace assay::app {

using std::string;
using std::string_view;

namespace {

constexpr std::size_t kSteps = 10;
constexpr std::size_t kWidth = report::Terminal::kWidth;

string wrapped(string_view text, string_view indent, string_view first = {}) {
  string out, line(first.empty() ? indent : first);
  bool empty = true;
  for (const string_view word : words(text)) {
    if (!empty && report::columns(line) + 1 + report::columns(word) > kWidth) {
      out += line + "\n";
      line = indent;
      empty = true;
    }
    line += (empty ? "" : " ") + string(word);
    empty = false;
  }
  return out + line + "\n";
}

string outcome_of(const begin::ScopeResult& r, const std::vector<begin::ScopeResult>& usual) {
  const auto words_of = [](const begin::ScopeResult& result) -> string {
    const string role = result.role.end == "unknown" || result.role.end.empty() || result.role.end == "none"
                            ? string()
                            : " as " + replace_all(result.role.end, "_", " ");
    if (result.scope.end == "in") return (result.law->voluntary ? "may be labelled" : "in scope") + role;
    if (result.scope.end == "excepted") return "excepted";
    if (result.scope.end == "not_in_scope") return "not in scope";
    return "not known yet";
  };
  string out = words_of(r);
  if (r.scope.end == "unknown")
    for (const begin::ScopeResult& u : usual)
      if (u.law == r.law && u.scope.end != "unknown") out += fmt::format("; usually {}", words_of(u));
  if (r.scope.end != "unknown" && r.scope.confidence < Confidence::medium)
    out += fmt::format(" ({} confidence)", assay::name(r.scope.confidence));
  return out;
}

string sources_of(const Backing& b) {
  return fmt::format("{}; {} confidence", join(b.source, ", "), assay::name(b.confidence));
}

// The question that stands before an answer.
string wanting(const begin::ScopeResult& r) {
  if (r.scope.next.empty() && r.scope.open.empty()) return {};
  const auto data = begin::scope_data();
  const begin::Question* q =
      data ? (*data)->question(r.scope.open.empty() ? r.scope.next : r.scope.open.front()) : nullptr;
  return q != nullptr ? q->ask : string();
}

string titles(const std::vector<string>& levels) {
  const auto all = scheme::level_titles();
  std::vector<string> out;
  for (const string& id : levels) {
    string shown = id;
    if (all)
      for (const scheme::LevelTitle& t : *all)
        if (id == (t.level == "single" ? t.scheme : t.scheme + ":" + t.level))
          shown = (t.market == "international" ? "" : t.market + " ") + t.title;
    out.push_back(shown);
  }
  return join(out, ", ");
}

string some(const std::vector<string>& list, std::size_t most) {
  if (list.size() <= most) return join(list, " ");
  return join({list.begin(), list.begin() + static_cast<std::ptrdiff_t>(most)}, " ") +
         fmt::format(" and {} more", list.size() - most);
}

// "14 provisions (9 mandatory): 5.1-1 …"
string worth(const FirstStep& s, std::size_t most) {
  if (s.provisions.empty()) return {};
  return fmt::format("matters to {} provision{} ({} mandatory): {}", s.provisions.size(),
                     s.provisions.size() == 1 ? "" : "s", s.mandatory, some(s.provisions, most));
}

}  // namespace

string init_text(const Begun& b, const InitOptions& o) {
  const report::Terminal terminal{false, o.unicode};
  string out = "\n" + terminal.bold("WHICH LAWS SPEAK OF IT") + "\n";
  if (b.scope.empty()) out += "  None of the markets named has a law or label that is worked out here.\n";
  string wanted;
  for (const begin::ScopeResult& r : b.scope) {
    const string outcome = outcome_of(r, b.usual);
    out += fmt::format("  {}  {}\n      {}\n", r.law->market, r.law->title, outcome);
    std::size_t skipped = 0;
    for (const begin::Reason& reason : r.scope.reasons) {
      const bool last = &reason == &r.scope.reasons.back();
      if (reason.because.empty()) continue;
      if (reason.answer.starts_with("not asked") && !last)
        ++skipped;
      else
        out += wrapped(fmt::format("{} ({}; {})", reason.because, reason.cite, sources_of(reason.backing)), "        ",
                       "      - ");
    }
    if (skipped > 0)
      out += wrapped(fmt::format("{} exception{} cannot be true of such a product", skipped, skipped == 1 ? "" : "s"),
                     "        ", "      - ");
    if (const string ask = wanting(r); !ask.empty() && r.scope.end == "unknown") {
      const bool again = ask == wanted;
      out += wrapped(again ? "wants to know the same" : "wants to know: " + ask, "        ", "      ? ");
      wanted = ask;
    }
    for (const string& note : r.notes) out += wrapped(note, "      ");
  }
  out += "\n" + terminal.bold("FIRST STEPS") + "\n";
  if (b.steps.empty()) out += "  Nothing is open.\n";
  for (std::size_t i = 0; i < std::min(kSteps, b.steps.size()); ++i) {
    const FirstStep& s = b.steps[i];
    out += fmt::format("  {:>2}  {}\n", i + 1, s.title);
    if (!s.files.empty()) out += wrapped(join(s.files, "  "), "      ");
    if (const string w = worth(s, 6); !w.empty()) out += wrapped(w, "      ");
    if (!s.turns.empty())
      out += wrapped("with it, all tables that the tests of " + titles(s.turns) +
                         " read are filled; its statement, papers or application come after (assay plan)",
                     "      ", o.unicode ? "      ▶ " : "      > ");
  }
  out += fmt::format("\n{} suggestion{} to confirm, {} field{} still to be said.\n", b.to_confirm,
                     b.to_confirm == 1 ? "" : "s", b.to_say, b.to_say == 1 ? "" : "s");
  if (!b.left.empty())
    out += wrapped("Left as they are, because somebody changed them: " + join(b.left, ", "), "  ", "");
  const string directory = o.dossier.string();
  out += fmt::format("Written to {}{}  {} files; the reasons and the steps are in FIRST-STEPS.md.\n", directory,
                     directory.ends_with('/') ? "" : "/", b.written.size());
  out += fmt::format("Next: assay lint {}\n", directory);
  return out;
}

string first_steps_page(const Begun& b, const InitOptions& o) {
  string out = fmt::format("# First steps\n\nWritten by `assay init`, as of {}.\n\n", o.at.words());
  out +=
      "This dossier holds suggestions, marked `confirmed: no`, and gaps, marked `TODO`. Neither counts for anything. "
      "Correct a suggestion and take\n"
      "its mark out, and it becomes your claim; write what belongs there for a TODO. `assay lint` says what is "
      "left.\n\n";
  out += "## The steps, in order\n\nWhat comes first opens most of what your markets ask for.\n\n";
  for (std::size_t i = 0; i < b.steps.size(); ++i) {
    const FirstStep& s = b.steps[i];
    if (i == kSteps) out += "### And after these\n\n";
    out += fmt::format("{}. **{}.** {}\n", i + 1, s.title, s.how);
    if (!s.files.empty()) {
      out += "   In ";
      for (std::size_t k = 0; k < s.files.size(); ++k) out += (k > 0 ? ", " : "") + ("`" + s.files[k] + "`");
      out += s.opens.empty() ? ".\n" : fmt::format("; then the rows {} of `ics.yaml`.\n", join(s.opens, " "));
    }
    if (const string w = worth(s, 100); !w.empty()) out += "   It " + w + ".\n";
    if (!s.helps.empty()) out += fmt::format("   Asked for by {}.\n", titles(s.helps));
    if (!s.turns.empty())
      out += fmt::format(
          "   **With it, all tables that the tests of {} read are filled**; its statement, papers or application come "
          "after (`assay plan`).\n",
          titles(s.turns));
  }
  if (b.steps.empty()) out += "Nothing is open.\n";
  out +=
      "\nThen `assay assess` judges what can be judged, and `assay plan` finds the least further work for the marks "
      "you want.\n";
  out += "\n## Which laws speak of it\n\nNo legal advice: read the place that is named before you rely on an answer.\n";
  for (const begin::ScopeResult& r : b.scope) {
    out += fmt::format("\n### {}: {}\n\n", r.law->title, outcome_of(r, b.usual));
    for (const begin::Reason& reason : r.scope.reasons) {
      out += fmt::format("- {} *{}*", reason.ask, reason.answer);
      if (!reason.because.empty()) out += ": " + reason.because;
      out += fmt::format(" ({}; {})\n", reason.cite, sources_of(reason.backing));
    }
    if (const string ask = wanting(r); !ask.empty() && r.scope.end == "unknown") out += "- Not known: " + ask + "\n";
    for (const string& note : r.notes) out += "- " + note + "\n";
    for (const begin::Reason& reason : r.role.reasons)
      if (!reason.because.empty())
        out += fmt::format("- Role: {} ({}; {})\n", reason.because, reason.cite, sources_of(reason.backing));
    if (!r.duties.empty()) out += "\nDuties:\n\n";
    for (const begin::Duty* d : r.duties)
      out += fmt::format("- {}{} ({}; {})\n", d->text, d->from ? ", from " + d->from->text : "", d->cite,
                         sources_of(d->backing));
  }
  // What the short names of sources stand for.
  std::set<string> used;
  const auto use = [&](const Backing& k) { used.insert(k.source.begin(), k.source.end()); };
  for (const begin::ScopeResult& r : b.scope) {
    for (const auto* walk : {&r.scope, &r.role})
      for (const begin::Reason& reason : walk->reasons) use(reason.backing);
    for (const begin::Duty* d : r.duties) use(d->backing);
  }
  const auto sources = data::file("sources.yaml");
  if (sources && !used.empty()) {
    out += "\n### Sources\n\n";
    for (const string& id : used) {
      const Node& source = (**sources)["sources"][id];
      const string& url = source["url"].text();
      out += fmt::format("- {}: {}{}\n", id, source["title"].text(), url.starts_with("http") ? ", <" + url + ">" : "");
    }
  }
  return out;
}

string init_json(const Begun& b) {
  JsonWriter w(1);
  w.object().field("category", b.category);
  w.field("template", b.template_id);
  const auto backing = [&](const Backing& k) {
    w.key("source").texts(k.source).field("confidence", assay::name(k.confidence));
  };
  w.key("scope").array();
  for (const begin::ScopeResult& r : b.scope) {
    w.object()
        .field("law", r.law->id)
        .field("title", r.law->title)
        .field("market", r.law->market)
        .field("scheme", r.law->scheme)
        .field("level", r.level)
        .field("result", r.scope.end)
        .field("role", r.role.end.empty() ? string("unknown") : r.role.end)
        .field("confidence", assay::name(r.scope.confidence));
    w.key("open").texts(r.scope.open);
    w.field("next", r.scope.next);
    w.key("why").array();
    for (const auto* walk : {&r.scope, &r.role})
      for (const begin::Reason& reason : walk->reasons) {
        w.object(true)
            .field("ask", reason.ask)
            .field("answer", reason.answer)
            .field("because", reason.because)
            .field("cite", reason.cite);
        backing(reason.backing);
        w.end_object();
      }
    w.end_array();
    w.key("duties").array();
    for (const begin::Duty* d : r.duties) {
      w.object(true).field("id", d->id).field("text", d->text).field("cite", d->cite);
      backing(d->backing);
      w.end_object();
    }
    w.end_array();
    w.key("notes").texts(r.notes);
    w.end_object();
  }
  w.end_array();
  w.key("steps").array();
  for (const FirstStep& s : b.steps) {
    w.object().field("id", s.id).field("title", s.title).field("how", s.how);
    w.key("files").texts(s.files);
    w.key("provisions").texts(s.provisions);
    w.field("mandatory", static_cast<std::uint64_t>(s.mandatory));
    w.key("opens").texts(s.opens);
    w.key("helps").texts(s.helps);
    w.key("turns").texts(s.turns);
    w.end_object();
  }
  w.end_array();
  w.field("to_confirm", static_cast<std::uint64_t>(b.to_confirm)).field("to_say", static_cast<std::uint64_t>(b.to_say));
  w.key("written").texts(b.written);
  w.key("left").texts(b.left);
  w.end_object();
  return w.take() + "\n";
}

Result<string> init_list(bool json) {
  const begin::Kit* kit = ASSAY_TRY(begin::kit());
  const begin::ScopeData* scope = ASSAY_TRY(begin::scope_data());
  std::vector<std::pair<string, std::vector<const begin::Question*>>> groups(3);
  groups[0].first = "the product";
  for (const begin::Question& q : kit->product) groups[0].second.push_back(&q);
  groups[1].first = "what laws turn on";
  for (const begin::Question& q : scope->questions) groups[1].second.push_back(&q);
  groups[2].first = "what it has";
  for (const begin::Feature& f : kit->features)
    if (!f.of_scope) groups[2].second.push_back(&f.question);
  const auto choices = [](const begin::Question& q) {
    std::vector<string> out;
    for (const begin::Choice& c : q.choices) out.push_back(c.id);
    return out;
  };
  if (json) {
    JsonWriter w(1);
    w.object().key("templates").array();
    for (const begin::Template& t : kit->templates)
      w.object(true).field("id", t.id).field("category", t.category).field("about", t.about).end_object();
    w.end_array().key("questions").array();
    for (const auto& [group, questions] : groups)
      for (const begin::Question* q : questions) {
        w.object(true)
            .field("id", q->id)
            .field("group", group)
            .field("ask", q->ask)
            .field("why", q->why)
            .key("answers")
            .texts(choices(*q));
        w.end_object();
      }
    w.end_array().end_object();
    return w.take() + "\n";
  }
  string out = "TEMPLATES\n";
  for (const begin::Template& t : kit->templates) out += fmt::format("  {:<18}{}\n", t.id, t.about);
  out += "\nQUESTIONS     for --answers: 'answers:' with one 'question: answer' a line\n";
  for (const auto& [group, questions] : groups) {
    out += "  " + group + "\n";
    for (const begin::Question* q : questions) {
      out += wrapped(q->ask, string(24, ' '), fmt::format("    {:<19} ", q->id));
      if (!q->choices.empty()) out += wrapped(join(choices(*q), " | "), string(24, ' '));
    }
  }
  return out;
}

}  // namespace assay::app
