#include "base/node.h"

#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

namespace assay {

Node::Node() = default;
Node::Node(std::string text, Style style) : kind_(Kind::text), style_(style), text_(std::move(text)) {}
Node::Node(const Node& other) = default;
Node::Node(Node&& other) noexcept = default;
Node& Node::operator=(const Node& other) = default;
Node& Node::operator=(Node&& other) noexcept = default;
Node::~Node() = default;

std::optional<std::int64_t> Node::integer() const {
  if (kind_ != Kind::text || style_ != Style::plain || text_.empty()) return std::nullopt;
  std::int64_t value = 0;
  const char* end = text_.data() + text_.size();
  const auto [rest, error] = std::from_chars(text_.data(), end, value);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return value;
}

std::optional<double> Node::number() const {
  if (kind_ != Kind::text || style_ != Style::plain || text_.empty()) return std::nullopt;
  double value = 0;
  const char* end = text_.data() + text_.size();
  const auto [rest, error] = std::from_chars(text_.data(), end, value);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return value;
}

std::optional<bool> Node::boolean() const {
  if (kind_ != Kind::text || style_ != Style::plain) return std::nullopt;
  if (text_ == "true") return true;
  if (text_ == "false") return false;
  return std::nullopt;
}

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members_)
    if (member.key == key) return &member.value;
  return nullptr;
}

const Node& Node::operator[](std::string_view key) const {
  static const Node kNull;
  const Node* found = find(key);
  return found ? *found : kNull;
}

std::vector<std::string> Node::texts() const {
  std::vector<std::string> out;
  if (kind_ == Kind::text) out.push_back(text_);
  for (const Node& item : items_)
    if (item.is_text()) out.push_back(item.text());
  return out;
}

}  // namespace assay
