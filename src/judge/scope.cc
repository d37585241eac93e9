#include "judge/scope.h"

#include <algorithm>
#include <charconv>

#include "base/data.h"
#include "base/json.h"
#include "base/text.h"
#include "judge/sql.h"

namespace assay::judge {

struct ScopeCondition::Term {
  enum class Kind : unsigned char { all, any, none, compare };
  struct Literal {
    enum class Kind : unsigned char { number, text, entry, edition, null } kind = Kind::null;
    double number = 0;
    std::string text;
  };
  Kind kind = Kind::all;
  std::vector<Term> terms;  // of all, any (any number) and none (one)
  std::string key;          // of compare
  const ScopeKey* typed = nullptr;
  std::string op;  // = <> < <= > >= is isnot in
  std::vector<Literal> values;
};

namespace {

using Term = ScopeCondition::Term;
enum class Truth : unsigned char { no, unknown, yes };

Result<std::vector<ScopeKey>> read_schema() {
  const Node& root = *ASSAY_TRY(data::file("standards/scopes.yaml"));
  std::vector<ScopeKey> out;
  for (const Node& group : root["scopes"].items())
    for (const Node& k : group["keys"].items()) {
      ScopeKey key{group["source"].text(), group["table"].text(), k["key"].text(),
                   ScopeType::text,        k["words"].texts(),    k["about"].text()};
      const std::string& type = k["type"].text();
      if (type == "word")
        key.type = ScopeType::word;
      else if (type == "number")
        key.type = ScopeType::number;
      else if (type != "text")
        return fail(Errc::invalid, "scopes.yaml: " + key.key + " has no type");
      if (key.key.empty() || key.source.empty() || key.table.empty() ||
          (key.type == ScopeType::word && key.words.empty()))
        return fail(Errc::invalid, "scopes.yaml: a key lacks its source, table, name or words");
      out.push_back(std::move(key));
    }
  return out;
}

class Parser {
 public:
  Parser(std::vector<Token> tokens, std::string_view source, std::string_view table)
      : tokens_(std::move(tokens)), source_(source), table_(table) {}

  Result<Term> whole() {
    Term t = ASSAY_TRY(any(0));
    if (at_ < tokens_.size()) return wrong("nothing more");
    return t;
  }

 private:
  tl::unexpected<Error> wrong(std::string_view wanted) const {
    const std::string found = at_ < tokens_.size() ? "`" + tokens_[at_].text + "`" : "the end";
    return fail(Errc::invalid, "in a condition on scope: " + std::string(wanted) + " expected, found " + found);
  }
  bool take(std::string_view text) {
    if (at_ >= tokens_.size() || tokens_[at_].kind == Token::Kind::text || lower(tokens_[at_].text) != text)
      return false;
    ++at_;
    return true;
  }
  Result<Term> any(int depth) {
    if (depth > 16) return fail(Errc::limit, "a condition on scope is nested too deeply");
    Term out{.kind = Term::Kind::any, .terms = {}, .key = {}, .typed = nullptr, .op = {}, .values = {}};
    do out.terms.push_back(ASSAY_TRY(all(depth)));
    while (take("or"));
    return out;
  }
  Result<Term> all(int depth) {
    Term out;
    do out.terms.push_back(ASSAY_TRY(one(depth)));
    while (take("and"));
    return out;
  }
  Result<Term> one(int depth) {
    if (take("not")) {
      if (depth > 16) return fail(Errc::limit, "a condition on scope is nested too deeply");
      Term out;
      out.kind = Term::Kind::none;
      out.terms.push_back(ASSAY_TRY(one(depth + 1)));
      return out;
    }
    if (take("(")) {
      Term inner = ASSAY_TRY(any(depth + 1));
      if (!take(")")) return wrong("`)`");
      return inner;
    }
    if (!take("scope") || !take("->>")) return wrong("scope->>'key'");
    Term out;
    out.kind = Term::Kind::compare;
    if (at_ >= tokens_.size() || tokens_[at_].kind != Token::Kind::text) return wrong("a key in quotes");
    out.key = tokens_[at_++].text;
    out.typed = scope_key(source_, table_, out.key);
    if (out.typed == nullptr)
      return fail(Errc::invalid, "scope has no key `" + out.key + "` for " + source_ + " and " + table_ +
                                     " (data/standards/scopes.yaml)");
    if (take("in")) {
      out.op = "in";
      if (!take("(")) return wrong("`(`");
      do out.values.push_back(ASSAY_TRY(literal(*out.typed, out.op)));
      while (take(","));
      if (!take(")")) return wrong("`)`");
      return out;
    }
    if (take("is"))
      out.op = take("not") ? "isnot" : "is";
    else {
      for (const std::string_view op : {"=", "==", "<>", "!=", "<=", ">=", "<", ">"})
        if (take(op)) {
          out.op = op == "==" ? "=" : op == "!=" ? "<>" : op;
          break;
        }
      if (out.op.empty()) return wrong("a comparison");
    }
    out.values.push_back(ASSAY_TRY(literal(*out.typed, out.op)));
    return out;
  }
  Result<Term::Literal> literal(const ScopeKey& key, std::string_view op) {
    using Kind = Term::Literal::Kind;
    if (at_ >= tokens_.size()) return wrong("a value");
    const Token& token = tokens_[at_];
    Term::Literal out;
    if (token.kind == Token::Kind::number) {
      out.kind = Kind::number;
      const auto [end, error] = std::from_chars(token.text.data(), token.text.data() + token.text.size(), out.number);
      if (error != std::errc() || end != token.text.data() + token.text.size()) return wrong("a number");
    } else if (token.kind == Token::Kind::text) {
      out.kind = Kind::text;
      out.text = token.text;
    } else if (token.text == ":entry") {
      out.kind = Kind::entry;
    } else if (token.text == ":edition") {
      out.kind = Kind::edition;
    } else if (lower(token.text) == "null" && (op == "is" || op == "isnot")) {
      out.kind = Kind::null;
    } else {
      return wrong("a value");
    }
    ++at_;
    if (out.kind == Kind::null) return out;
    if ((key.type == ScopeType::number) != (out.kind == Kind::number))
      return fail(Errc::invalid,
                  "scope's `" + key.key + "` is " + (key.type == ScopeType::number ? "a number" : "no number"));
    if (key.type != ScopeType::number &&
        (op.find('<') != std::string_view::npos || op.find('>') != std::string_view::npos) && op != "<>")
      return fail(Errc::invalid, "scope's `" + key.key + "` has no order");
    if (key.type == ScopeType::word && out.kind == Kind::text &&
        std::find(key.words.begin(), key.words.end(), out.text) == key.words.end())
      return fail(Errc::invalid, "scope's `" + key.key + "` is never `" + out.text + "`: " + join(key.words, ", "));
    return out;
  }

