// What work costs in a plan: data/costs.yaml, and a file of the user's over it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "plan/problem.h"

namespace assay::app {

struct ApplicationCost {
  std::optional<std::int64_t> fee, minutes, days;  // fee in cents
};

struct Costs {
  std::string currency;
  std::map<std::string, std::int64_t> rates;                            // cents for 1000 units
  std::int64_t hour = 0, laboratory_day = 0, waiting_day = 0;           // cents
  std::map<std::string, std::int64_t> unit;                             // minutes, by Unit::decide
  std::int64_t settle = 0, check = 0, mend = 0, beyond = 0, paper = 0;  // minutes
  std::map<std::string, std::int64_t> mend_provision, paper_named;      // minutes
  std::map<std::string, std::int64_t> laboratory_days;
  std::map<std::string, ApplicationCost> application;                            // own, simplified, recognition
  std::map<std::string, std::map<std::string, ApplicationCost>> application_of;  // by scheme
  bool all_own = false;  // the user's file says everything that ours says
  std::string own_file;  // of the user; empty: only ours

  std::int64_t minutes_to_mend(const std::string& provision) const;
  std::int64_t minutes_for_paper(const std::string& paper) const;
  plan::Money of_minutes(std::int64_t minutes) const { return minutes * hour / 60; }
};

// `file` empty: data/costs.yaml alone. Errors name file, line and column.
Result<Costs> read_costs(const std::filesystem::path& file);

}  // namespace assay::app
