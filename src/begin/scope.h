// Scope: whether a law speaks of a product, and which duties a role has. Each law is a small graph of questions in
// data/scope/*.yaml; an answer leads to the next question or to an end, and says why, by which place of the law.
//
//   in             the law speaks of it
//   excepted       it would, and leaves it out by name
//   not_in_scope   it does not speak of such things
//   unknown        an answer on the way is not known, and the ways from there do not all end in `in`
//
// What is not known never leaves a law's scope.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "begin/question.h"
#include "model/requirement.h"

namespace assay::begin {

struct Edge {
  bool end = false;
  std::string to;  // a node, or the end
  std::string because;
  std::optional<Backing> backing;  // instead of the node's
};

struct ScopeNode {
  std::string id, ask, cite;
  Backing backing;
  std::optional<PartialDate> from;                  // before that day the answer is "no"
  std::vector<std::pair<std::string, Edge>> edges;  // by answer
};

struct Graph {
  std::vector<ScopeNode> nodes;  // the first is the start
  const ScopeNode* node(std::string_view id) const;
};

struct Duty {
  std::string id, text, cite;
  std::vector<std::string> roles;
  std::optional<PartialDate> from;
  Backing backing;
};

struct DatedFact {
  std::optional<PartialDate> date;
  std::string note;
  Backing backing;
};

struct LevelFor {  // categories that fall under a level of their own
  std::string level, note;
  std::vector<std::string> categories;
  Backing backing;
};

struct Law {
  std::string id, title, market, scheme, level;
  std::string file;  // it stands in: "scope/gb.yaml"
  bool voluntary = false;
  DatedFact from, until;
  std::vector<LevelFor> levels;
  Graph scope, roles;
  std::vector<Duty> duties;
};

struct ScopeData {
  std::vector<Question> questions;
  std::vector<Law> laws;  // by market, then as the files have them
  const Question* question(std::string_view id) const;
};

// data/scope/*.yaml, read when first asked for. Checked: every way ends, every node and every question is reached, no
// way comes back, every answer of a question leads on.
Result<const ScopeData*> scope_data();
// The same of given trees (tests).
Result<std::vector<Law>> read_laws(const DataFile& file, const Node& tree, const std::vector<Question>& questions);

struct Reason {
  std::string ask, answer, because, cite;  // answer: "yes", the title of a choice, "not known", "not asked: …"
  Backing backing;
};

struct Walk {
  std::string end;                // unknown while `next` is not empty
  std::vector<Reason> reasons;    // up to the first answer that is not known
  std::vector<std::string> open;  // questions whose answer is not known and matters
  std::string next;               // the question to ask next; empty: nothing more to ask
  Confidence confidence = Confidence::high;
};
Walk walk(const Graph& graph, const ScopeData& data, const Answers& answers, Date at);

struct ScopeResult {
  const Law* law = nullptr;
  Walk scope, role;   // role: only where the product is in, or may be
  std::string level;  // of the scheme
  std::vector<const Duty*> duties;
  std::vector<std::string> notes;  // dates, levels
};
// Of the laws of these markets; all where there are none. `category` stands in `answers`.
std::vector<ScopeResult> scope_of(const ScopeData& data, const Answers& answers,
                                  const std::vector<std::string>& markets, Date at);
// The next question that any of them needs, or null.
const Question* next_scope_question(const ScopeData& data, const Answers& answers,
                                    const std::vector<std::string>& markets, Date at, std::string* law = nullptr);

}  // namespace assay::begin
