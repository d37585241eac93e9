// Small work on text. ASCII only where letters matter; UTF-8 is checked, never assumed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

inline bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::vector<std::string_view> words(std::string_view text);  // at runs of space
// Calls `line(text, offset)` for each line without its end.
template <class F>
void each_line(std::string_view text, F&& line) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) end = text.size();
    std::string_view l = text.substr(at, end - at);
    if (!l.empty() && l.back() == '\r') l.remove_suffix(1);
    line(l, at);
    at = end + 1;
  }
}
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string replace_all(std::string text, std::string_view from, std::string_view to);

bool is_utf8(std::string_view text);
std::string clean_utf8(std::string_view text);  // each bad byte becomes U+FFFD
void append_utf8(std::string& out, std::uint32_t code_point);

// Bytes of the character at the front if it shows nothing and may deceive: a control character, one of no width, or
// one that turns the direction of writing; else 0. The text is UTF-8.
std::size_t hidden_length(std::string_view text);
// UTF-8 with each such character replaced, but for the ASCII controls in `kept`.
std::string replace_hidden(std::string_view text, std::string_view by, std::string_view kept = {});
// What a terminal may be shown of a name out of an image: those characters become '?'.
std::string printable(std::string_view text);
// A cell of CSV (RFC 4180); one that a spreadsheet would take for a formula gets an apostrophe in front, and what is
// hidden but tabs and line ends becomes '?'.
std::string csv_cell(std::string_view cell);

// "15 204 352": groups of three, by a space.
std::string grouped(std::uint64_t number);
// Natural order of ids: 5.3-2 before 5.3-10, 5.3-4A behind 5.3-4.
bool natural_less(std::string_view a, std::string_view b);
// The known word nearest to a wrong one (edit distance at most 2), or empty: "did you mean".
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace assay
