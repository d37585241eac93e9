// JSON into a Node. nlohmann-json's own tree keeps the last of two equal keys and dies on deep nesting, so this is a
// reader of ours: RFC 8259, strict, with marks. Writing is in json.h.
#include "base/json.h"

#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "base/node.h"
#include "base/text.h"

namespace assay {
namespace {

class JsonReader {
 public:
  JsonReader(std::string_view text, std::string_view name, const NodeLimits& limits)
      : text_(text), name_(name), limits_(limits) {}

  Result<Node> document() {
    skip_space();
    Node root = ASSAY_TRY(value(0));
    skip_space();
    if (at_ != text_.size()) return error("something stands behind the document");
    return root;
  }

 private:
  tl::unexpected<Error> error(std::string what, Errc code = Errc::malformed) const {
    const Mark m = mark();
    return fail(Error{code, std::move(what), fmt::format("{}:{}:{}", name_, m.line, m.column), at_, {}});
  }
  Mark mark() const { return {line_, static_cast<std::uint32_t>(at_ - line_start_ + 1)}; }
  void skip_space() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
      ++at_;
    }
  }
  bool eat(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Result<Node> value(std::uint32_t depth) {
    if (depth > limits_.depth) return error(fmt::format("nested deeper than {} levels", limits_.depth), Errc::limit);
    if (++count_ > limits_.nodes) return error(fmt::format("more than {} values", limits_.nodes), Errc::limit);
    if (at_ >= text_.size()) return error("the document ends too early", Errc::truncated);
    const Mark here = mark();
    Node out;
    const char c = text_[at_];
    if (c == '{') {
      ++at_;
      out = Node::mapping();
      std::unordered_set<std::string> seen;
      skip_space();
      if (!eat('}')) {
        for (;;) {
          skip_space();
          const Mark key_mark = mark();
          if (at_ >= text_.size() || text_[at_] != '"') return error("a name in double quotes was expected");
          std::string key = ASSAY_TRY(string());
          if (!seen.insert(key).second) return error(fmt::format("the name '{}' stands here twice", key));
          skip_space();
          if (!eat(':')) return error("':' was expected");
          skip_space();
          Node member = ASSAY_TRY(value(depth + 1));
          out.members().push_back({std::move(key), key_mark, std::move(member)});
          skip_space();
          if (eat(',')) continue;
          if (eat('}')) break;
          return error("',' or '}' was expected");
        }
      }
    } else if (c == '[') {
      ++at_;
      out = Node::sequence();
      skip_space();
      if (!eat(']')) {
        for (;;) {
          skip_space();
          out.items().push_back(ASSAY_TRY(value(depth + 1)));
          skip_space();
          if (eat(',')) continue;
          if (eat(']')) break;
          return error("',' or ']' was expected");
        }
      }
    } else if (c == '"') {
      out = Node(ASSAY_TRY(string()), Node::Style::quoted);
    } else {
      const std::size_t from = at_;
      while (at_ < text_.size() &&
             (is_alnum(text_[at_]) || text_[at_] == '-' || text_[at_] == '+' || text_[at_] == '.'))
        ++at_;
      const std::string_view word = text_.substr(from, at_ - from);
      if (word == "true" || word == "false")
        out = Node(std::string(word), Node::Style::plain);
      else if (word != "null") {
        if (!is_number(word)) {
          at_ = from;
          return error("a value was expected");
        }
        out = Node(std::string(word), Node::Style::plain);
      }
    }
    out.set_mark(here);
    return out;
  }

  static bool is_number(std::string_view w) {
    std::size_t i = 0;
    const auto digits = [&] {
      const std::size_t from = i;
      while (i < w.size() && w[i] >= '0' && w[i] <= '9') ++i;
      return i - from;
    };
    if (i < w.size() && w[i] == '-') ++i;
    const std::size_t first = i;
    const std::size_t whole = digits();
    if (whole == 0 || (whole > 1 && w[first] == '0')) return false;
    if (i < w.size() && w[i] == '.') {
      ++i;
      if (digits() == 0) return false;
    }
    if (i < w.size() && (w[i] == 'e' || w[i] == 'E')) {
      ++i;
      if (i < w.size() && (w[i] == '+' || w[i] == '-')) ++i;
      if (digits() == 0) return false;
    }
    return i == w.size();
  }

  Result<std::uint32_t> hex4() {
    if (text_.size() - at_ < 4) return error("a \\u needs four digits", Errc::truncated);
    std::uint32_t v = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = text_[at_++];
      v <<= 4;
      if (c >= '0' && c <= '9')
        v |= static_cast<std::uint32_t>(c - '0');
      else if (c >= 'a' && c <= 'f')
        v |= static_cast<std::uint32_t>(c - 'a' + 10);
      else if (c >= 'A' && c <= 'F')
        v |= static_cast<std::uint32_t>(c - 'A' + 10);
      else
        return error("a \\u needs four hexadecimal digits");
    }
    return v;
  }

