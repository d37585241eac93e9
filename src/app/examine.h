// Examining firmware: one artefact in, facts with their coverage out. Parsing happens in a worker (worker.h).
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/collector.h"
#include "app/journal.h"
#include "base/budget.h"
#include "base/result.h"
#include "evidence/evidence.h"

namespace assay::app {

struct ExamineOptions {
  unsigned jobs = 1;
  Limits limits{};
  bool sandbox = true;
  std::optional<std::filesystem::path> extract{};  // trees are laid below this directory
  // One line of state, for a person who waits: "firmware.bin  62 %  squashfs  812 files".
  std::function<void(const std::string&)> progress{};
  Ceiling ceiling{};
  std::uint32_t stuck_seconds = 120;  // a worker silent for so long is ended
  // For tests: called in the worker at every step of its journal (and may let it die there).
  std::function<void(const Step&)> watch{};
};

struct Examined {
  std::string sha256;
  std::uint64_t size = 0;
  bool reproducible = true;  // false: a limit of time cut the run
  bool sandboxed = false, landlocked = false;
  std::vector<std::string> remarks;  // what a person should know: worker restarts, files not extracted
};

// Adds the artefact, its facts and its coverage to `out`. An Error where the file cannot be read at all; whatever
// happens to the bytes inside is a row of `unexamined`.
Result<Examined> examine_firmware(const std::filesystem::path& path, const ExamineOptions& options,
                                  evidence::Evidence& out);

// The looks that are planned for every firmware image: each detector and the unpacker, each table it writes.
std::vector<evidence::Look> firmware_looks();

}  // namespace assay::app
