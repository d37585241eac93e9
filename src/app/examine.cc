#include "app/examine.h"

#include <sys/stat.h>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <fmt/format.h>

#include "app/collector.h"
#include "app/extract.h"
#include "app/frames.h"
#include "app/journal.h"
#include "app/received.h"
#include "app/worker.h"
#include "base/data.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/spill.h"
#include "base/text.h"
#include "inspect/detector.h"
#include "unpack/unpack.h"

namespace assay::app {
namespace {

constexpr unsigned kRestarts = 8;                                     // of a worker, for one image
constexpr std::chrono::minutes kPatience = std::chrono::minutes(15);  // no restart after so long

// What changes where a file is written to.
struct Stamp {
  dev_t device;
  ino_t inode;
  off_t size;
  std::int64_t written;
  bool operator==(const Stamp&) const = default;
};

Result<Stamp> stamp_of(const std::filesystem::path& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0)
    return fail(Error{Errc::io, fmt::format("cannot read: {}", std::strerror(errno)), path.string(), {}, {}});
  return Stamp{st.st_dev, st.st_ino, st.st_size, std::int64_t{st.st_mtim.tv_sec} * 1'000'000'000 + st.st_mtim.tv_nsec};
}

Error changed(const std::filesystem::path& path) {
  return {Errc::io, "was written to while it was examined", path.string(), {}, "Examine it once it is whole."};
}

// What the parent says about a part that a worker died on: the rows do not depend on what the next worker sends.
void leave_out(const Step& step, const std::string& reason, std::vector<Unexamined>& out) {
  if (step.examiner == kUnpacker) {
    const std::string behind = step.handed > 0 ? fmt::format(" behind {} entries", grouped(step.handed)) : "";
    const std::string what = step.what.empty() ? "" : fmt::format("{} at {:#x}{}: ", step.what, step.at, behind);
    out.push_back({step.place, "", step.examiner, fmt::format("{}the examiner {} here", what, reason)});
    return;
  }
  for (const inspect::Detector* d : inspect::detectors()) {
    if (examiner_of(*d) != step.examiner) continue;
    for (const std::string_view table : d->tables)
      out.push_back({step.place, std::string(table), step.examiner, fmt::format("the examiner {} here", reason)});
    return;
  }
  // No examiner of ours: the journal was written by somebody else. Nothing of the image counts as looked at.
  out.push_back({"", "", std::string(kUnpacker), fmt::format("the examiner {}", reason)});
}

}  // namespace

std::vector<evidence::Look> firmware_looks() {
  std::vector<evidence::Look> looks;
  for (const char* table : {"node", "ledger", "file"}) looks.push_back({table, std::string(kUnpacker), "{}"});
  for (const inspect::Detector* d : inspect::detectors())
    for (const std::string_view table : d->tables) looks.push_back({std::string(table), examiner_of(*d), "{}"});
  return looks;
}

Result<Examined> examine_firmware(const std::filesystem::path& path, const ExamineOptions& options,
                                  evidence::Evidence& out) {
  const MappedFile image = ASSAY_TRY(MappedFile::open(path));
  const std::string file = path.filename().string();
  if (image.bytes().empty())
    return fail(Error{Errc::invalid, "is empty: there is nothing to examine", path.string(), {}, {}});
  const Stamp before = ASSAY_TRY(stamp_of(path));
  Examined result;
  result.size = image.bytes().size();
  // Read, not mapped: a file that another program cuts meanwhile ends a mapping's reader. Also wakes OpenSSL before the
  // worker is shut in.
  const FileDigest digest = ASSAY_TRY(digest_file(path));
  if (digest.size != result.size) return fail(changed(path));
  result.sha256 = digest.sha256;
  if (out.row("artefact", result.sha256)) {
    result.remarks.push_back(file + ": the same bytes were examined already; they stand in the results once");
    return result;
  }
  std::optional<Extractor> extractor;
  if (options.extract) extractor.emplace(ASSAY_TRY(Extractor::open(*options.extract)));

  const std::vector<evidence::Look> looks = firmware_looks();
  data::preload();

  Journal journal;
  journal.watch = options.watch;
  std::vector<Unexamined> left_out;
  // What is decompressed may lie there; nothing else is charged to the disk. Growing needs addresses twice.
  const SpillFile spill;
  const WorkerLimits limits{.memory = 3 * options.limits.bytes + (std::uint64_t{2} << 30),
                            .file = options.limits.bytes + options.limits.bytes / 4 + (std::uint64_t{256} << 20),
                            .keep = spill.descriptor(),
                            .stuck_seconds = options.stuck_seconds,
                            .sandbox = options.sandbox};
  unsigned jobs = options.jobs;
  const auto work = [&](FrameWriter& frames) {
    Budget budget(options.limits);
    Collector collector(frames, journal, jobs, options.extract.has_value(), options.ceiling);
    const unpack::Outcome outcome = unpack::unpack(image.bytes(), file, jobs, budget, collector);
    collector.finish(outcome, budget.time_was_cut());
  };

  // A worker that dies is followed by one with a single thread, whose journal is exact; then by ones that leave alone
  // what the last one died on.
  const auto begun = std::chrono::steady_clock::now();
  std::optional<Received> got;
  WorkerEnd end;
  for (unsigned restarts = 0;; ++restarts) {
    got.emplace(options.ceiling, options.limits, result.size, extractor ? &*extractor : nullptr);
    auto ended = run_worker(limits, work, [&](std::uint8_t kind, Bytes payload) -> Result<void> {
      if (kind != kProgress) return got->take(kind, payload);
      if (options.progress) options.progress(file + "  " + clean_utf8(as_text(payload)));
      return {};
    });
    if (ended) {
      end = *ended;
    } else if (ended.error().code == Errc::malformed || ended.error().code == Errc::limit) {
      end = {};
      end.reason = "sent what no examiner sends (" + ended.error().what + ") and was stopped";
    } else {
      return fail(ended.error());
    }
    result.sandboxed = end.sandboxed;
    result.landlocked = end.landlocked;
    if (end.well || !end.may_restart || restarts == kRestarts) break;
    if (std::chrono::steady_clock::now() - begun > kPatience) break;
    if (jobs > 1) {
      jobs = 1;
    } else {
      const std::vector<Step> last = journal.last();
      if (last.empty()) break;
      leave_out(last[0], end.reason, left_out);
      result.remarks.push_back(fmt::format("{}: the examiner {} at {}; it goes on without that part", file, end.reason,
                                           clean_utf8(last[0].text())));
      journal.skip(last[0]);
    }
    journal.clear();
    if (extractor) ASSAY_TRY(extractor->start_again());
  }

  if (ASSAY_TRY(stamp_of(path)) != before) return fail(changed(path));
  // Every planned look has its row, with complete 0.
  out.add_artefact(result.sha256, result.sha256, "firmware", file, "firmware", result.size, looks);
  got->give(result.sha256, out);
  for (const Unexamined& u : left_out) out.add(u, result.sha256, "firmware");
  if (!end.well) {
    out.add(Unexamined{"", "", std::string(kUnpacker), "the examiner " + end.reason}, result.sha256, "firmware");
    result.remarks.push_back(
        fmt::format("{}: the examiner {}; what it had found until then is kept", file, end.reason));
  }
  result.reproducible = !got->time_cut;
  // Read to its end, and there was something in it: only then may silence count.
  if (end.well && !got->cut && got->entries + got->parts > 0) {
    JsonWriter scope;
    scope.object().field("bytes", got->bytes).field("files", got->entries).end_object();
    const std::string text = scope.take();
    for (const evidence::Look& look : looks) out.complete(result.sha256, look.table, look.examiner, text);
  }
  if (extractor) {
    ASSAY_TRY(extractor->finish());
    for (const std::string& r : extractor->remarks()) result.remarks.push_back(r);
  }
  return result;
}

}  // namespace assay::app
