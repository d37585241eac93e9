// Batch: what is printed on the units of a production batch, and their preset passwords, read from a CSV file.
//
// The first line names the columns; any but the password may be missing, and many names are known for each (`sn`,
// `S/N`, `serial number`). The file is a stranger's: size, cells and lines are bounded. What is read stays in memory:
// passwords are never written, shown or put into a message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace assay::passwords {

enum class Kind : std::uint8_t { serial, mac, model, date, ssid, other };
std::string_view name(Kind kind);

struct Column {
  Kind kind = Kind::other;
  std::string title;  // as the file names it
};

struct Unit {
  std::vector<std::string> identifiers;  // parallel to Batch::columns; empty where the cell is
  std::string password;
  std::uint32_t line = 0;  // of the file, from 1
};

struct Batch {
  std::vector<Column> columns;  // identifiers only, in the order of the file
  std::string password_column;
  std::vector<Unit> units;           // in the order of the file
  std::vector<std::uint32_t> empty;  // lines without a password
  std::vector<std::string> unused;   // columns that also look like passwords, and were left out
  std::vector<std::string> remarks;  // for people: columns that were not understood as they stand

  // The first column of this kind, or npos.
  std::size_t find(Kind kind) const;
  // What a person calls the unit: its serial number, or its MAC address, or its line.
  std::string label(const Unit& unit) const;
};

inline constexpr std::uint64_t kMostBytes = 64u << 20;
inline constexpr std::size_t kMostUnits = 100'000;
inline constexpr std::size_t kMostColumns = 32;
inline constexpr std::size_t kLongestCell = 256;
inline constexpr std::size_t kLongestPassword = 128;

// `password_column`: its title; empty: the first whose title looks like one. `name` stands in messages.
Result<Batch> read_batch(std::string_view text, const std::string& name, std::string_view password_column = {});

// Six bytes of a MAC address however it is written, as 12 lower-case hex digits; empty where it is none.
std::string mac_digits(std::string_view text);

}  // namespace assay::passwords
