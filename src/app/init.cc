#include "app/init.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/markets.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "begin/draft.h"
#include "intake/dossier.h"
#include "scheme/decide.h"

namespace assay::app {

namespace fs = std::filesystem;
using std::string;
using std::string_view;

namespace {

constexpr string_view kAnswers = "init-answers.yaml";
constexpr string_view kPage = "FIRST-STEPS.md";
constexpr std::size_t kWidth = 78;
constexpr std::uint64_t kLargestAnswers = 1u << 20;

tl::unexpected<Error> usage(string what, string hint = {}) {
  return fail(Error{Errc::invalid, std::move(what), "usage", {}, std::move(hint)});
}

// Lines of at most `width`, broken at spaces, each after `indent`.
string wrapped(string_view text, string_view indent, string_view first = {}, std::size_t width = kWidth) {
  string out, line(first.empty() ? indent : first);
  bool empty = true;
  for (const string_view word : words(text)) {
    if (!empty && line.size() + 1 + word.size() > width) {
      out += line + "\n";
      line = indent;
      empty = true;
    }
    line += (empty ? "" : " ") + string(word);
    empty = false;
  }
  return out + line + "\n";
}

bool dossier_there(const fs::path& directory) {
  std::error_code error;
  return fs::exists(directory / "product.yaml", error) || fs::exists(directory / "ics.yaml", error) ||
         fs::exists(directory / "ixit", error);
}

// Text in double quotes: answers are one line, of characters that can be shown.
string yaml_text(string_view text) {
  string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

Result<void> save(const fs::path& file, const begin::Interview& interview, const std::map<string, string>& written) {
  string out =
      "# Answers to `assay init`, in the order in which they were given. `assay init DIR` goes on from here; it may "
      "be\n"
      "# edited, and used for another product with --answers.\n";
  out += "answers:\n";
  if (interview.answers.empty()) out.insert(out.size() - 1, " {}");
  std::vector<string> order = interview.order;
  for (const auto& answer : interview.answers)
    if (std::find(order.begin(), order.end(), answer.first) == order.end()) order.push_back(answer.first);
  for (const string& id : order)
    if (const auto at = interview.answers.find(id); at != interview.answers.end())
      out += fmt::format("  {}: {}\n", id, yaml_text(at->second));
  if (!written.empty())
    out += "written:   # SHA-256 of each file as it was written, so that what somebody changed is not written over\n";
  for (const auto& [name, digest] : written) out += fmt::format("  {}: {}\n", yaml_text(name), digest);
  return write_file(file, out, Links::refuse);
}

// --- talking

Result<void> explain(const Talk& talk, const begin::Asked& asked) {
  string out;
  if (!asked.question->help.empty()) out += wrapped(asked.question->help, "    ");
  for (const begin::Choice& c : asked.question->choices)
    if (c.id != c.title) out += wrapped(c.title, "        ", fmt::format("      {}: ", c.id));
  if (out.empty()) out = wrapped(asked.question->why, "    ");
  return talk.say(out);
}

Result<void> put_question(const Talk& talk, const begin::Asked& asked, std::size_t number) {
  const begin::Question& q = *asked.question;
  string out = "\n" + wrapped(q.ask, "    ", fmt::format("{:>2}  ", number));
  out += wrapped(q.why + (asked.law.empty() ? "" : " (" + asked.law + ")"), "    ", "    Why: ");
  using Type = begin::Question::Type;
  if (q.type == Type::yes_no) {
    out += "    yes or no";
  } else if (!q.choices.empty()) {
    for (std::size_t i = 0; i < q.choices.size(); ++i)
      out += wrapped(q.choices[i].title, "         ", fmt::format("      {}  ", i + 1));
    out += q.type == Type::several ? "    numbers with commas between, or none" : "    a number";
  } else {
    out += q.type == Type::date ? "    a day, like 2031-03-31" : "    in your words";
  }
  if (!asked.suggestion.empty()) out += fmt::format(" [{}]", asked.suggestion);
  return talk.say(out + " > ");
}

// Asks until nothing is left to ask. False: it ended before.
Result<Heard> converse(begin::Interview& interview, const Talk& talk, const fs::path& file,
                       const std::map<string, string>& written) {
  ASSAY_TRY(
      talk.say(wrapped("A few questions about the product, one at a time. Enter takes what stands in brackets, ? "
                       "explains, back goes back, skip leaves it open. Ctrl-C stops; your answers are kept.",
                       "")));
  if (!interview.order.empty())
    ASSAY_TRY(talk.say(fmt::format("Going on after {} answers of before.\n", interview.order.size())));
  while (const auto asked = begin::next(interview)) {
    ASSAY_TRY(put_question(talk, *asked, interview.order.size() + 1));
    string line;
    const Heard heard = talk.hear(line);
    if (heard != Heard::line) return heard;
    const string word = lower(trim(line));
    if (word == "?" || word == "help") {
      ASSAY_TRY(explain(talk, *asked));
      continue;
    }
    if (word == "back") {
      if (!begin::back(interview)) ASSAY_TRY(talk.say("    This is the first question.\n"));
      ASSAY_TRY(save(file, interview, written));
      continue;
    }
    if (word.empty() && asked->suggestion.empty()) {
      ASSAY_TRY(talk.say("    Write an answer, or skip where you do not know.\n"));
      continue;
    }
    const string_view given = word.empty() ? string_view(asked->suggestion) : word == "skip" ? begin::kUnknown : line;
    auto kept = begin::accept(interview, *asked->question, given);
    if (!kept) {
      ASSAY_TRY(talk.say(wrapped("That is no answer: " + kept.error().what + ". " + kept.error().hint, "    ")));
      continue;
    }
    begin::put(interview, *asked->question, std::move(*kept));
    ASSAY_TRY(save(file, interview, written));
  }
  return Heard::line;
}

// --- writing

// Writes a file that is not there, or is as it was written; what somebody changed, or put there, stays.
Result<void> write_unless_changed(const InitOptions& o, const string& name, const string& text,
                                  std::map<string, string>& written, Begun& out) {
  const fs::path path = o.dossier / name;
  std::error_code error;
  if (fs::exists(path, error)) {
    const string before = ASSAY_TRY(read_file(path, kLargestAnswers * 4));
    const auto at = written.find(name);
    if (at == written.end() || sha256_hex(as_bytes(before)) != at->second) {
      out.left.push_back(name);
      return {};
    }
  }
  ASSAY_TRY(write_file(path, text, Links::refuse));
  written[name] = sha256_hex(as_bytes(text));
  out.written.push_back(name);
  return {};
}

// Something in the directory that neither is ours nor has its place in a dossier; empty: nothing. Names with a dot in
// front (.git) are nobody's documents.
string stranger_in(const fs::path& directory) {
  std::error_code error;
  std::vector<string> names;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const string name = it->path().filename().string();
    if (!name.starts_with('.') && name != kAnswers && name != "firmware" && name != "evidence") names.push_back(name);
  }
  return names.empty() ? string() : *std::min_element(names.begin(), names.end());
}

Result<void> write_dossier(const InitOptions& o, const begin::Interview& interview, std::map<string, string>& written,
                           Begun& out) {
  std::error_code error;
  for (const char* folder : {"", "ixit", "evidence", "firmware"}) {
    const fs::path directory = *folder != '\0' ? o.dossier / folder : o.dossier;
    // A dossier may come from a stranger: a link of its own must not choose where we write.
    if (*folder != '\0' && fs::is_symlink(directory, error))
      return fail(Error{
          Errc::invalid, "is a link; nothing is written through a link in a dossier", directory.string(), {}, {}});
    ASSAY_TRY(make_directory(directory));
  }
  for (const begin::DraftFile& f : begin::draft(*interview.kit, interview.chosen(), interview.answers)) {
    ASSAY_TRY(write_unless_changed(o, f.name, f.text, written, out));
  }
  return {};
}

}  // namespace

Result<void> read_answers_file(const fs::path& file, begin::Interview& in, std::map<string, string>* written) {
  const string text = ASSAY_TRY(read_file(file, kLargestAnswers));
  const Node tree = ASSAY_TRY(parse_yaml(text, file.string(), {.bytes = kLargestAnswers, .depth = 6, .nodes = 5000}));
  const auto bad = [&](const Node& at, string what, string hint = {}) {
    return fail(
        Error{Errc::invalid,
              std::move(what),
              fmt::format("{}:{}:{}", file.string(), std::max(1u, at.mark().line), std::max(1u, at.mark().column)),
              {},
              std::move(hint)});
  };
  if (!tree.is_mapping()) return bad(tree, "'answers:' with one 'question: answer' a line is wanted here");
  for (const Node::Member& m : tree.members())
    if (m.key != "answers" && m.key != "written" && m.key != "template")
      return bad(m.value, fmt::format("unknown key '{}'", printable(m.key.substr(0, 64))),
                 "Known are answers, template and written.");
  const auto take = [&](const string& id, const Node& value) -> Result<void> {
    const begin::Question* q = begin::question_named(in, id);
    if (q == nullptr)
      return bad(value, fmt::format("there is no question '{}'", printable(id.substr(0, 64))),
                 "`assay init --list` shows all of them.");
    if (value.is_null()) return {};
    if (!value.is_text() && value.texts().size() != value.items().size())
      return bad(value, fmt::format("the answer to '{}' is a text or a list of texts", id));
    string given = join(value.texts(), ",");
    if (value.is_sequence() && value.items().empty()) given = "none";
    if (id == "template") {
      if (given != "none" && in.kit->named(given) == nullptr)
        return bad(value, fmt::format("there is no template '{}'", printable(given.substr(0, 64))),
                   "`assay init --list` shows all of them.");
      in.answers["template"] = given;
      std::erase(in.order, id);
      in.order.push_back(id);
      return {};
    }
    auto kept = begin::accept(in, *q, given);
    if (!kept) return bad(value, fmt::format("'{}': {}", id, kept.error().what), kept.error().hint);
    begin::put(in, *q, std::move(*kept));
    return {};
  };
  for (const Node::Member& m : tree["answers"].members()) ASSAY_TRY(take(m.key, m.value));
  if (tree.has("template")) ASSAY_TRY(take("template", tree["template"]));
  if (written != nullptr) {
    std::set<string> ours{string(kPage)};
    for (const begin::DraftFile& f : begin::draft(*in.kit, nullptr, {})) ours.insert(f.name);
    for (const Node::Member& m : tree["written"].members()) {
      if (!ours.contains(m.key))
        return bad(m.value, fmt::format("'{}' is no file that init writes", printable(m.key.substr(0, 64))),
                   "Take the line out.");
      const string& digest = m.value.text();
      if (digest.size() != 64 || digest.find_first_not_of("0123456789abcdef") != string::npos)
        return bad(m.value, "a SHA-256 of 64 hexadecimal digits is wanted here", "Take the line out.");
      (*written)[m.key] = digest;
    }
  }
  return {};
}

Result<Begun> init(const InitOptions& o, const Talk& talk) {
  begin::Interview interview;
  interview.kit = ASSAY_TRY(begin::kit());
  interview.scope = ASSAY_TRY(begin::scope_data());
  interview.at = o.at;
  interview.laws_of = scheme::market_codes;
  Begun out;
  out.kept_in = o.dossier / kAnswers;
  if (dossier_there(o.dossier) && !o.resume)
    return fail(Error{
        Errc::invalid,
        "there is a dossier already",
        o.dossier.string(),
        {},
        fmt::format(
            "To look at it: assay lint {0}\nTo go on with the interview (files that you changed stay as they are): "
            "assay init {0} --resume",
            o.dossier.string())});
  if (const string stranger = dossier_there(o.dossier) ? string() : stranger_in(o.dossier); !stranger.empty())
    return fail(Error{Errc::invalid,
                      fmt::format("holds '{}', and is no dossier; nothing is written among other files",
                                  printable(stranger.substr(0, 64))),
                      o.dossier.string(),
                      {},
                      fmt::format("Name a new directory: assay init {}", (o.dossier / "dossier").string())});
  std::error_code error;
  std::map<string, string> written;
  if (fs::exists(out.kept_in, error)) ASSAY_TRY(read_answers_file(out.kept_in, interview, &written));
  if (!o.template_id.empty()) {
    const begin::Template* t = interview.kit->named(o.template_id);
    if (t == nullptr) {
      std::vector<string> known;
      for (const begin::Template& k : interview.kit->templates) known.push_back(k.id);
      return usage(fmt::format("there is no template '{}'", o.template_id), "There are " + join(known, ", ") + ".");
    }
    interview.answers["template"] = t->id;
    interview.answers["category"] = t->category;
  }
  if (!o.answers.empty()) ASSAY_TRY(read_answers_file(o.answers, interview, nullptr));
  if (!o.markets.empty()) {
    auto markets = begin::read_markets(join(o.markets, ","));
    if (!markets) return usage("--markets: " + markets.error().what, markets.error().hint);
    ASSAY_TRY(check_markets(o.markets));
    interview.answers["markets"] = *markets;
  }
  const bool ours = !fs::exists(o.dossier, error);
  ASSAY_TRY(make_directory(o.dossier));
  if (o.template_id.empty() && o.answers.empty()) {
    const Heard heard = ASSAY_TRY(converse(interview, talk, out.kept_in, written));
    out.answered = interview.order.size();
    if (heard != Heard::line) {
      out.stopped = true;
      out.interrupted = heard == Heard::interrupted;
      if (ours && interview.answers.empty()) fs::remove(o.dossier, error);
      return out;
    }
  }
  out.answered = interview.answers.size();
  ASSAY_TRY(write_dossier(o, interview, written, out));
  ASSAY_TRY(save(out.kept_in, interview, written));

  out.category = string(begin::answer(interview.answers, "category"));
  out.template_id = interview.chosen() != nullptr ? interview.chosen()->id : "";
  // A law asks for what is so, not for what is usual: answers of a template do not decide scope.
  out.scope = begin::scope_of(*interview.scope, interview.answers, interview.markets(), o.at);
  if (const begin::Template* t = interview.chosen())
    out.usual =
        begin::scope_of(*interview.scope, begin::with_template(interview.answers, t), interview.markets(), o.at);
  const intake::Dossier dossier = ASSAY_TRY(intake::read_dossier(o.dossier));
  for (const auto& file : dossier.files) {
    out.to_say += file->gaps.size();
    out.to_confirm += file->unconfirmed.size();
  }
  out.steps = ASSAY_TRY(first_steps(dossier, *interview.kit, interview.markets(), o.at));
  ASSAY_TRY(write_unless_changed(o, string(kPage), first_steps_page(out, o), written, out));
  ASSAY_TRY(save(out.kept_in, interview, written));
  out.written.emplace_back(kAnswers);
  return out;
}

}  // namespace assay::app
