// Passwords and shared keys that stand in configuration files as they are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::inspect {

struct ConfigSecret {
  std::string kind;       // password, psk, token
  std::string usage;      // wifi, vpn, login, unknown
  std::string name;       // what the file calls it: "wpa_passphrase", or the user
  std::string algorithm;  // of hashes: "md5crypt"
  std::uint64_t at = 0;   // of the line
  std::uint64_t value_at = 0, value_size = 0;
  bool default_pair = false;  // a published default
};

// Whether a file of this path may hold any.
bool is_configuration(std::string_view path);
// At most 500, in order. Constant values only: variables, templates, names of files and words like `none` are no
// secrets.
std::vector<ConfigSecret> config_secrets(std::string_view path, std::string_view content);

}  // namespace assay::inspect
