#include "base/clock.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

namespace assay {
namespace {

constexpr std::array<const char*, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                 "July",    "August",   "September", "October", "November", "December"};

int days_in(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

std::optional<int> digits(std::string_view text) {
  int value = 0;
  if (text.empty()) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// Howard Hinnant's civil-from-days, and back.
std::int64_t days_from_civil(int y, int m, int d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int yoe = static_cast<int>(y - era * 400);
  const int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  const int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}
Date civil_from_days(std::int64_t z) {
  z += 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const int doe = static_cast<int>(z - era * 146097);
  const int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int mp = (5 * doy + 2) / 153;
  const int d = doy - (153 * mp + 2) / 5 + 1;
  const int m = mp + (mp < 10 ? 3 : -9);
  return Date{static_cast<int>(yoe + era * 400) + (m <= 2), m, d};
}

}  // namespace

Result<Date> Date::parse(std::string_view text) {
  constexpr const char* kHint = "Write year-month-day, for example 2030-01-31.";
  const auto bad = [&](std::string what) { return fail(Error{Errc::invalid, std::move(what), {}, {}, kHint}); };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    return bad(fmt::format("'{}' is not a date", text.substr(0, 40)));
  const auto y = digits(text.substr(0, 4)), m = digits(text.substr(5, 2)), d = digits(text.substr(8, 2));
  if (!y || !m || !d) return bad(fmt::format("'{}' is not a date", text));
  if (*y < 1900) return bad(fmt::format("the year {} is before 1900", *y));
  if (*m < 1 || *m > 12) return bad(fmt::format("there is no month {}", *m));
  if (*d < 1 || *d > days_in(*y, *m))
    return bad(fmt::format("{} {} has no day {}", kMonths[static_cast<std::size_t>(*m - 1)], *y, *d));
  return Date{*y, *m, *d};
}

Date Date::today() {
  std::time_t now = std::time(nullptr);
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH"))
    now = static_cast<std::time_t>(std::strtoll(epoch, nullptr, 10));
  return civil_from_days(static_cast<std::int64_t>(now) / 86400);
}

std::string Date::iso() const { return fmt::format("{:04}-{:02}-{:02}", year, month, day); }
std::string Date::words() const {
  return fmt::format("{} {} {}", day, kMonths[static_cast<std::size_t>(month - 1)], year);
}
std::int64_t Date::days() const { return days_from_civil(year, month, day); }
Date Date::plus_days(std::int64_t count) const { return civil_from_days(days() + count); }
Date Date::plus_months(int months) const {
  const int total = year * 12 + (month - 1) + months;
  const int y = total >= 0 ? total / 12 : (total - 11) / 12;
  const int m = total - y * 12 + 1;
  return Date{y, m, std::min(day, days_in(y, m))};
}

Result<PartialDate> PartialDate::parse(std::string_view text) {
  PartialDate out;
  out.text = std::string(text);
  if (text.size() == 4) {
    out.first = ASSAY_TRY(Date::parse(std::string(text) + "-01-01"));
    out.last = Date{out.first.year, 12, 31};
  } else if (text.size() == 7) {
    out.first = ASSAY_TRY(Date::parse(std::string(text) + "-01"));
    out.last = Date{out.first.year, out.first.month, days_in(out.first.year, out.first.month)};
  } else {
    out.first = ASSAY_TRY(Date::parse(text));
    out.last = out.first;
  }
  return out;
}

std::string distance(Date from, Date to) {
  if (from == to) return "today";
  const bool past = to < from;
  const Date a = past ? to : from, b = past ? from : to;
  int months = (b.year - a.year) * 12 + (b.month - a.month);
  if (a.plus_months(months) > b) --months;
  std::string span;
  const auto count = [](std::int64_t n, const char* word) {
    return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s");
  };
  if (months == 0) {
    span = count(b.days() - a.days(), "day");
  } else {
    if (months >= 12) span = count(months / 12, "year");
    if (months % 12 != 0) span += (span.empty() ? "" : " ") + count(months % 12, "month");
  }
  return past ? span + " ago" : "in " + span;
}

}  // namespace assay