  Result<std::string> string() {
    ++at_;
    std::string out;
    for (;;) {
      if (at_ >= text_.size()) return error("a string has no end", Errc::truncated);
      const char c = text_[at_++];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) return error("a control character stands in a string");
      if (c != '\\') {
        out += c;
        continue;
      }
      if (at_ >= text_.size()) return error("a string has no end", Errc::truncated);
      switch (text_[at_++]) {
        case '"':
          out += '"';
          break;
        case '\\':
          out += '\\';
          break;
        case '/':
          out += '/';
          break;
        case 'b':
          out += '\b';
          break;
        case 'f':
          out += '\f';
          break;
        case 'n':
          out += '\n';
          break;
        case 'r':
          out += '\r';
          break;
        case 't':
          out += '\t';
          break;
        case 'u': {
          std::uint32_t v = ASSAY_TRY(hex4());
          if (v >= 0xd800 && v < 0xdc00) {
            if (!(eat('\\') && eat('u'))) return error("half of a surrogate pair");
            const std::uint32_t low = ASSAY_TRY(hex4());
            if (low < 0xdc00 || low > 0xdfff) return error("half of a surrogate pair");
            v = 0x10000 + ((v - 0xd800) << 10) + (low - 0xdc00);
          } else if (v >= 0xdc00 && v < 0xe000) {
            return error("half of a surrogate pair");
          }
          append_utf8(out, v);
          break;
        }
        default:
          return error("an escape that JSON does not have");
      }
    }
    if (!is_utf8(out)) return error("a string that is not UTF-8");
    return out;
  }

  std::string_view text_;
  std::string name_;
  NodeLimits limits_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t count_ = 0;
};

void append_quoted(std::string& out, std::string_view text) {
  // The hidden ones of a log or a diff are written as escapes: the same data, and nobody is deceived.
  const auto plain = [&](std::size_t at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) return false;
    return (c != 0xc2 && c != 0xd8 && c != 0xe2 && c != 0xef) || hidden_length(text.substr(at)) == 0;
  };
  out += '"';
  while (!text.empty()) {
    // Most of it is plain: taken over in runs.
    std::size_t run = 0;
    while (run < text.size() && plain(run)) ++run;
    out.append(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) break;
    const char c = text.front();
    if (const std::size_t n = hidden_length(text); n > 1) {
      const auto low = [&](std::size_t i) {
        return static_cast<unsigned>(static_cast<unsigned char>(text[i])) & 0x3fu;
      };
      const unsigned lead = static_cast<unsigned char>(c);
      out +=
          fmt::format("\\u{:04x}", n == 2 ? (lead & 0x1fu) << 6 | low(1) : (lead & 0xfu) << 12 | low(1) << 6 | low(2));
      text.remove_prefix(n);
      continue;
    }
    text.remove_prefix(1);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    }
  }
  out += '"';
}
// Text that is not UTF-8 gets U+FFFD.
void append_text(std::string& out, std::string_view text) {
  if (is_utf8(text))
    append_quoted(out, text);
  else
    append_quoted(out, clean_utf8(text));
}

}  // namespace

