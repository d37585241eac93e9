// Rule: how one test unit is judged, as data/rules/*.yaml has it (docs/rules.md). Plain data; judge.h runs it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"
#include "base/result.h"
#include "catalogue/catalogue.h"
#include "judge/scope.h"
#include "model/verdict.h"

namespace assay::judge {

enum class Pass : unsigned char { never, exercised, confirmed };
std::string_view name(Pass pass);

struct Need {
  std::string table, source;
  ScopeCondition where;
  std::string says;                // in words, for people; made from the rest where it is not given
  bool optional = false;           // counts as soon as an artefact of the source exists
  std::vector<std::string> units;  // of the catalogue (Unit::id); empty: all of the rule's

  std::string view() const { return source + "_" + table; }
  bool concerns(std::string_view unit) const;
};

struct Ask {
  std::string question, steps, note, show;
};

struct Delegate {
  std::vector<std::string> to;  // units: Unit::id or Unit::short_id
  std::string over;             // SQL: entry, title
};

struct Rule {
  std::string name, asks;
  std::vector<std::string> units;  // Unit::id
  Pass pass = Pass::never;
  std::vector<std::string> claims;  // views
  std::vector<Need> needs;
  std::string over;  // SQL; empty: one entry, the DUT
  bool every_one = false;
  std::optional<Verdict> empty;
  std::string fail, missing, doubt, confirm;  // SQL; empty: none
  std::optional<Ask> ask;
  std::optional<Delegate> delegate;
  std::string where;   // "rules/5.1.yaml:3:3"
  std::string digest;  // SHA-256 of the rule as written, hex
};

// When a numbered condition or a lettered feature of an ICS row holds, by the claims.
struct Condition {
  std::string edition, ref;  // of TS 103 701: "1.1.1", "2"
  std::string asks;
  std::vector<std::string> claims;
  std::string met, open, contrary;  // SQL: entry, tbl, id, why
  std::string where;
};

struct RuleSet {
  std::vector<Rule> rules;            // by name
  std::vector<Condition> conditions;  // by edition and ref
  std::string digest;                 // of all of them, hex

  const Rule* named(std::string_view name) const;
  // The rule for a unit of an edition (Unit::id); null: none yet.
  const Rule* for_unit(std::string_view unit) const;
  const Condition* condition(std::string_view ts_edition, std::string_view ref) const;
};

// data/rules/*.yaml. Everything is checked that needs no database: keys, words, conditions on scope, units and `pass`
// against the catalogue. The Error has a line for every mistake: "rules/5.1.yaml:12:5: …".
Result<RuleSet> load_rules();
// The same of one tree; `editions` empty: the catalogue is not asked (tests of the engine).
Result<RuleSet> read_rules(const Node& rules, std::string_view file,
                           const std::vector<const catalogue::Edition*>& editions);

// What needs a database: every query compiles for each edition in which its unit exists, gives the columns it must,
// calls only functions on the list, and reads only views that stand in `needs` and `claims`. One line a mistake; empty:
// sound.
std::vector<std::string> check_queries(const RuleSet& rules, const std::vector<const catalogue::Edition*>& editions);

}  // namespace assay::judge
