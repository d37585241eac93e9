// Reading one file of data/ into typed values: every key and word is checked, and every failure points at file, line
// and column. A misspelt key in a data file would otherwise silently widen a law.
#pragma once

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/node.h"
#include "base/result.h"

namespace assay {

// Words and what they mean, both ways.
template <class T, std::size_t N>
constexpr std::optional<T> word_of(const std::array<std::pair<std::string_view, T>, N>& table, std::string_view word) {
  for (const auto& row : table)
    if (row.first == word) return row.second;
  return std::nullopt;
}
template <class T, std::size_t N>
constexpr std::string_view name_in(const std::array<std::pair<std::string_view, T>, N>& table, T value) {
  for (const auto& row : table)
    if (row.second == value) return row.first;
  return "";
}

// Reads one file; every failure points at file, line and column.
class DataFile {
 public:
  // `folder` stands before the name in messages; empty for a file of the user's own.
  explicit DataFile(std::string name, std::string folder = "data/")
      : name_(std::move(name)), folder_(std::move(folder)) {}

  tl::unexpected<Error> bad(const Node& at, std::string what) const {
    return fail(Error{Errc::malformed,
                      std::move(what),
                      fmt::format("{}{}:{}:{}", folder_, name_, at.mark().line, at.mark().column),
                      {},
                      {}});
  }
  Result<void> keys(const Node& node, std::initializer_list<std::string_view> known) const {
    if (!node.is_mapping()) return bad(node, "a mapping is wanted here");
    for (const Node::Member& member : node.members())
      if (std::find(known.begin(), known.end(), member.key) == known.end())
        return bad(member.value, fmt::format("unknown key '{}'", member.key));
    return {};
  }
  Result<std::string> text(const Node& node, std::string_view key) const {
    const Node* value = node.find(key);
    if (value == nullptr || !value->is_text() || value->text().empty())
      return bad(value != nullptr ? *value : node, fmt::format("'{}' has to be text", key));
    return value->text();
  }
  std::string maybe(const Node& node, std::string_view key) const { return node[key].text(); }
  Result<std::vector<std::string>> list(const Node& node, std::string_view key) const {
    const Node& value = node[key];
    if (value.is_null()) return std::vector<std::string>();
    std::vector<std::string> texts = value.texts();
    if (value.is_mapping() || (value.is_sequence() && texts.size() != value.items().size()))
      return bad(value, fmt::format("'{}' has to be a list of texts", key));
    return texts;
  }
  Result<bool> flag(const Node& node, std::string_view key, bool otherwise) const {
    const Node* value = node.find(key);
    if (value == nullptr) return otherwise;
    if (const auto truth = value->boolean()) return *truth;
    return bad(*value, fmt::format("'{}' has to be true or false", key));
  }
  Result<std::optional<PartialDate>> date(const Node& node, std::string_view key) const {
    const Node& value = node[key];
    if (value.is_null()) return std::optional<PartialDate>();
    auto parsed = PartialDate::parse(value.text());
    if (!parsed) return bad(value, parsed.error().what);
    return std::optional<PartialDate>(*parsed);
  }
  template <class T, std::size_t N>
  Result<T> word(const Node& node, std::string_view key,
                 const std::array<std::pair<std::string_view, T>, N>& table) const {
    const Node& value = node[key];
    if (const auto known = word_of(table, value.text())) return *known;
    return bad(value.is_null() ? node : value, fmt::format("'{}' is no word for '{}'", value.text(), key));
  }
  const std::string& name() const { return name_; }

 private:
  std::string name_, folder_;
};

}  // namespace assay
