// Questions that a newcomer is asked, and the answers. An answer is a word or a text; several choices are joined by
// commas. "unknown" was asked and is not known; what is absent was not asked.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/data_file.h"
#include "base/result.h"

namespace assay::begin {

inline constexpr std::string_view kUnknown = "unknown";
inline constexpr std::size_t kLongestAnswer = 1000;

using Answers = std::map<std::string, std::string, std::less<>>;

struct Choice {
  std::string id, title;
};

struct Question {
  enum class Type : unsigned char { yes_no, choice, several, text, date };
  std::string id, ask, why, help;
  Type type = Type::yes_no;
  std::vector<Choice> choices;        // yes and no of a yes_no
  std::vector<std::string> only_for;  // categories of which it can be true; empty: all
  // Answers of other questions from which the answer to this one follows: question, its answer, ours.
  struct Follows {
    std::string question, given, answer;
  };
  std::vector<Follows> follows;
  // Asked where every one of these questions has one of these answers.
  std::vector<std::pair<std::string, std::vector<std::string>>> when;

  bool has_choice(std::string_view id) const;
  bool due(const Answers& answers) const;  // by `when`
};

// "yes" of Answers; empty where it is absent.
std::string_view answer(const Answers& answers, std::string_view question);
std::vector<std::string> answer_list(const Answers& answers, std::string_view question);  // of `several`; [] for "none"

// What a person wrote, as the answer that is kept: words for yes and no, ids or numbers of choices, a date that exists.
// The error says what would do.
Result<std::string> read_answer(const Question& question, std::string_view written);

// The members of `list`; every key is checked, ids are unique.
Result<std::vector<Question>> read_questions(const DataFile& file, const Node& list);

}  // namespace assay::begin
