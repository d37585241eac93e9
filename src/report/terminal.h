// How results look in a terminal: 80 columns, shapes and words first, colour only where it is wanted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "model/verdict.h"

namespace assay::report {

struct Terminal {
  bool colour = false;
  bool unicode = true;
  static constexpr std::size_t kWidth = 80;

  std::string shape(Verdict verdict) const;  // "■", or "x"; coloured
  std::string paint(Verdict verdict, std::string_view text) const;
  std::string bold(std::string_view text) const;
  std::string shape_of_result(std::string_view result) const;  // of a conformity: conforms, …
};

// Columns a text takes on the screen: UTF-8 code points, escapes not counted.
std::size_t columns(std::string_view text);
std::string pad(std::string text, std::size_t width);  // with spaces at the right
std::string pad_left(const std::string& text, std::size_t width);
// A place that is too long loses its middle (…), never its last part.
std::string shorten_place(std::string_view place, std::size_t width, bool unicode = true);
// Cuts at the end, with an ellipsis.
std::string shorten(std::string_view text, std::size_t width, bool unicode = true);

// Words laid out in lines: `first` stands before them, and the lines that follow are indented as far as it reaches. A
// word that is too long keeps its line to itself. Ends with a line break; control characters become '?'.
std::string wrapped(std::string_view first, std::string_view text, std::size_t width = Terminal::kWidth);

}  // namespace assay::report
