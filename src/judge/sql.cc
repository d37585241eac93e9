#include "judge/sql.h"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"
#include "evidence/claims.h"

namespace assay::judge {
namespace {

using evidence::Row;
using std::string_view;

constexpr evidence::QueryLimits kLimits{.steps = 20'000'000, .rows = 20'000, .bytes = 8u << 20};
constexpr std::uint64_t kLongestValue = 1u << 20;

// Each gives the same answer on every machine and every day. Dates are ours (below): SQLite's know 'now'. group_concat
// has no order.
constexpr string_view kFunctions[] = {
    "->",           "->>",       "abs",        "avg",    "char",    "coalesce", "count",      "date",
    "days_between", "format",    "glob",       "hex",    "ifnull",  "iif",      "instr",      "json_array_length",
    "json_extract", "json_type", "json_valid", "length", "like",    "listed",   "lower",      "ltrim",
    "max",          "min",       "nullif",     "printf", "replace", "round",    "row_number", "rtrim",
    "sign",         "substr",    "substring",  "sum",    "total",   "trim",     "typeof",     "unicode",
    "upper"};

bool is_word(char c) { return is_alnum(c) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80; }

// date(X, '+3 months', '-1 day', '+2 years'): X is a day. NULL gives NULL; what is no date, and 'now', gives NULL as
// well: an unreadable date must not look like an early or a late one.
std::optional<Date> date_argument(sqlite3_value* value) {
  if (sqlite3_value_type(value) != SQLITE_TEXT) return std::nullopt;
  const string_view text(reinterpret_cast<const char*>(sqlite3_value_text(value)),
                         static_cast<std::size_t>(sqlite3_value_bytes(value)));
  if (text.size() < 10) return std::nullopt;
  const Result<Date> date = Date::parse(text.substr(0, 10));
  if (!date || (text.size() > 10 && text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  return *date;
}

bool says_now(sqlite3_value* value) {
  if (sqlite3_value_type(value) != SQLITE_TEXT) return false;
  return lower(trim(reinterpret_cast<const char*>(sqlite3_value_text(value)))) == "now";
}

void date_function(sqlite3_context* context, int count, sqlite3_value** values) {
  if (count == 0 || says_now(values[0])) {
    sqlite3_result_error(context, "there is no 'now' here: use :at", -1);
    return;
  }
  std::optional<Date> date = date_argument(values[0]);
  for (int i = 1; date && i < count; ++i) {
    const auto* raw = sqlite3_value_text(values[i]);
    const std::string text = raw == nullptr ? std::string() : reinterpret_cast<const char*>(raw);
    char* end = nullptr;
    const long number = std::strtol(text.c_str(), &end, 10);
    const string_view unit = trim(end);
    if (end == text.c_str() || std::labs(number) > 100'000)
      date.reset();
    else if (unit == "day" || unit == "days")
      date = date->plus_days(number);
    else if (unit == "month" || unit == "months")
      date = date->plus_months(static_cast<int>(number));
    else if (unit == "year" || unit == "years")
      date = date->plus_months(static_cast<int>(number) * 12);
    else
      date.reset();
  }
  if (!date) return sqlite3_result_null(context);
  const std::string out = date->iso();
  sqlite3_result_text(context, out.c_str(), static_cast<int>(out.size()), SQLITE_TRANSIENT);
}

// days_between(A, B): from A to B, negative where B is before A.
void days_between(sqlite3_context* context, int, sqlite3_value** values) {
  if (says_now(values[0]) || says_now(values[1])) {
    sqlite3_result_error(context, "there is no 'now' here: use :at", -1);
    return;
  }
  const auto from = date_argument(values[0]), to = date_argument(values[1]);
  if (!from || !to) return sqlite3_result_null(context);
  sqlite3_result_int64(context, to->days() - from->days());
}

// listed(X): the different values, sorted, "a, b, c": what group_concat is for, with an order.
using Gathered = std::set<std::string>;
void listed_step(sqlite3_context* context, int, sqlite3_value** values) {
  auto** set = static_cast<Gathered**>(sqlite3_aggregate_context(context, sizeof(Gathered*)));
  if (set == nullptr) return sqlite3_result_error_nomem(context);
  if (*set == nullptr) *set = new Gathered;
  if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
  const auto* text = sqlite3_value_text(values[0]);
  if ((*set)->size() < 10'000 && text != nullptr) (*set)->emplace(reinterpret_cast<const char*>(text));
}
void listed_final(sqlite3_context* context) {
  auto** set = static_cast<Gathered**>(sqlite3_aggregate_context(context, 0));
  if (set == nullptr || *set == nullptr) return sqlite3_result_null(context);
  std::string out;
  for (const std::string& s : **set) out += (out.empty() ? "" : ", ") + s;
  delete *set;
  *set = nullptr;
  if (out.size() > kLongestValue) return sqlite3_result_error_toobig(context);
  sqlite3_result_text(context, out.c_str(), static_cast<int>(out.size()), SQLITE_TRANSIENT);
}

}  // namespace

struct QueryRunner::State {
  evidence::Database db;
  std::string edition;
  std::map<std::string, std::string, std::less<>> known;  // views, and how each is made
  std::set<std::string, std::less<>> made;
  // While a statement is prepared: tables that its text names as such, and what the authorizer refused.
  std::set<std::string, std::less<>> named_tables;
  std::string refused;
};

namespace {

int authorize(void* at, int action, const char* first, const char* second, const char*, const char* inside) {
  auto& state = *static_cast<QueryRunner::State*>(at);
  const auto refuse = [&](std::string why) {
    if (state.refused.empty()) state.refused = std::move(why);
    return SQLITE_DENY;
  };
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION: {
      const std::string name = lower(second != nullptr ? second : "");
      if (std::find(std::begin(kFunctions), std::end(kFunctions), name) != std::end(kFunctions)) return SQLITE_OK;
      // The views' own text is ours.
      if (inside != nullptr && name == "instr") return SQLITE_OK;
      return refuse("the function " + name + "() is not for rules");
    }
    case SQLITE_READ: {
      // `inside` is the innermost view, or name given by WITH, that the read stands in. The views' own reads are ours.
      if (inside != nullptr && state.known.contains(inside)) return SQLITE_OK;
      const std::string name = first != nullptr ? first : "";
      if (state.known.contains(name) || name == "json_each" || name == "json_tree") return SQLITE_OK;
      // Without a column: a table of which only rows count. Once views are merged into the query this names their
      // tables, so that the text has to be asked (named_tables).
      if (second == nullptr || *second == 0) {
        if (!state.named_tables.contains(name) && !name.starts_with("sqlite_") && !name.starts_with("pragma_"))
          return SQLITE_OK;
      }
      if (evidence::find_table(name) != nullptr)
        return refuse("reads the table " + name +
                      ": rules read claim_* views, and facts through a view per source, such as firmware_" + name);
      return refuse("reads " + name + ", which is not for rules");
    }
    default:
      return refuse("only SELECT is allowed");
  }
}

}  // namespace

Result<std::vector<Token>> tokens(string_view sql) {
  std::vector<Token> out;
  std::size_t i = 0;
  while (i < sql.size()) {
    const char c = sql[i];
    if (is_space(c)) {
      ++i;
    } else if (c == '-' && i + 1 < sql.size() && sql[i + 1] == '-') {
      while (i < sql.size() && sql[i] != '\n') ++i;
    } else if (c == '/' && i + 1 < sql.size() && sql[i + 1] == '*') {
      const std::size_t end = sql.find("*/", i + 2);
      if (end == string_view::npos) return fail(Errc::invalid, "a comment is not closed");
      i = end + 2;
    } else if (c == '\'' || c == '"' || c == '`' || c == '[') {
      const char close = c == '[' ? ']' : c;
      Token token{c == '\'' ? Token::Kind::text : Token::Kind::word, {}};
      for (++i;; ++i) {
        if (i >= sql.size()) return fail(Errc::invalid, "a quote is not closed");
        if (sql[i] == close) {
          if (close == ']' || i + 1 >= sql.size() || sql[i + 1] != close) break;
          ++i;
        }
        token.text += sql[i];
      }
      ++i;
      out.push_back(std::move(token));
    } else if (is_digit(c)) {
      std::size_t end = i;
      while (end < sql.size() && (is_word(sql[end]) || sql[end] == '.')) ++end;
      out.push_back({Token::Kind::number, std::string(sql.substr(i, end - i))});
      i = end;
    } else if (is_word(c) || ((c == ':' || c == '@' || c == '?') && i + 1 <= sql.size())) {
      std::size_t end = i + 1;
      while (end < sql.size() && is_word(sql[end])) ++end;
      out.push_back({Token::Kind::word, std::string(sql.substr(i, end - i))});
      i = end;
    } else {
      std::size_t size = 1;
      for (const string_view sign : {"->>", "->", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>"})
        if (sql.substr(i).starts_with(sign)) {
          size = sign.size();
          break;
        }
      out.push_back({Token::Kind::sign, std::string(sql.substr(i, size))});
      i += size;
    }
  }
  return out;
}

namespace {

// Which views and which tables a text names. The authorizer alone cannot say: of EXISTS (SELECT 1 FROM view) and
// count(*) it reports only the tables behind the view, and inside WITH it reports the name that WITH gives. A view's
// name that stands for something else counts as read: too much is asked for then, never too little.
Result<void> names(const std::vector<Token>& all, const std::map<std::string, std::string, std::less<>>& known,
                   std::set<std::string, std::less<>>& views, std::set<std::string, std::less<>>& named_tables) {
  named_tables.clear();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind != Token::Kind::word) continue;
    const std::string word = lower(all[i].text);
    const std::string before = i > 0 && all[i - 1].kind != Token::Kind::text ? lower(all[i - 1].text) : "";
    if (evidence::find_table(word) != nullptr && (before == "from" || before == "join" || before == ","))
      named_tables.insert(word);
    if (!known.contains(word)) continue;
    views.insert(word);
    // WITH claim_auth AS (…), WITH claim_auth (a, b) AS (…): what stands behind the name would be taken for the view.
    std::size_t next = i + 1;
    if (next < all.size() && all[next].text == "(")
      while (next < all.size() && all[next++].text != ")") {
      }
    if (next + 1 < all.size() && lower(all[next].text) == "as" && all[next + 1].text == "(")
      return fail(Errc::invalid, "`" + word + "` is the name of a view: WITH needs another");
    if (next + 1 < all.size() && lower(all[next].text) == "as" &&
        (lower(all[next + 1].text) == "materialized" || lower(all[next + 1].text) == "not"))
      return fail(Errc::invalid, "`" + word + "` is the name of a view: WITH needs another");
  }
  return {};
}

}  // namespace

Result<void> check_text(string_view sql) {
  const std::vector<Token> all = ASSAY_TRY(tokens(sql));
  std::vector<bool> ordered{false};  // an ORDER BY was seen, by depth of parentheses
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Token& t = all[i];
    if (t.kind == Token::Kind::sign) {
      if (t.text == "(") ordered.push_back(false);
      if (t.text == ")") {
        if (ordered.size() == 1) return fail(Errc::invalid, "a `)` too many");
        ordered.pop_back();
      }
      if (t.text == ";" && i + 1 < all.size()) return fail(Errc::invalid, "one statement is run, not several");
      continue;
    }
    if (t.kind != Token::Kind::word) continue;
    const std::string word = lower(t.text);
    if (word == "rowid" || word == "oid" || word == "_rowid_")
      return fail(Errc::invalid, "`" + t.text + "` depends on how the rows were stored: use id");
    if (word == "order" && i + 1 < all.size() && lower(all[i + 1].text) == "by") ordered.back() = true;
    if (word == "limit" && !ordered.back()) return fail(Errc::invalid, "LIMIT without ORDER BY takes any rows");
    if ((word[0] == ':' && word != ":at" && word != ":edition" && word != ":entry") || word[0] == '@' || word[0] == '?')
      return fail(Errc::invalid, "`" + t.text + "` is no parameter: there are :at, :edition and :entry");
  }
  return {};
}

bool mentions_entry(string_view sql) {
  const auto all = tokens(sql);
  return all && std::any_of(all->begin(), all->end(),
                            [](const Token& t) { return t.kind == Token::Kind::word && t.text == ":entry"; });
}

bool Query::reads_claims() const {
  return std::any_of(views.begin(), views.end(), [](const std::string& v) { return v.starts_with("claim_"); });
}
bool Query::reads_facts() const {
  return std::any_of(views.begin(), views.end(), [](const std::string& v) { return !v.starts_with("claim_"); });
}

QueryRunner::QueryRunner() : state_(std::make_unique<State>()) {}
QueryRunner::QueryRunner(QueryRunner&&) noexcept = default;
QueryRunner& QueryRunner::operator=(QueryRunner&&) noexcept = default;
QueryRunner::~QueryRunner() = default;

namespace {

// Most of the hundreds of views are never asked for, and making one costs more than most queries.
Result<void> make(QueryRunner::State& state, const std::string& view) {
  const auto it = state.known.find(view);
  if (it == state.known.end() || !state.made.insert(view).second) return {};
  for (const Token& t : ASSAY_TRY(tokens(it->second)))  // views that this one reads
    if (t.kind == Token::Kind::word && t.text != view) ASSAY_TRY(make(state, t.text));
  sqlite3_set_authorizer(state.db.get(), nullptr, nullptr);
  const Result<void> done = evidence::execute(state.db.get(), it->second);
  sqlite3_set_authorizer(state.db.get(), authorize, &state);
  return done;
}

// CREATE TEMP VIEW name …
const std::map<std::string, std::string, std::less<>>& view_texts(string_view ts_edition) {
  static const auto read = [](string_view edition) {
    std::map<std::string, std::string, std::less<>> out;
    for (std::string& sql : evidence::view_statements(edition)) {
      const auto all = tokens(sql);
      ASSAY_CHECK(all && all->size() > 4 && (*all)[2].text == "VIEW");
      std::string name = (*all)[3].text;
      out.emplace(std::move(name), std::move(sql));
    }
    return out;
  };
  static const auto v1 = read("1.1.1"), v2 = read("2.1.1");
  return ts_edition == "1.1.1" ? v1 : v2;
}

}  // namespace

Result<QueryRunner> QueryRunner::open(evidence::Database db, string_view ts_edition,
                                      const std::vector<string_view>& texts, bool reverse) {
  QueryRunner out;
  State& state = *out.state_;
  state.db = std::move(db);
  state.edition = std::string(ts_edition);
  sqlite3* raw = state.db.get();
  state.known = view_texts(ts_edition);
  ASSAY_TRY(evidence::execute(raw, "PRAGMA temp_store=MEMORY"));
  if (reverse) ASSAY_TRY(evidence::execute(raw, "PRAGMA reverse_unordered_selects=ON"));
  for (const string_view text : texts)
    if (const auto all = tokens(text))
      for (const Token& t : *all)
        if (t.kind == Token::Kind::word) ASSAY_TRY(make(state, lower(t.text)));
  ASSAY_TRY(evidence::harden(raw, kLongestValue));
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  sqlite3_create_function_v2(raw, "date", -1, kFlags, nullptr, date_function, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(raw, "days_between", 2, kFlags, nullptr, days_between, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(raw, "listed", 1, kFlags, nullptr, nullptr, listed_step, listed_final, nullptr);
  sqlite3_set_authorizer(raw, authorize, &state);
  return out;
}

Result<Query> QueryRunner::prepare(string_view sql) {
  ASSAY_TRY(check_text(sql));
  state_->refused.clear();
  std::set<std::string, std::less<>> read;
  ASSAY_TRY(names(ASSAY_TRY(tokens(sql)), state_->known, read, state_->named_tables));
  for (const std::string& view : read) ASSAY_TRY(make(*state_, view));
  Result<evidence::Statement> statement = evidence::prepare(state_->db.get(), sql);
  if (!state_->refused.empty()) return fail(Errc::invalid, state_->refused);
  if (!statement) return fail(statement.error());
  Query out;
  out.statement = std::move(*statement);
  if (sqlite3_column_count(out.statement.get()) == 0 || sqlite3_stmt_readonly(out.statement.get()) == 0)
    return fail(Errc::invalid, "only SELECT is allowed");
  for (int c = 0; c < sqlite3_column_count(out.statement.get()); ++c)
    out.columns.emplace_back(sqlite3_column_name(out.statement.get(), c));
  out.views = std::move(read);
  return out;
}

Result<std::vector<Row>> QueryRunner::run(Query& query, const Date& at, std::optional<string_view> entry) {
  sqlite3_stmt* s = query.statement.get();
  sqlite3_clear_bindings(s);
  const std::string day = at.iso();
  const auto bind = [&](const char* name, std::optional<string_view> value) {
    if (const int index = sqlite3_bind_parameter_index(s, name); index > 0 && value)
      sqlite3_bind_text(s, index, value->data(), static_cast<int>(value->size()), SQLITE_TRANSIENT);
  };
  bind(":at", day);
  bind(":edition", state_->edition);
  bind(":entry", entry);
  evidence::QueryResult result = ASSAY_TRY(evidence::run(state_->db.get(), s, kLimits));
  std::sort(result.rows.begin(), result.rows.end());
  return std::move(result.rows);
}

}  // namespace assay::judge
