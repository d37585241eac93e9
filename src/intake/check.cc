#include "intake/check.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace assay::intake {

using std::string;
using std::string_view;

std::optional<bool> truth(const Node& value) {
  if (const auto plain = value.boolean()) return plain;
  if (!value.is_text() || value.style() != Node::Style::plain) return std::nullopt;
  if (value.text() == "yes") return true;
  if (value.text() == "no") return false;
  return std::nullopt;
}

string suggestion(string_view word, const std::vector<string_view>& known, string otherwise) {
  const string_view near = nearest(word, known);
  return near.empty() ? otherwise : fmt::format("Did you mean '{}'?", near);
}

string listed(const std::vector<string>& words) {
  string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return out;
}

void Check::keys(const Node& mapping, const std::vector<string_view>& known, string_view where) {
  for (const Node::Member& m : mapping.members()) {
    if (std::find(known.begin(), known.end(), m.key) != known.end()) continue;
    std::vector<string> words(known.begin(), known.end());
    problems_.add(Severity::error, file_, m, fmt::format("{} has no key '{}'", where, m.key.substr(0, 64)),
                  "not known here",
                  suggestion(m.key, known, words.size() > 12 ? string() : "Known are " + listed(words) + "."));
  }
}

bool Check::mapping(const Node& node, string_view what) {
  if (node.is_mapping()) return true;
  error(node, fmt::format("{} is not a list of 'key: value'", what));
  return false;
}

bool Check::sequence(const Node& node, string_view what) {
  if (node.is_sequence()) return true;
  error(node, fmt::format("{} is not a list", what), {}, "Begin each item on a line of its own with '- '.");
  return false;
}

bool Check::is_text(const Node& value, string_view key) {
  if (!value.is_text()) {
    error(value, fmt::format("{} is not a text", key), {},
          "Write one text behind the key, in quotes where it has ': ' in it.");
    return false;
  }
  if (value.text().size() > kLongestText) {
    error(value, fmt::format("{} is longer than {} bytes", key, kLongestText));
    return false;
  }
  return true;
}

bool Check::is_word(const Node& value, string_view key, const std::vector<string>& words) {
  if (value.is_text() && std::find(words.begin(), words.end(), value.text()) != words.end()) return true;
  if (!value.is_text()) {
    error(value, fmt::format("{} is not a word", key), {}, fmt::format("Write {}.", listed(words)));
    return false;
  }
  const std::vector<string_view> known(words.begin(), words.end());
  const string_view near = nearest(lower(value.text()), known);
  string hint = near.empty() ? "" : fmt::format("Did you mean '{}'? ", near);
  hint += fmt::format("Known are {}; leave it out where you do not know.", listed(words));
  error(value, fmt::format("{} is not a word for {}", value.text().empty() ? "''" : value.text().substr(0, 64), key),
        "not a known word", std::move(hint));
  return false;
}

bool Check::is_flag(const Node& value, string_view key) {
  if (truth(value)) return true;
  error(value, fmt::format("{} is neither true nor false", key), {},
        "Write true or false, without quotes; leave it out where you do not know.");
  return false;
}

bool Check::is_number(const Node& value, string_view key) {
  const auto number = value.integer();
  const std::int64_t most = key == "port" ? 65535 : 1'000'000'000;
  if (number && *number >= 0 && *number <= most) return true;
  error(value, fmt::format("{} is not a number from 0 to {}", key, most), {},
        "Write digits only, without quotes or unit.");
  return false;
}

bool Check::is_date(const Node& value, string_view key) {
  if (value.is_text()) {
    const auto date = Date::parse(value.text());
    if (date) return true;
    const bool shaped = date.error().what.find("is not a date") != string::npos;
    error(value, fmt::format("{} is not a date", key), shaped ? "" : date.error().what,
          "Write year-month-day, for example 2030-01-31.");
    return false;
  }
  error(value, fmt::format("{} is not a date", key), {}, "Write year-month-day, for example 2030-01-31.");
  return false;
}

namespace {
// The value, or null where it is left out; says so where it must not be.
const Node* present(Check& check, const Node& mapping, string_view key, bool required) {
  const Node* value = mapping.find(key);
  if (value != nullptr && !value->is_null() && !(value->is_text() && trim(value->text()).empty())) return value;
  if (required && !(value != nullptr && check.file().is_gap(*value)))
    check.error(value != nullptr ? *value : mapping, fmt::format("{} is missing", key),
                fmt::format("needs '{}: …'", key));
  return nullptr;
}
}  // namespace

string Check::text(const Node& mapping, string_view key, bool required) {
  const Node* value = present(*this, mapping, key, required);
  return value != nullptr && is_text(*value, key) ? value->text() : string();
}

string Check::word(const Node& mapping, string_view key, const std::vector<string>& words, bool required) {
  const Node* value = present(*this, mapping, key, required);
  return value != nullptr && is_word(*value, key, words) ? value->text() : string();
}

std::optional<bool> Check::flag(const Node& mapping, string_view key) {
  const Node* value = present(*this, mapping, key, false);
  return value != nullptr && is_flag(*value, key) ? truth(*value) : std::nullopt;
}

string Check::date(const Node& mapping, string_view key, bool required) {
  const Node* value = present(*this, mapping, key, required);
  return value != nullptr && is_date(*value, key) ? value->text() : string();
}

std::vector<const Node*> Check::items(const Node& mapping, string_view key) {
  const Node* value = mapping.find(key);
  std::vector<const Node*> out;
  if (value == nullptr || value->is_null()) return out;
  if (value->is_text()) {
    if (is_text(*value, key)) out.push_back(value);
    return out;
  }
  if (!sequence(*value, key)) return out;
  if (value->items().size() > kMostItems) {
    error(*value, fmt::format("{} has more than {} items", key, kMostItems));
    return out;
  }
  for (const Node& item : value->items())
    if (is_text(item, "an item of " + string(key))) out.push_back(&item);
  return out;
}

std::vector<string> Check::list(const Node& mapping, string_view key) {
  std::vector<string> out;
  for (const Node* item : items(mapping, key)) out.push_back(item->text());
  return out;
}

}  // namespace assay::intake
