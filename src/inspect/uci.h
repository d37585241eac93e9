// OpenWrt's configuration files (UCI): sections of options.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::inspect {

struct UciOption {
  std::string name, value;
  std::uint64_t at = 0, size = 0;  // of the line
};
struct UciSection {
  std::string type, name;
  std::uint64_t at = 0;
  std::vector<UciOption> options;  // `list` entries come several times
  // The last value of an option; empty where it is not set.
  std::string_view get(std::string_view option) const;
};
std::vector<UciSection> read_uci(std::string_view text);

}  // namespace assay::inspect
