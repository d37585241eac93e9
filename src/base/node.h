// Node: one tree for what people and programs write down: YAML (dossiers, data files) and JSON (records, lines to
// decide). Every node knows the line and column it stood at, so that a message can point there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace assay {

struct Mark {
  std::uint32_t line = 0;  // from 1; 0: not known
  std::uint32_t column = 0;
};

class Node {
 public:
  enum class Kind : std::uint8_t { null, text, sequence, mapping };
  // How a scalar was written: a plain YAML scalar may be read as a number or a truth value, a quoted one is text.
  enum class Style : std::uint8_t { plain, quoted };

  struct Member;

  // Out of line: Member is not complete here, and Clang's vector minds.
  Node();
  explicit Node(std::string text, Style style = Style::quoted);
  Node(const Node& other);
  Node(Node&& other) noexcept;
  Node& operator=(const Node& other);
  Node& operator=(Node&& other) noexcept;
  ~Node();
  static Node sequence() {
    Node n;
    n.kind_ = Kind::sequence;
    return n;
  }
  static Node mapping() {
    Node n;
    n.kind_ = Kind::mapping;
    return n;
  }

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_text() const { return kind_ == Kind::text; }
  bool is_sequence() const { return kind_ == Kind::sequence; }
  bool is_mapping() const { return kind_ == Kind::mapping; }
  Style style() const { return style_; }
  Mark mark() const { return mark_; }
  void set_mark(Mark mark) { mark_ = mark; }

  // The scalar's text; empty for anything else.
  const std::string& text() const { return text_; }
  // Numbers and truth values only where they were written plain: 12, -3, true, false (yes, no, on, off are text).
  std::optional<std::int64_t> integer() const;
  std::optional<double> number() const;
  std::optional<bool> boolean() const;

  const std::vector<Node>& items() const { return items_; }  // of a sequence
  std::vector<Node>& items() { return items_; }
  const std::vector<Member>& members() const { return members_; }  // of a mapping, in the order written
  std::vector<Member>& members() { return members_; }

  // The value under `key`, or null where this is no mapping or has no such key. Keys are unique (the readers refuse
  // others).
  const Node* find(std::string_view key) const;
  // The same, but a shared null Node instead of a null pointer: chains like node["a"]["b"].text() are safe.
  const Node& operator[](std::string_view key) const;
  bool has(std::string_view key) const { return find(key) != nullptr; }
  // A scalar as a list of one, a sequence of scalars as a list; anything else is empty.
  std::vector<std::string> texts() const;

 private:
  Kind kind_ = Kind::null;
  Style style_ = Style::plain;
  Mark mark_;
  std::string text_;
  std::vector<Node> items_;
  std::vector<Member> members_;
};

struct Node::Member {
  std::string key;
  Mark mark;  // of the key
  Node value;
};

struct NodeLimits {
  std::uint64_t bytes = 4u << 20;
  std::uint32_t depth = 32;
  std::uint32_t nodes = 400'000;
};

// One YAML 1.1 document. Aliases, tags other than !!str, several documents and duplicate keys are refused. `name`
// stands in front of the error's place: "name:line:column".
Result<Node> parse_yaml(std::string_view text, std::string_view name, const NodeLimits& limits = {});
// One JSON document (RFC 8259). Numbers keep their spelling; duplicate keys are refused.
Result<Node> parse_json(std::string_view text, std::string_view name, const NodeLimits& limits = {});

}  // namespace assay
