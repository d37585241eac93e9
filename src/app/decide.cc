#include "app/decide.h"

#include "base/text.h"
#include "scheme/decide.h"

namespace assay::app {

Result<DecidedLine> LineDecider::decide(const std::string& line) {
  ++line_;
  if (trim(line).empty()) return DecidedLine{};
  auto input = scheme::read_decide_line(line, line_, options_.at);
  if (!input) return DecidedLine{scheme::write_decide_error(line_, input.error()), true};
  if (!options_.schemes.empty()) input->schemes = options_.schemes;
  const scheme::Decision decision = ASSAY_TRY(scheme::decide(*input));
  return DecidedLine{scheme::write_decision(*input, decision), false};
}

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

}  // namespace assay::app
