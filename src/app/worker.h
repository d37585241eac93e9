// A worker looks at hostile bytes in a process of its own: forked while this process has one thread, then shut in by
// seccomp, Landlock (where the kernel has it) and limits on memory and CPU time. It may make threads, no process, and
// open no file. What it finds comes back as frames over a pipe; the reader here trusts none of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace assay::app {

struct WorkerLimits {
  std::uint64_t memory = std::uint64_t{3} << 30;  // address space beyond what this process has, bytes
  std::uint64_t file = 0;                         // how large the files it may write can get, bytes
  int keep = -1;                                  // a file it may use; every other but its pipe is closed
  std::uint32_t cpu_seconds = 600;
  std::uint32_t stuck_seconds = 120;  // no frame for so long: stuck
  bool sandbox = true;                // false: in this process, for debugging
};

// Where a worker writes its frames. A frame is a kind and bytes; what they mean is the caller's matter.
class FrameWriter {
 public:
  virtual ~FrameWriter() = default;
  virtual void frame(std::uint8_t kind, std::string_view payload) = 0;
  virtual void flush() {}  // frames are gathered; this sends them now
};

struct WorkerEnd {
  bool well = false;         // it ran to its end
  std::string reason;        // "was killed by signal 11 (Segmentation fault)", "did not answer for 120 s"
  bool may_restart = false;  // it died of what it looked at; another may get on without that
  bool sandboxed = false;    // seccomp was on
  bool landlocked = false;
};

// Runs `work` in a worker and calls `on_frame` here for each frame, in order. An Error only where no worker could be
// made, or where on_frame returned one (the worker is then ended).
Result<WorkerEnd> run_worker(const WorkerLimits& limits, const std::function<void(FrameWriter&)>& work,
                             const std::function<Result<void>(std::uint8_t kind, Bytes payload)>& on_frame);

}  // namespace assay::app
