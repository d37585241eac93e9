#include "inspect/shell.h"

#include <map>

#include "base/text.h"

namespace assay::inspect {
namespace {

using std::string;
using std::string_view;

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::size_t kMostCommands = 20'000;
constexpr std::size_t kMostValue = 4096;
constexpr int kMostNesting = 64;

bool is_name(string_view text) {
  if (text.empty() || is_digit(text[0])) return false;
  for (const char c : text)
    if (!is_alnum(c) && c != '_') return false;
  return true;
}

class ShellReader {
 public:
  explicit ShellReader(string_view text) : text_(text.substr(0, kMostBytes)) {}

  std::vector<Command> run() {
    while (at_ < text_.size() && out_.size() < kMostCommands) step();
    finish();
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void new_line() {
    ++line_;
    ++at_;
    for (const string& mark : heredocs_) {
      while (at_ < text_.size()) {
        std::size_t end = text_.find('\n', at_);
        if (end == string_view::npos) end = text_.size();
        const string_view l = trim(text_.substr(at_, end - at_));
        at_ = std::min(end + 1, text_.size());
        ++line_;
        if (l == mark) break;
      }
    }
    heredocs_.clear();
  }

  void step() {
    const char c = peek();
    if (c == '\n') {
      finish();
      joined_ = false;
      new_line();
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (c == '\\' && peek(1) == '\n') {
      at_ += 2;
      ++line_;
    } else if (c == '#') {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else if (c == ';') {
      finish();
      joined_ = false;
      at_ += peek(1) == ';' ? 2 : 1;
      if (text_[at_ - 1] == ';' && at_ >= 2 && text_[at_ - 2] == ';' && !cases_.empty()) cases_.back() = "";
    } else if (c == '&' || c == '|') {
      const bool twice = peek(1) == c;
      if (c == '&' && peek(1) == '>') {  // &>file
        at_ += 2;
        redirect();
        return;
      }
      if (c == '&' && !twice) now_.background = true;
      finish();
      joined_ = twice;
      if (c == '|' && !twice) next_piped_ = true;
      at_ += twice ? 2 : 1;
      if (c == '|' && !twice && peek() == '&') ++at_;
    } else if (c == '<' || c == '>') {
      redirection();
    } else if (c == '(' || c == ')') {
      finish();
      joined_ = false;
      ++at_;
    } else {
      word();
    }
  }

  void redirection() {
    if (text_.substr(at_).starts_with("<<<")) {
      at_ += 3;
      redirect();
      return;
    }
    if (text_.substr(at_).starts_with("<<")) {
      at_ += 2;
      if (peek() == '-') ++at_;
      while (peek() == ' ' || peek() == '\t') ++at_;
      string mark;
      while (at_ < text_.size() && !is_space(peek()) && peek() != ';' && peek() != '|' && peek() != '&' &&
             peek() != ')') {
        if (peek() != '"' && peek() != '\'' && peek() != '\\') mark += peek();
        ++at_;
      }
      if (!mark.empty()) heredocs_.push_back(mark);
      return;
    }
    at_ += peek(1) == '>' || peek(1) == '&' || peek(1) == '|' ? 2 : 1;
    redirect();
  }
  void redirect() {  // the file's name is no word of the command
    while (peek() == ' ' || peek() == '\t') ++at_;
    if (at_ < text_.size() && peek() != '\n') read_word();
  }

  struct Word {
    string text;
    bool quoted = false;
    std::size_t from = 0, to = 0;
  };

  Word read_word() {
    Word w;
    w.from = at_;
    while (at_ < text_.size()) {
      const char c = peek();
      if (is_space(c) || c == ';' || c == '&' || c == '|' || c == '<' || c == '>' || c == '(' || c == ')') {
        if (c == '(' && !w.text.empty() && w.text.back() == '=' && at_ > w.from) {  // bash arrays: as written
          copy_nested('(', ')', w.text);
          continue;
        }
        break;
      }
      if (c == '\'') {
        w.quoted = true;
        ++at_;
        while (at_ < text_.size() && text_[at_] != '\'') plain(w.text);
        ++at_;
      } else if (c == '"') {
        w.quoted = true;
        ++at_;
        while (at_ < text_.size() && text_[at_] != '"') {
          if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
            ++at_;
            if (text_[at_] == '\n') {
              ++line_;
              ++at_;
            } else {
              plain(w.text);
            }
          } else if (text_[at_] == '$') {
            dollar(w.text);
          } else if (text_[at_] == '`') {
            backtick(w.text);
          } else {
            plain(w.text);
          }
        }
        ++at_;
      } else if (c == '\\') {
        ++at_;
        if (peek() == '\n') {
          ++line_;
          ++at_;
        } else if (at_ < text_.size()) {
          plain(w.text);
        }
      } else if (c == '$') {
        dollar(w.text);
      } else if (c == '`') {
        backtick(w.text);
      } else {
        plain(w.text);
      }
    }
    at_ = std::min(at_, text_.size());
    w.to = at_;
    return w;
  }
  void plain(string& into) {
    if (text_[at_] == '\n') ++line_;
    if (into.size() < kMostValue) into += text_[at_];
    ++at_;
  }
  // Copies from an opening to its closing character, both included.
  void copy_nested(char open, char close, string& into) {
    int depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == open) ++depth;
      if (c == close) --depth;
      plain(into);
      if (depth <= 0) break;
    }
  }
  void backtick(string& into) {
    plain(into);
    while (at_ < text_.size() && text_[at_] != '`') plain(into);
    if (at_ < text_.size()) plain(into);
  }
  void dollar(string& into) {
    const std::size_t from = at_++;
    if (peek() == '(') {
      into += '$';
      copy_nested('(', ')', into);
      return;
    }
    if (peek() == '{') {
      string inside;
      copy_nested('{', '}', inside);
      if (inside.size() < 2) return;
      const string_view body = string_view(inside).substr(1, inside.size() - 2);
      std::size_t n = 0;
      while (n < body.size() && (is_alnum(body[n]) || body[n] == '_')) ++n;
      const string name(body.substr(0, n));
      const string_view rest = body.substr(n);
      const auto known = variables_.find(name);
      if (is_name(name) && known != variables_.end() &&
          (rest.empty() || rest.starts_with(":-") || rest.starts_with("-"))) {
        add(into, known->second);
      } else if (is_name(name) && rest.starts_with(":-") && known == variables_.end() &&
                 rest.find('$') == string_view::npos) {
        add(into, rest.substr(2));
      } else {
        add(into, "$" + inside);
      }
      return;
    }
    std::size_t n = 0;
    while (is_alnum(peek(n)) || peek(n) == '_') ++n;
    const string name(text_.substr(at_, n));
    if (is_name(name)) {
      at_ += n;
      const auto known = variables_.find(name);
      add(into, known != variables_.end() ? string_view(known->second) : text_.substr(from, at_ - from));
      return;
    }
    into += '$';  // $1, $@, $? and the like: as written
    if (at_ < text_.size() && !is_space(peek()) && peek() != '"' && peek() != '\'') plain(into);
  }
  static void add(string& into, string_view text) {
    if (into.size() < kMostValue) into += text.substr(0, kMostValue);
  }

