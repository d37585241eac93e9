#include "app/decide.h"

#include <algorithm>
#include <optional>
#include <thread>

#include "base/parallel.h"
#include "base/text.h"
#include "scheme/decide.h"
#include "scheme/scheme.h"

namespace assay::app {
namespace {

// Of a batch: enough for the threads, little enough that its answers (some 100 KB a line) stay small.
constexpr std::size_t kLines = 64;
constexpr std::size_t kBytes = 4u << 20;

// The next line without its end, at most 4 MiB of it kept (one byte more, so that the reader sees it is too long).
std::optional<std::string> read_line(std::istream& in) {
  constexpr std::size_t kLongest = (std::size_t{4} << 20) + 1;
  std::string line;
  int c = in.get();
  if (c == std::char_traits<char>::eof()) return std::nullopt;
  for (; c != std::char_traits<char>::eof() && c != '\n'; c = in.get())
    if (line.size() < kLongest) line += static_cast<char>(c);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

struct Answer {
  std::string text;  // with its line end; empty for an empty line
  bool error = false;
};
Answer answer(const scheme::Register& all, const DecideOptions& options, const std::string& line,
              std::uint64_t number) {
  if (trim(line).empty()) return {};
  auto input = scheme::read_decide_line(line, number, options.at);
  if (!input) return {scheme::write_decide_error(number, input.error()) + "\n", true};
  if (!options.schemes.empty()) input->schemes = options.schemes;
  return {scheme::write_decision(*input, scheme::decide(all, *input)) + "\n", false};
}

}  // namespace

Result<bool> decide_lines(std::istream& in, const DecideOptions& options,
                          const std::function<Result<void>(std::string_view)>& put) {
  const scheme::Register& all = *ASSAY_TRY(scheme::schemes());
  const unsigned jobs = options.jobs > 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  bool errors = false;
  std::uint64_t before = 0;
  for (bool more = true; more;) {
    std::vector<std::string> lines;
    for (std::size_t bytes = 0; lines.size() < kLines && bytes < kBytes;) {
      auto line = read_line(in);
      if (!line) {
        more = false;
        break;
      }
      bytes += line->size();
      lines.push_back(std::move(*line));
      // Somebody who types or pipes line by line gets each answer at once.
      if (in.rdbuf()->in_avail() <= 0) break;
    }
    std::vector<Answer> answers(lines.size());
    parallel_for(lines.size(), jobs,
                 [&](std::size_t i) { answers[i] = answer(all, options, lines[i], before + i + 1); });
    before += lines.size();
    for (const Answer& a : answers) {
      errors = errors || a.error;
      if (!a.text.empty()) ASSAY_TRY(put(a.text));
    }
  }
  return errors;
}

}  // namespace assay::app
