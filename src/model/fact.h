// Fact: what an examiner saw, one row of one evidence table (evidence/tables.h), with where it was seen. Facts never
// judge.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "model/value.h"

namespace assay {

// The bytes a fact stands on, for people to look at: at most 64, secrets overwritten with U+00B7 by whoever shows them.
struct Excerpt {
  std::uint64_t at = 0;             // offset of the first byte in the file or part that `place` names
  std::vector<std::uint8_t> bytes;  // redacted bytes are stored as 0 and listed in `hidden`
  std::uint32_t mark_from = 0;      // the part that matters: [mark_from, mark_from + mark_size)
  std::uint32_t mark_size = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> hidden;  // ranges (from, size) that are secret
  std::string note;                                             // what the bytes mean, one line
};

struct Fact {
  std::string table;
  std::vector<std::pair<std::string, Value>> values;  // column, value; a column that is not named is NULL or 'unknown'
  std::string place;                // path inside nested containers: "tp-link > squashfs > /etc/shadow"
  std::optional<std::uint64_t> at;  // byte offset in the last part of `place`, frame number, or line of a document
  std::string examiner;             // "accounts/1"
  std::string confidence = "high";  // high, medium, low
  std::optional<Excerpt> excerpt;

  Fact& set(std::string_view column, Value value) {
    values.emplace_back(std::string(column), std::move(value));
    return *this;
  }
  Fact& set(std::string_view column, std::string_view value) { return set(column, Value(std::string(value))); }
  Fact& set(std::string_view column, const char* value) { return set(column, Value(std::string(value))); }
  Fact& set(std::string_view column, const std::string& value) { return set(column, Value(value)); }
  Fact& set(std::string_view column, std::int64_t value) { return set(column, Value(value)); }
  Fact& set(std::string_view column, std::uint64_t value) {
    return set(column, Value(static_cast<std::int64_t>(value)));
  }
  Fact& set(std::string_view column, int value) { return set(column, Value(std::int64_t{value})); }
  Fact& set(std::string_view column, unsigned value) { return set(column, Value(std::int64_t{value})); }
  Fact& set(std::string_view column, bool value) { return set(column, Value(std::int64_t{value ? 1 : 0})); }
  Fact& set(std::string_view column, double value) { return set(column, Value(value)); }
};

// Around `at` in `content`: up to 16 bytes before, then the marked bytes (at most 40), whole 8-byte lines, at most 64
// bytes.
Excerpt make_excerpt(Bytes content, std::uint64_t at, std::uint64_t size, std::string note = {});
// Hides [from, from+size) of the file the excerpt was cut from.
void hide(Excerpt& excerpt, std::uint64_t from, std::uint64_t size);

// Something that could not be looked at, and why (rules.md section 1). `table` empty: every table of that source.
struct Unexamined {
  std::string place;
  std::string table;
  std::string examiner;
  std::string reason;
};

}  // namespace assay