  void word() {
    Word w = read_word();
    if (w.to == w.from) {
      ++at_;
      return;
    }
    if (peek() == '>' || peek() == '<') {
      // 2>&1: the number belongs to the redirection
      if (!w.quoted && w.text.size() == 1 && is_digit(w.text[0])) return redirection();
    }
    if (now_.words.empty() && !w.quoted && keyword(w)) return;
    if (now_.words.empty()) {
      const std::size_t equals = w.text.find('=');
      if (equals != string::npos && is_name(string_view(w.text).substr(0, equals)) && text_[w.from] != '"' &&
          text_[w.from] != '\'') {
        variables_[w.text.substr(0, equals)] = w.text.substr(equals + 1);
        now_.assigned.push_back(w.text);
        if (now_.size == 0) start(w);
        now_.size = w.to - now_.at;
        return;
      }
      if (now_.assigned.empty()) start(w);
    } else if (is_assigning()) {
      const std::size_t equals = w.text.find('=');
      if (equals != string::npos && is_name(string_view(w.text).substr(0, equals)))
        variables_[w.text.substr(0, equals)] = w.text.substr(equals + 1);
    }
    now_.size = w.to - now_.at;
    if (now_.words.size() < 256) now_.words.push_back(std::move(w.text));
  }
  bool is_assigning() const {
    return now_.words[0] == "export" || now_.words[0] == "local" || now_.words[0] == "readonly";
  }
  void start(const Word& w) {
    now_.at = w.from;
    now_.line = line_;
  }