  std::vector<Token> tokens_;
  std::string source_, table_;
  std::size_t at_ = 0;
};

Truth negate(Truth t) { return t == Truth::yes ? Truth::no : t == Truth::no ? Truth::yes : Truth::unknown; }

Truth compare(const Term& t, const Node& scope, std::optional<std::string_view> entry, std::string_view edition) {
  using Kind = Term::Literal::Kind;
  const Node* found = scope.find(t.key);
  std::optional<double> number;
  std::optional<std::string_view> text;
  if (found != nullptr && found->is_text()) {
    if (t.typed->type == ScopeType::number)
      number = found->number();
    else if (found->style() == Node::Style::quoted &&
             (t.typed->type == ScopeType::text ||
              std::find(t.typed->words.begin(), t.typed->words.end(), found->text()) != t.typed->words.end()))
      text = found->text();
  }
  const bool null = !number && !text;
  Truth out = Truth::no;
  for (const Term::Literal& v : t.values) {
    if (v.kind == Kind::null) return (t.op == "is") == null ? Truth::yes : Truth::no;
    if (v.kind == Kind::entry && !entry) return Truth::yes;
    if (null) {
      // `IS NOT 'x'` of a key that is not there would hold in SQL: silence about the scope must not satisfy a need.
      return t.op == "is" ? Truth::no : Truth::unknown;
    }
    bool holds = false;
    if (number) {
      holds = t.op == "<"                       ? *number < v.number
              : t.op == "<="                    ? *number <= v.number
              : t.op == ">"                     ? *number > v.number
              : t.op == ">="                    ? *number >= v.number
              : t.op == "<>" || t.op == "isnot" ? *number != v.number
                                                : *number == v.number;
    } else {
      const std::string_view wanted = v.kind == Kind::entry     ? *entry
                                      : v.kind == Kind::edition ? edition
                                                                : std::string_view(v.text);
      holds = t.op == "<>" || t.op == "isnot" ? *text != wanted : *text == wanted;
    }
    if (holds) out = Truth::yes;
  }
  return out;
}

Truth evaluate(const Term& t, const Node& scope, std::optional<std::string_view> entry, std::string_view edition) {
  switch (t.kind) {
    case Term::Kind::compare:
      return compare(t, scope, entry, edition);
    case Term::Kind::none:
      return negate(evaluate(t.terms[0], scope, entry, edition));
    case Term::Kind::all: {
      Truth out = Truth::yes;
      for (const Term& part : t.terms) out = std::min(out, evaluate(part, scope, entry, edition));
      return out;
    }
    case Term::Kind::any: {
      Truth out = Truth::no;
      for (const Term& part : t.terms) out = std::max(out, evaluate(part, scope, entry, edition));
      return out;
    }
  }
  return Truth::no;
}

bool mentions_entry(const Term& t) {
  for (const Term::Literal& v : t.values)
    if (v.kind == Term::Literal::Kind::entry) return true;
  return std::any_of(t.terms.begin(), t.terms.end(), mentions_entry);
}

std::string number_words(double n) {
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, n).ptr};
}

