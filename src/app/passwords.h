// assay passwords: is the password of each unit of a batch really its own?
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/examine.h"
#include "base/result.h"
#include "evidence/evidence.h"

namespace assay::app {

struct PasswordOptions {
  std::filesystem::path file;
  std::string name;                // how it is called in what is written; empty: the file's name
  std::string column;              // of the passwords; empty: the one whose title looks like it
  std::string entry;               // of IXIT 1: the claim that the passwords belong to
  std::string sampling;            // consecutive, random, chosen; empty: not said
  std::filesystem::path firmware;  // whose strings are tried as constants; empty: none
  ExamineOptions examine;          // how the firmware is taken apart
  unsigned depth = 3, jobs = 1;
  std::string budget;  // "candidates=400M,time=60"
  std::function<void(const std::string&)> progress;
  const std::atomic<bool>* stop = nullptr;
};

struct PasswordReport {
  evidence::Evidence evidence;       // the batch, its rows of unit_password, what was not looked at
  std::vector<std::string> remarks;  // for standard error
  bool breaks = false;               // a ban of the law is broken
  bool reproducible = true;
  std::string text, json;  // as asked for by `Shown`
};
struct Shown {
  bool json = false;
  bool colour = false, unicode = true;
  std::string version;
};

// An Error where the file or the firmware cannot be read, or an option makes no sense. No password is in what comes
// back.
Result<PasswordReport> examine_passwords(const PasswordOptions& options, const Shown& shown);
Result<std::string> passwords_csv(const PasswordReport& report);

}  // namespace assay::app