  bool keyword(const Word& w) {
    const string_view t = w.text;
    // name() { … }
    if (peek() == '(' && is_function_head()) {
      const std::size_t close = text_.find(')', at_);
      at_ = close + 1;
      function_ = string(t);
      function_depth_ = braces_;
      return true;
    }
    if (t == "function") {
      while (peek() == ' ' || peek() == '\t') ++at_;
      const Word name = read_word();
      function_ = name.text;
      function_depth_ = braces_;
      return true;
    }
    if (t == "{") {
      if (++braces_ < kMostNesting && joined_) conditional_from_.push_back(braces_);
      joined_ = false;
      return true;
    }
    if (t == "}") {
      if (!conditional_from_.empty() && conditional_from_.back() == braces_) conditional_from_.pop_back();
      if (braces_ > 0) --braces_;
      if (braces_ <= function_depth_) function_.clear();
      return true;
    }
    if (t == "if" || t == "while" || t == "until") {
      if (nesting_ < kMostNesting) ++nesting_;
      return true;
    }
    if (t == "for" || t == "select") {
      if (nesting_ < kMostNesting) ++nesting_;
      while (at_ < text_.size() && peek() != '\n' && peek() != ';') ++at_;
      return true;
    }
    if (t == "fi" || t == "done") {
      if (nesting_ > 0) --nesting_;
      return true;
    }
    if (t == "then" || t == "else" || t == "elif" || t == "do" || t == "!" || t == "time") return true;
    if (t == "case") {
      while (at_ < text_.size() && peek() != '\n') {
        const Word next = read_word();
        if (next.text == "in") break;
        if (next.to == next.from) ++at_;
        if (next.from == next.to && peek() == '\n') break;
      }
      if (cases_.size() < kMostNesting) cases_.emplace_back();
      return true;
    }
    if (t == "esac") {
      if (!cases_.empty()) cases_.pop_back();
      return true;
    }
    if (!cases_.empty() && cases_.back().empty()) {
      // A label: everything up to the closing parenthesis.
      std::size_t end = w.from;
      while (end < text_.size() && text_[end] != ')' && text_[end] != '\n') ++end;
      if (end < text_.size() && text_[end] == ')') {
        string label;
        for (const char c : text_.substr(w.from, end - w.from))
          if (c != '"' && c != '\'' && c != ' ') label += c;
        cases_.back() = label.empty() ? "?" : label.substr(0, 128);
        at_ = end + 1;
        return true;
      }
    }
    return false;
  }
  bool is_function_head() const {
    std::size_t i = at_ + 1;
    while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t')) ++i;
    return i < text_.size() && text_[i] == ')';
  }

  void finish() {
    if (!now_.words.empty() || !now_.assigned.empty()) {
      now_.function = function_;
      now_.label = cases_.empty() ? "" : cases_.back();
      now_.piped = next_piped_;
      now_.conditional = joined_ || nesting_ > 0 || !cases_.empty() || !conditional_from_.empty();
      out_.push_back(std::move(now_));
      next_piped_ = false;
    }
    now_ = {};
  }

  string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  Command now_;
  bool next_piped_ = false;
  bool joined_ = false;
  int nesting_ = 0;
  int braces_ = 0;
  int function_depth_ = 0;
  std::vector<int> conditional_from_;  // depths of braces behind && or ||
  string function_;
  std::vector<string> cases_;
  std::vector<string> heredocs_;
  std::map<string, string> variables_;
  std::vector<Command> out_;
};

}  // namespace

std::vector<Command> read_shell(string_view script) { return ShellReader(script).run(); }

string_view base_name(string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace assay::inspect