std::string say(const Term& t) {
  using Kind = Term::Literal::Kind;
  if (t.kind == Term::Kind::compare) {
    std::string out = t.key + (t.op == "in"      ? " is one of "
                               : t.op == "is"    ? " = "
                               : t.op == "isnot" ? " <> "
                                                 : " " + t.op + " ");
    for (std::size_t i = 0; i < t.values.size(); ++i) {
      const Term::Literal& v = t.values[i];
      out += i ? ", " : "";
      out += v.kind == Kind::number    ? number_words(v.number)
             : v.kind == Kind::text    ? v.text
             : v.kind == Kind::entry   ? "the entry"
             : v.kind == Kind::edition ? "the edition"
                                       : "nothing";
    }
    return out;
  }
  if (t.kind == Term::Kind::none) return "not (" + say(t.terms[0]) + ")";
  std::string out;
  for (const Term& part : t.terms) out += (out.empty() ? "" : t.kind == Term::Kind::all ? ", " : " or ") + say(part);
  return t.kind == Term::Kind::any && t.terms.size() > 1 ? "(" + out + ")" : out;
}

// The first way to satisfy it: every comparison of `all`, the first of `any`.
void satisfy(const Term& t, std::string_view entry, std::string_view edition, std::map<std::string, std::string>& out) {
  using Kind = Term::Literal::Kind;
  if (t.kind == Term::Kind::all)
    for (const Term& part : t.terms) satisfy(part, entry, edition, out);
  if (t.kind == Term::Kind::any) satisfy(t.terms.front(), entry, edition, out);
  if (t.kind != Term::Kind::compare || t.values.empty() || t.values[0].kind == Kind::null) return;
  const Term::Literal& v = t.values[0];
  if (v.kind == Kind::number) {
    out[t.key] = number_words(t.op == ">" ? v.number + 1 : t.op == "<" ? v.number - 1 : v.number);
    return;
  }
  std::string text = v.kind == Kind::entry     ? std::string(entry)
                     : v.kind == Kind::edition ? std::string(edition)
                                               : v.text;
  if (t.op == "<>" || t.op == "isnot")
    for (const std::string& word : t.typed->words)
      if (word != v.text) text = word;
  JsonWriter json;
  out[t.key] = json.value(text).take();
}

}  // namespace

Result<const std::vector<ScopeKey>*> scope_schema() {
  static const Result<std::vector<ScopeKey>> schema = read_schema();
  if (!schema) return fail(schema.error());
  return &*schema;
}

const ScopeKey* scope_key(std::string_view source, std::string_view table, std::string_view key) {
  const auto schema = scope_schema();
  if (!schema) return nullptr;
  for (const ScopeKey& k : **schema)
    if (k.key == key && (k.source == "*" || k.source == source) && (k.table == "*" || k.table == table)) return &k;
  return nullptr;
}

ScopeCondition::ScopeCondition() = default;
ScopeCondition::ScopeCondition(const ScopeCondition&) = default;
ScopeCondition& ScopeCondition::operator=(const ScopeCondition&) = default;
ScopeCondition::~ScopeCondition() = default;

Result<ScopeCondition> ScopeCondition::parse(std::string_view text, std::string_view source, std::string_view table) {
  ASSAY_TRY(scope_schema());
  ScopeCondition out;
  if (trim(text).empty()) return out;
  Parser parser(ASSAY_TRY(tokens(text)), source, table);
  out.root_ = std::make_shared<const Term>(ASSAY_TRY(parser.whole()));
  return out;
}

bool ScopeCondition::uses_entry() const { return root_ && mentions_entry(*root_); }

bool ScopeCondition::holds(const Node& scope, std::optional<std::string_view> entry, std::string_view edition) const {
  return !root_ || evaluate(*root_, scope, entry, edition) == Truth::yes;
}

std::string ScopeCondition::example(std::string_view entry, std::string_view edition) const {
  std::map<std::string, std::string> keys;
  if (root_) satisfy(*root_, entry, edition, keys);
  std::string out = "{";
  for (const auto& [key, value] : keys) out += (out.size() > 1 ? ",\"" : "\"") + key + "\":" + value;
  return out + "}";
}

std::string ScopeCondition::words() const { return root_ ? say(*root_) : std::string(); }

}  // namespace assay::judge
