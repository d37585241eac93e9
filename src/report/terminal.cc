#include "report/terminal.h"

#include <fmt/format.h>

#include "base/text.h"

namespace assay::report {
namespace {

const char* colour_of(Verdict v) {
  switch (v) {
    case Verdict::fail:
      return "31";
    case Verdict::error:
      return "35";
    case Verdict::inconclusive:
      return "33";
    case Verdict::not_assessed:
      return "36";
    case Verdict::pass:
      return "32";
    case Verdict::not_applicable:
    case Verdict::not_claimed:
      return "2";
  }
  return "0";
}

}  // namespace

std::string Terminal::paint(Verdict verdict, std::string_view text) const {
  if (!colour) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", colour_of(verdict), text);
}

std::string Terminal::bold(std::string_view text) const {
  return colour ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
}

std::string Terminal::shape(Verdict verdict) const {
  static constexpr const char* kShapes[] = {"■", "▲", "◆", "○", "●", "–", "□"};
  static constexpr const char* kPlain[] = {"x", "!", "?", "o", "+", "-", "c"};
  const auto i = static_cast<std::size_t>(verdict);
  return paint(verdict, unicode ? kShapes[i] : kPlain[i]);
}

std::string Terminal::shape_of_result(std::string_view result) const {
  if (result == "conforms" || result == "conforms_with_residual") return shape(Verdict::pass);
  if (result == "does_not_conform") return shape(Verdict::fail);
  if (result == "out_of_scope") return shape(Verdict::not_applicable);
  return shape(Verdict::inconclusive);
}

std::size_t columns(std::string_view text) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      while (i < text.size() && text[i] != 'm') ++i;
      continue;
    }
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) ++n;
  }
  return n;
}

std::string pad(std::string text, std::size_t width) {
  const std::size_t n = columns(text);
  if (n < width) text.append(width - n, ' ');
  return text;
}
std::string pad_left(const std::string& text, std::size_t width) {
  const std::size_t n = columns(text);
  return n < width ? std::string(width - n, ' ') + text : text;
}

std::string shorten(std::string_view text, std::size_t width, bool unicode) {
  std::string clean = printable(text);
  if (columns(clean) <= width) return clean;
  const std::string_view dots = unicode ? "…" : "...";
  const std::size_t keep = width > columns(dots) ? width - columns(dots) : 0;
  std::size_t i = 0, n = 0;
  for (; i < clean.size(); ++i) {
    if ((static_cast<unsigned char>(clean[i]) & 0xc0) != 0x80 && ++n > keep) break;
  }
  return clean.substr(0, i) + std::string(dots);
}

std::string shorten_place(std::string_view place, std::size_t width, bool unicode) {
  std::string clean = printable(place);
  if (columns(clean) <= width) return clean;
  const std::string dots = unicode ? "…" : "...";
  const std::size_t last = clean.rfind(" > ");
  if (last != std::string::npos) {
    const std::string tail = clean.substr(last + 3);
    const std::size_t first = clean.find(" > ");
    std::string out = clean.substr(0, first) + " > " + dots + " > " + tail;
    if (first < last && columns(out) <= width) return out;
    out = dots + " > " + tail;
    if (columns(out) <= width) return out;
    clean = tail;
  }
  const std::size_t slash = clean.rfind('/');
  const std::string leaf = slash == std::string::npos ? clean : clean.substr(slash);
  if (columns(leaf) + columns(dots) <= width) {
    const std::size_t room = width - columns(leaf) - columns(dots);
    std::string head;
    std::size_t n = 0;
    for (std::size_t i = 0; i < clean.size() && n <= room; ++i) {
      if ((static_cast<unsigned char>(clean[i]) & 0xc0) != 0x80 && ++n > room) break;
      head += clean[i];
    }
    return head + dots + leaf;
  }
  return shorten(leaf, width, unicode);
}

std::string wrapped(std::string_view first, std::string_view text, std::size_t width) {
  const std::size_t indent = columns(first);
  std::string out(first);
  std::size_t at = indent;
  for (const std::string_view word : words(text)) {
    const std::string clean = printable(word);
    const std::size_t length = columns(clean);
    if (at > indent && at + 1 + length > width) {
      out += "\n" + std::string(indent, ' ');
      at = indent;
    } else if (at > indent) {
      out += ' ';
      ++at;
    }
    out += clean;
    at += length;
  }
  return out + "\n";
}

}  // namespace assay::report
