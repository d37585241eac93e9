// Days. Time comes into a run as a parameter (--at); only the command line asks the clock.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace assay {

struct Date {
  int year = 1970;
  int month = 1;
  int day = 1;

  auto operator<=>(const Date&) const = default;

  static Result<Date> parse(std::string_view text);  // "2026-11-22"; the error says what is wrong with it
  static Date today();                               // UTC, honours SOURCE_DATE_EPOCH
  std::string iso() const;                           // "2026-11-22"
  std::string words() const;                         // "22 November 2026"
  std::int64_t days() const;                         // since 1970-01-01
  Date plus_months(int months) const;                // clipped to the month's last day
  Date plus_days(std::int64_t days) const;
};

// A date that is known to the year, the month or the day: "2026", "2026-07", "2026-07-01".
struct PartialDate {
  Date first;  // the first day it can be
  Date last;   // the last day it can be
  std::string text;

  static Result<PartialDate> parse(std::string_view text);
};

// "in 3 years 2 months", "4 months ago", "today"; rounded down, days under a month.
std::string distance(Date from, Date to);

}  // namespace assay
