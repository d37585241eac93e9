// Text out of headers, fit to be shown in a title.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"

namespace assay::unpack {

// What stands before the first NUL, without control characters, bad UTF-8 replaced, at most `longest` bytes of input.
inline std::string printable(std::string_view field, std::size_t longest = 120) {
  field = field.substr(0, field.find('\0')).substr(0, longest);
  std::string out;
  for (const char c : clean_utf8(trim(field)))
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
  return out;
}

// " “name”", or nothing where there is none.
inline std::string quoted(std::string_view field) {
  const std::string text = printable(field);
  return text.empty() ? text : " \u201c" + text + "\u201d";
}

}  // namespace assay::unpack
