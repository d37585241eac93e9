#include "begin/question.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/text.h"

namespace assay::begin {

using std::string;
using std::string_view;

namespace {

constexpr std::array<std::pair<string_view, Question::Type>, 5> kTypes = {{{"yes_no", Question::Type::yes_no},
                                                                           {"choice", Question::Type::choice},
                                                                           {"several", Question::Type::several},
                                                                           {"text", Question::Type::text},
                                                                           {"date", Question::Type::date}}};

const std::vector<Choice> kYesNo = {{"yes", "yes"}, {"no", "no"}};

string choices_of(const Question& q) {
  std::vector<string> ids;
  for (const Choice& c : q.choices) ids.push_back(c.id);
  return join(ids, ", ");
}

// The id of a choice by id, title or number; empty where there is none.
string chosen(const Question& q, string_view word) {
  const string small = lower(trim(word));
  if (q.type == Question::Type::yes_no) {
    if (small == "y" || small == "yes" || small == "true") return "yes";
    if (small == "n" || small == "no" || small == "false") return "no";
  }
  for (std::size_t i = 0; i < q.choices.size(); ++i)
    if (small == lower(q.choices[i].id) || small == lower(q.choices[i].title) || small == std::to_string(i + 1))
      return q.choices[i].id;
  return {};
}

}  // namespace

bool Question::has_choice(string_view wanted) const {
  return std::any_of(choices.begin(), choices.end(), [&](const Choice& c) { return c.id == wanted; });
}

bool Question::due(const Answers& answers) const {
  return std::all_of(when.begin(), when.end(), [&](const auto& condition) {
    const std::vector<string> given = answer_list(answers, condition.first);
    return std::any_of(given.begin(), given.end(), [&](const string& g) {
      return std::find(condition.second.begin(), condition.second.end(), g) != condition.second.end();
    });
  });
}

string_view answer(const Answers& answers, string_view question) {
  const auto at = answers.find(question);
  return at == answers.end() ? string_view() : string_view(at->second);
}

std::vector<string> answer_list(const Answers& answers, string_view question) {
  std::vector<string> out;
  const string_view given = answer(answers, question);
  if (given.empty()) return out;
  for (const string_view part : split(given, ',')) out.emplace_back(trim(part));
  return out;
}

Result<string> read_answer(const Question& q, string_view written) {
  const string_view text = trim(written);
  if (text.size() > kLongestAnswer) return fail(Errc::limit, fmt::format("longer than {} bytes", kLongestAnswer));
  if (!is_utf8(text) || printable(text) != text) return fail(Errc::invalid, "it holds characters that cannot be shown");
  const string small = lower(text);
  if (small == kUnknown || (q.type != Question::Type::text && (small == "?" || small == "skip")))
    return string(kUnknown);
  switch (q.type) {
    case Question::Type::yes_no:
    case Question::Type::choice: {
      const string id = chosen(q, text);
      if (!id.empty()) return id;
      return fail(Errc::invalid, fmt::format("'{}' is not one of {}", text.substr(0, 40), choices_of(q)));
    }
    case Question::Type::several: {
      if (small == "none") return string("none");
      std::set<string> ids;
      for (const string_view part : split(text, ',')) {
        if (trim(part).empty()) continue;
        string id = chosen(q, part);
        if (id.empty())
          return fail(Errc::invalid,
                      fmt::format("'{}' is not one of {}, none", trim(part).substr(0, 40), choices_of(q)));
        ids.insert(std::move(id));
      }
      if (ids.empty()) return fail(Errc::invalid, fmt::format("write some of {}, or none", choices_of(q)));
      if (ids.size() > 1 && ids.contains("none")) return fail(Errc::invalid, "'none' does not go together with others");
      // In the order of the choices, so that the same answer is kept the same way.
      std::vector<string> sorted;
      for (const Choice& c : q.choices)
        if (ids.contains(c.id)) sorted.push_back(c.id);
      return join(sorted, ",");
    }
    case Question::Type::date: {
      const Date date = ASSAY_TRY(Date::parse(text));
      return date.iso();
    }
    case Question::Type::text:
      if (text.empty()) return fail(Errc::invalid, "it is empty");
      return string(text);
  }
  return fail(Errc::internal, "no such type of question");
}

Result<std::vector<Question>> read_questions(const DataFile& file, const Node& list) {
  if (!list.is_sequence()) return file.bad(list, "a list of questions is wanted here");
  std::vector<Question> out;
  std::set<string> seen;
  for (const Node& node : list.items()) {
    ASSAY_TRY(file.keys(node, {"id", "ask", "why", "help", "type", "choices", "only_for", "when", "parts", "absent",
                               "follows", "drops", "met", "unmet"}));
    Question q;
    q.id = ASSAY_TRY(file.text(node, "id"));
    if (!seen.insert(q.id).second)
      return file.bad(node["id"], fmt::format("the question '{}' stands here twice", q.id));
    q.ask = ASSAY_TRY(file.text(node, "ask"));
    q.why = ASSAY_TRY(file.text(node, "why"));
    q.help = file.maybe(node, "help");
    if (node.has("type")) q.type = ASSAY_TRY(file.word(node, "type", kTypes));
    for (const Node& c : node["choices"].items()) {
      ASSAY_TRY(file.keys(c, {"id", "title"}));
      q.choices.push_back({ASSAY_TRY(file.text(c, "id")), ASSAY_TRY(file.text(c, "title"))});
    }
    const bool wants_choices = q.type == Question::Type::choice || q.type == Question::Type::several;
    if (wants_choices != !q.choices.empty())
      return file.bad(node, wants_choices ? "it needs 'choices'" : "only a choice has 'choices'");
    if (q.type == Question::Type::yes_no) q.choices = kYesNo;
    q.only_for = ASSAY_TRY(file.list(node, "only_for"));
    if (!q.only_for.empty() && q.type != Question::Type::yes_no)
      return file.bad(node["only_for"], "only a question of yes or no can be for some categories");
    for (const Node::Member& m : node["follows"].members())
      for (const Node::Member& given : m.value.members()) {
        if (!q.has_choice(given.value.text())) return file.bad(given.value, "this is no answer of the question");
        q.follows.push_back({m.key, given.key, given.value.text()});
      }
    for (const Node::Member& m : node["when"].members()) {
      if (!seen.contains(m.key) && m.key != "category")
        return file.bad(m.value, fmt::format("'when' names '{}', which is not asked before", m.key));
      q.when.emplace_back(m.key, m.value.texts());
      if (q.when.back().second.empty()) return file.bad(m.value, "it names no answer");
      for (const Question& before : out)
        for (const string& word : q.when.back().second)
          if (before.id == m.key && !before.choices.empty() && !before.has_choice(word) && word != "none" &&
              word != kUnknown)
            return file.bad(m.value, fmt::format("'{}' has no answer '{}'", m.key, word));
    }
    out.push_back(std::move(q));
  }
  return out;
}

}  // namespace assay::begin
