// The SQL of rules: what it may contain, what it reads, how it is run. Queries run in a database in memory that holds
// one evidence and the views of one edition; they only return rows.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evidence/database.h"

namespace assay::judge {

struct Token {
  enum class Kind : unsigned char { word, text, number, sign };
  Kind kind = Kind::sign;
  std::string text;  // of text: without quotes, doubled quotes made one
};
// SQL in tokens, comments left out; an unclosed quote or comment is an Error.
Result<std::vector<Token>> tokens(std::string_view sql);

// What can be seen without a database: no rowid, no LIMIT without an ORDER BY beside it, no parameter but :at,
// :edition, :entry.
Result<void> check_text(std::string_view sql);
bool mentions_entry(std::string_view sql);

// A prepared query and what it reads.
struct Query {
  evidence::Statement statement;
  std::vector<std::string> columns;
  std::set<std::string, std::less<>> views;  // "firmware_account", "claim_auth"
  bool reads_claims() const;
  bool reads_facts() const;
};

class QueryRunner {
 public:
  // Takes the connection over: adds our functions and the authorizer. `texts`: SQL that will be asked for; the views
  // that it names are made at once, others when they are first named. `reverse`: unordered rows come the other way
  // round (tests).
  static Result<QueryRunner> open(evidence::Database db, std::string_view ts_edition,
                                  const std::vector<std::string_view>& texts = {}, bool reverse = false);
  QueryRunner(QueryRunner&&) noexcept;
  QueryRunner& operator=(QueryRunner&&) noexcept;
  ~QueryRunner();

  // Errors say what is not allowed: a table instead of a view, a function that is not on the list.
  Result<Query> prepare(std::string_view sql);
  // The rows, sorted.
  Result<std::vector<evidence::Row>> run(Query& query, const Date& at, std::optional<std::string_view> entry);

  struct State;  // known to sql.cc

 private:
  QueryRunner();
  std::unique_ptr<State> state_;
};

}  // namespace assay::judge
