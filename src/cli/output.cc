#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "base/text.h"
#include "cli/command.h"

namespace assay::cli {

Result<void> print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    if (errno == EPIPE) {
      std::signal(SIGPIPE, SIG_DFL);
      std::raise(SIGPIPE);
    }
    return fail(Errc::io, std::string("cannot write to standard output: ") + std::strerror(errno));
  }
  return {};
}

// Messages name paths and quote inputs: what would move a terminal's cursor is replaced.
void show(const Error& error) {
  const auto lines = [](const std::string& text) {
    each_line(text, [](std::string_view line, std::size_t) { std::fprintf(stderr, "%s\n", printable(line).c_str()); });
  };
  lines(error.text());
  lines(error.hint);
}

void Context::progress(const std::string& line) const {
  if (!terminal_error) return;
  using Clock = std::chrono::steady_clock;
  static const Clock::time_point start = Clock::now();
  static bool shown = false;
  if (line.empty()) {
    if (shown) std::fputs("\r\x1b[K", stderr);
    shown = false;
    return;
  }
  if (Clock::now() - start < std::chrono::seconds(2)) return;
  shown = true;
  std::fprintf(stderr, "\r\x1b[K%.78s", printable(line).c_str());
  std::fflush(stderr);
}

void Context::note(const std::string& line) const {
  if (quiet) return;
  progress("");
  std::fprintf(stderr, "%s\n", printable(line).c_str());
}

}  // namespace assay::cli
