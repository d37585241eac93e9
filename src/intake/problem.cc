#include "intake/problem.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"

namespace assay::intake {
namespace {

// A file of nothing but mistakes ends somewhere; warnings do not crowd out errors.
constexpr std::size_t kMostErrors = 2000, kMostOthers = 1000;
constexpr std::size_t kWidest = 70;  // characters of a source line that are shown: 80 columns with its number

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// The bytes of `count` characters from character `from`.
std::string_view slice(std::string_view text, std::size_t from, std::size_t count) {
  const auto skip = [](std::string_view t, std::size_t n) {
    std::size_t at = 0;
    for (; at < t.size(); ++at)
      if ((static_cast<unsigned char>(t[at]) & 0xc0) != 0x80 && n-- == 0) break;
    return at;
  };
  text.remove_prefix(skip(text, from));
  return text.substr(0, skip(text, count));
}

// Control characters would reach the reader's terminal.
std::string printable(std::string_view text) {
  std::string out = clean_utf8(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return replace_all(std::move(out), "\xc2\x9b", " ");  // the one C1 control that terminals obey
}

std::vector<std::pair<std::uint32_t, std::string>> around(std::string_view text, std::uint32_t line) {
  std::vector<std::pair<std::uint32_t, std::string>> out;
  std::uint32_t number = 0;
  std::size_t at = 0;
  while (at < text.size() && number <= line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    ++number;
    if (number + 1 >= line && number <= line + 1)
      out.emplace_back(number, std::string(text.substr(at, std::min<std::size_t>(end - at, 4096))));
    at = end + 1;
  }
  // A blank neighbour shows nothing.
  std::erase_if(out, [&](const auto& l) { return l.first != line && trim(l.second).empty(); });
  return out;
}

}  // namespace

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "error";
}

void Problems::put(Severity severity, SourceFile* file, Mark mark, std::uint32_t size, std::string what,
                   std::string caret, std::string hint) {
  if (severity == Severity::error && file != nullptr) file->sound = false;
  std::size_t& count = severity == Severity::error ? errors_ : others_;
  if (++count > (severity == Severity::error ? kMostErrors : kMostOthers)) return;
  Problem p{severity,        file->name,       mark.line,       mark.column, std::max(size, 1u),
            std::move(what), std::move(caret), std::move(hint), {}};
  if (mark.line > 0) p.lines = around(file->text, mark.line);
  for (const auto& [number, line] : p.lines) {
    if (number != p.line) continue;
    const std::size_t length = characters(line);  // the caret stays on its line
    if (p.column > length)
      p.size = 1;
    else
      p.size = static_cast<std::uint32_t>(std::min<std::size_t>(p.size, length - p.column + 1));
  }
  all_.push_back(std::move(p));
}

void Problems::add(Severity severity, SourceFile& file, const Node& at, std::string what, std::string caret,
                   std::string hint) {
  const std::size_t size = at.is_text() ? characters(at.text()) + (at.style() == Node::Style::quoted ? 2 : 0) : 1;
  put(severity, &file, at.mark(), static_cast<std::uint32_t>(size), std::move(what), std::move(caret), std::move(hint));
}

void Problems::add(Severity severity, SourceFile& file, const Node::Member& key, std::string what, std::string caret,
                   std::string hint) {
  put(severity, &file, key.mark, static_cast<std::uint32_t>(characters(key.key)), std::move(what), std::move(caret),
      std::move(hint));
}

void Problems::add(Severity severity, std::string file, std::string what, std::string hint) {
  SourceFile none;
  none.name = std::move(file);
  put(severity, &none, {}, 1, std::move(what), {}, std::move(hint));
}

void Problems::add(SourceFile& file, const Error& error) {
  Mark mark;
  // The reader says "name:line:column".
  if (error.where.starts_with(file.name + ":")) {
    const auto parts = split(std::string_view(error.where).substr(file.name.size() + 1), ':');
    if (parts.size() == 2) {
      mark.line = static_cast<std::uint32_t>(Node(std::string(parts[0]), Node::Style::plain).integer().value_or(0));
      mark.column = static_cast<std::uint32_t>(Node(std::string(parts[1]), Node::Style::plain).integer().value_or(1));
    }
  }
  put(Severity::error, &file, mark, 1, error.what, {}, error.hint);
}

void sort_problems(std::vector<Problem>& problems) {
  const auto key = [](const Problem& p) { return std::tie(p.file, p.line, p.column, p.severity, p.what); };
  std::stable_sort(problems.begin(), problems.end(),
                   [&](const Problem& a, const Problem& b) { return key(a) < key(b); });
  problems.erase(std::unique(problems.begin(), problems.end(),
                             [&](const Problem& a, const Problem& b) { return key(a) == key(b); }),
                 problems.end());
}

bool has_error(const std::vector<Problem>& problems) {
  return std::any_of(problems.begin(), problems.end(), [](const Problem& p) { return p.severity == Severity::error; });
}

std::string show(const Problem& p, std::string_view directory) {
  std::string out = printable(directory.empty() ? p.file : fmt::format("{}/{}", directory, p.file));
  if (p.line > 0) out += fmt::format(":{}:{}", p.line, p.column);
  out += ": ";
  if (p.severity != Severity::error) out += fmt::format("{}: ", name(p.severity));
  out += printable(p.what);
  if (!p.lines.empty()) {
    out += "\n\n";
    const std::size_t width = std::to_string(p.lines.back().first).size();
    // A long line is shown where it matters.
    const std::size_t from = p.column > kWidest - 20 ? p.column - 30 : 0;
    for (const auto& [number, line] : p.lines) {
      const std::size_t length = characters(line);
      const bool before = from > 0 && length > from, behind = length > from + kWidest;
      const std::size_t first = from + (before ? 1 : 0), last = from + kWidest - (behind ? 1 : 0);
      out += fmt::format("  {:>{}} | {}{}{}\n", number, width, before ? "…" : "",
                         printable(slice(line, first, last - first)), behind ? "…" : "");
      if (number != p.line) continue;
      const std::size_t at = p.column > 0 ? p.column - 1 - from : 0;
      const std::size_t carets = std::min<std::size_t>(p.size, kWidest - std::min(at, kWidest - 1));
      out += fmt::format("  {:>{}} | {}{}{}{}\n", "", width, std::string(at, ' '), std::string(carets, '^'),
                         p.caret.empty() ? "" : " ", printable(p.caret));
    }
    if (p.hint.empty()) out.pop_back();
  }
  if (!p.hint.empty()) out += "\n" + printable(p.hint);
  return out;
}

}  // namespace assay::intake
