// Scope: what bounds a look. A condition on it is written in the small part of SQL that needs use:
//
//   scope->>'proto' = 'tcp' AND scope->>'devices' >= 10 AND (scope->>'state' IN ('factory', 'initialised') OR
//   scope->>'entry' = :entry)
//
// It is read against data/standards/scopes.yaml and evaluated here, typed: a key that is not there, or holds a value of
// another type, is NULL and satisfies nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"
#include "base/result.h"

namespace assay::judge {

enum class ScopeType : unsigned char { word, number, text };

struct ScopeKey {
  std::string source, table;  // "*": all
  std::string key;
  ScopeType type = ScopeType::text;
  std::vector<std::string> words;
  std::string about;
};

// data/standards/scopes.yaml, in its order.
Result<const std::vector<ScopeKey>*> scope_schema();
const ScopeKey* scope_key(std::string_view source, std::string_view table, std::string_view key);

class ScopeCondition {
 public:
  ScopeCondition();  // holds for every scope
  ScopeCondition(const ScopeCondition&);
  ScopeCondition& operator=(const ScopeCondition&);
  ~ScopeCondition();

  // Errors name what is wrong: an unknown key, a word that is not in the list, a number compared with text.
  static Result<ScopeCondition> parse(std::string_view text, std::string_view source, std::string_view table);

  bool uses_entry() const;
  // `scope`: the JSON object of an `examined` row as a tree. Without an entry, comparisons with :entry hold (rules.md:
  // no entry, nothing to look at by itself). SQL's logic of three values: only true is true.
  bool holds(const Node& scope, std::optional<std::string_view> entry, std::string_view edition) const;
  // A scope that satisfies it, as a JSON object; for the tests of rules.
  std::string example(std::string_view entry, std::string_view edition) const;
  // "proto = tcp, ports = 1-65535": for people.
  std::string words() const;

  struct Term;  // known to scope.cc

 private:
  std::shared_ptr<const Term> root_;
};

}  // namespace assay::judge
