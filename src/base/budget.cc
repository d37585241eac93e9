#include "base/budget.h"

#include <charconv>

#include "base/bytes.h"

#include <fmt/format.h>

namespace assay {

Result<Limits> Limits::parse(std::string_view text) {
  Limits limits;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos)
      return fail(Errc::invalid, fmt::format("budget '{}' is not NAME=NUMBER", item));
    const std::string_view key = item.substr(0, equals);
    std::string_view number = item.substr(equals + 1);
    std::uint64_t unit = 1;
    if (!number.empty()) {
      const char last = number.back();
      if (last == 'K') unit = std::uint64_t{1} << 10;
      if (last == 'M') unit = std::uint64_t{1} << 20;
      if (last == 'G') unit = std::uint64_t{1} << 30;
      if (unit != 1) number.remove_suffix(1);
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    const auto scaled = checked_mul(value, unit);
    if (error != std::errc{} || end != number.data() + number.size() || !scaled)
      return fail(Errc::invalid, fmt::format("budget '{}' is not a number", item));
    const bool small = *scaled <= UINT32_MAX;
    if (key == "bytes")
      limits.bytes = *scaled;
    else if (key == "files")
      limits.files = *scaled;
    else if (key == "depth" && *scaled <= 64)
      limits.depth = static_cast<std::uint32_t>(*scaled);
    else if (key == "ratio" && small)
      limits.ratio = static_cast<std::uint32_t>(*scaled);
    else if (key == "time" && small)
      limits.seconds = static_cast<std::uint32_t>(*scaled);
    else
      return fail(
          Errc::invalid,
          fmt::format("budget '{}' is not known or too large; known are bytes, files, depth (at most 64), ratio, time",
                      item));
  }
  return limits;
}

Result<void> Budget::charge_bytes(std::uint64_t count) {
  const std::uint64_t before = bytes_.fetch_add(count);
  if (before > limits_.bytes || count > limits_.bytes - before)
    return fail(Errc::limit, fmt::format("the budget of {} bytes is used up", limits_.bytes));
  return check_time();
}

Result<void> Budget::charge_file() {
  if (files_.fetch_add(1) >= limits_.files)
    return fail(Errc::limit, fmt::format("the budget of {} files is used up", limits_.files));
  return {};
}

Result<void> Budget::check_ratio(std::uint64_t in, std::uint64_t out) const {
  constexpr std::uint64_t kFree = std::uint64_t{16} << 20;
  if (out <= kFree) return {};
  if (out / (in == 0 ? 1 : in) > limits_.ratio)
    return fail(Errc::limit, fmt::format("{} bytes came out of {}: more than the ratio of {}", out, in, limits_.ratio));
  return {};
}

Result<void> Budget::check_time() {
  if (limits_.seconds == 0) return {};
  if (std::chrono::steady_clock::now() - start_ < std::chrono::seconds(limits_.seconds)) return {};
  time_cut_.store(true);
  return fail(Errc::limit, fmt::format("the budget of {} seconds is used up", limits_.seconds));
}

}  // namespace assay
