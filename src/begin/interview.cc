#include "begin/interview.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/data.h"
#include "base/text.h"

namespace assay::begin {

using std::string;
using std::string_view;

namespace {

// "template": asked where there is one for the category.
const Question& template_question() {
  static const Question question = [] {
    Question q;
    q.id = "template";
    q.ask = "There are starting rows for such a product. Shall they be written for you to correct?";
    q.why =
        "They show what such a product usually has. Each is marked as not confirmed and counts for nothing until you "
        "confirm it.";
    q.choices = {{"yes", "yes"}, {"no", "no"}};
    return q;
  }();
  return question;
}

// The id of a category by id or synonym; empty where there is none.
string category_of(string_view word) {
  const auto file = data::file("categories.yaml");
  if (!file) return {};
  const string small = lower(trim(word));
  for (const Node& c : (**file)["categories"].items()) {
    if (c["id"].text() == small || lower(c["title"].text()) == small) return c["id"].text();
    for (const string& s : c["synonyms"].texts())
      if (s == small) return c["id"].text();
  }
  return {};
}

}  // namespace

const Template* Interview::chosen() const { return kit->named(answer(answers, "template")); }

std::vector<string> Interview::markets() const {
  if (answer(answers, "markets") == kUnknown) return {};
  std::vector<string> out = answer_list(answers, "markets");
  return laws_of ? laws_of(out) : out;
}

std::optional<Asked> next(const Interview& in) {
  const Template* chosen = in.chosen();
  const auto asked = [&](const Question& q, string law = {}) {
    Asked out{&q, {}, std::move(law)};
    if (chosen != nullptr) out.suggestion = string(answer(chosen->answers, q.id));
    if (q.id == "template") out.suggestion = "yes";
    return out;
  };
  for (const Question& q : in.kit->product) {
    if (answer(in.answers, q.id).empty()) return asked(q);
    if (q.id == "category" && answer(in.answers, "template").empty() &&
        in.kit->for_category(answer(in.answers, "category")) != nullptr)
      return asked(template_question());
  }
  string law;
  if (const std::vector<string> markets = in.markets(); !markets.empty())
    if (const Question* q = next_scope_question(*in.scope, in.answers, markets, in.at, &law)) return asked(*q, law);
  for (const Feature& f : in.kit->features) {
    if (!answer(in.answers, f.question.id).empty() || !f.question.due(in.answers)) continue;
    const string_view category = answer(in.answers, "category");
    if (!f.question.only_for.empty() &&
        std::find(f.question.only_for.begin(), f.question.only_for.end(), category) == f.question.only_for.end())
      continue;
    return asked(f.question);
  }
  return std::nullopt;
}

const Question* question_named(const Interview& in, string_view id) {
  if (id == "template") return &template_question();
  const Question* q = in.kit->question(id);
  return q != nullptr ? q : in.scope->question(id);
}

Result<string> read_markets(string_view written) {
  std::vector<string> out;
  for (const string_view part : split(written, ',')) {
    string code(trim(part));
    if (code.empty()) continue;
    std::transform(code.begin(), code.end(), code.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (code == "UK") code = "GB";
    if (code.size() != 2 || !std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
      return fail(Error{Errc::invalid,
                        fmt::format("'{}' is not a market", printable(trim(part).substr(0, 32))),
                        {},
                        {},
                        "Write ISO 3166-1 codes with commas between, for example GB,SG,DE, or EU."});
    if (std::find(out.begin(), out.end(), code) == out.end()) out.push_back(code);
  }
  if (out.empty()) return fail(Errc::invalid, "name at least one market, for example GB");
  std::sort(out.begin(), out.end());
  return join(out, ",");
}

Result<string> accept(const Interview& in, const Question& q, string_view written) {
  string kept = ASSAY_TRY(read_answer(q, written));
  if (kept == kUnknown) return kept;
  if (q.id == "markets") return read_markets(kept);
  if (q.id == "category") {
    const string name = replace_all(lower(kept), " ", "-");  // "hot tub"
    if (in.kit->named(name) != nullptr) return name;
    for (const Template& t : in.kit->templates)
      if (std::find(t.synonyms.begin(), t.synonyms.end(), lower(trim(kept))) != t.synonyms.end()) return t.id;
    const string id = category_of(kept);
    if (!id.empty()) return id;
    return fail(Error{Errc::invalid,
                      fmt::format("'{}' is no kind of product that is known", kept.substr(0, 40)),
                      {},
                      {},
                      "Write for example camera, plug, router, or other."});
  }
  return kept;
}

void put(Interview& in, const Question& q, string answer) {
  if (q.id == "category") {
    // The name of a template is a kind of product too: it names both.
    if (const Template* t = in.kit->named(answer)) {
      if (in.kit->for_category(t->category) != t) in.answers["template"] = t->id;
      answer = t->category;
    }
  }
  if (q.id == "template") {
    const Template* t = in.kit->for_category(begin::answer(in.answers, "category"));
    answer = answer == "yes" && t != nullptr ? t->id : "none";
  }
  in.answers[q.id] = std::move(answer);
  std::erase(in.order, q.id);
  in.order.push_back(q.id);
}

bool back(Interview& in) {
  if (in.order.empty()) return false;
  if (in.order.back() == "category") in.answers.erase("template");
  in.answers.erase(in.order.back());
  in.order.pop_back();
  return true;
}

}  // namespace assay::begin