Result<Node> parse_json(std::string_view text, std::string_view name, const NodeLimits& limits) {
  if (text.size() > limits.bytes)
    return fail(Error{Errc::limit,
                      fmt::format("{} bytes; at most {} are read", text.size(), limits.bytes),
                      std::string(name),
                      {},
                      {}});
  return JsonReader(text, name, limits).document();
}

void JsonWriter::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!open_.empty()) {
    if (open_.back().count++ > 0) out_ += ',';
    line_break();
  }
}
void JsonWriter::line_break() {
  if (indent_ <= 0 || (!open_.empty() && open_.back().flat)) return;
  out_ += '\n';
  out_.append(open_.size() * static_cast<std::size_t>(indent_), ' ');
}
void JsonWriter::open(char bracket, bool flat) {
  before_value();
  out_ += bracket;
  const bool inherited = !open_.empty() && open_.back().flat;
  open_.push_back({0, flat || inherited});
}
void JsonWriter::close(char bracket) {
  ASSAY_CHECK(!open_.empty() && !after_key_);
  const bool had = open_.back().count > 0;
  const bool flat = open_.back().flat;
  open_.pop_back();
  if (had && !flat) line_break_closing();
  out_ += bracket;
}
void JsonWriter::line_break_closing() {
  if (indent_ <= 0) return;
  out_ += '\n';
  out_.append(open_.size() * static_cast<std::size_t>(indent_), ' ');
}
JsonWriter& JsonWriter::object(bool flat) {
  open('{', flat);
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  close('}');
  return *this;
}
JsonWriter& JsonWriter::array(bool flat) {
  open('[', flat);
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  close(']');
  return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
  ASSAY_CHECK(!open_.empty() && !after_key_);
  if (open_.back().count++ > 0) out_ += ',';
  line_break();
  append_text(out_, name);
  out_ += indent_ > 0 ? ": " : ":";
  after_key_ = true;
  return *this;
}
JsonWriter& JsonWriter::value(std::string_view text) {
  before_value();
  append_text(out_, text);
  return *this;
}
JsonWriter& JsonWriter::value(bool truth) {
  before_value();
  out_ += truth ? "true" : "false";
  return *this;
}
JsonWriter& JsonWriter::value(std::int64_t number) {
  before_value();
  out_ += std::to_string(number);
  return *this;
}
JsonWriter& JsonWriter::value(std::uint64_t number) {
  before_value();
  out_ += std::to_string(number);
  return *this;
}
JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();  // JSON has no word for it
  before_value();
  out_ += fmt::format("{}", number);
  return *this;
}
JsonWriter& JsonWriter::null() {
  before_value();
  out_ += "null";
  return *this;
}
JsonWriter& JsonWriter::texts(const std::vector<std::string>& list) {
  array(true);
  for (const std::string& t : list) value(t);
  return end_array();
}
JsonWriter& JsonWriter::node(const Node& n) {
  switch (n.kind()) {
    case Node::Kind::null:
      return null();
    case Node::Kind::text:
      if (n.style() == Node::Style::plain && (n.integer() || n.number() || n.boolean())) {
        before_value();
        out_ += n.text();
        return *this;
      }
      return value(n.text());
    case Node::Kind::sequence:
      array();
      for (const Node& item : n.items()) node(item);
      return end_array();
    case Node::Kind::mapping:
      object();
      for (const auto& m : n.members()) {
        key(m.key);
        node(m.value);
      }
      return end_object();
  }
  return *this;
}

std::string JsonWriter::take() {
  ASSAY_CHECK(open_.empty());
  return std::move(out_);
}

}  // namespace assay
