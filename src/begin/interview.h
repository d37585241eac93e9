// The interview: which question comes next, and what an answer may be. Talking is somebody else's (app/init.h).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "begin/kit.h"
#include "begin/scope.h"

namespace assay::begin {

struct Interview {
  const Kit* kit = nullptr;
  const ScopeData* scope = nullptr;
  Date at;
  Answers answers;                 // also "template": the id of one, or "none"
  std::vector<std::string> order;  // of the questions answered
  // A country's laws may be those of a union too; unset: its own only.
  std::function<std::vector<std::string>(const std::vector<std::string>&)> laws_of;

  const Template* chosen() const;
  std::vector<std::string> markets() const;  // whose laws count, of the answer; empty: not said
};

struct Asked {
  const Question* question = nullptr;
  std::string suggestion;  // what Enter stands for, or empty
  std::string law;         // that needs to know, or empty
};

// First the product, then what the laws of its markets turn on, then what it has. Nothing more: nothing to ask.
std::optional<Asked> next(const Interview& interview);

// The question of this name, whoever asks it; null where there is none.
const Question* question_named(const Interview& interview, std::string_view id);

// An answer as it is kept; checks what a question of `type: text` cannot say: categories and markets.
Result<std::string> accept(const Interview& interview, const Question& question, std::string_view written);
void put(Interview& interview, const Question& question, std::string answer);
// Takes the last answer back; false where there is none.
bool back(Interview& interview);

// "GB,SG" of "uk, sg": ISO 3166-1 codes and EU, each once.
Result<std::string> read_markets(std::string_view written);

}  // namespace assay::begin
