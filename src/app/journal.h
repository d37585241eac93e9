// The journal of a worker: what it is looking at right now, in a page of memory it shares with its parent. When a
// worker dies, the parent reads there which part it died on, and starts another that leaves this part alone.
//
// Only the thread that walks the image writes it, so it is exact where a worker has one thread; a restart has.
// The parent trusts nothing it reads: a worker that was taken over may have written it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

// One thing an examiner does with one part.
struct Step {
  std::string place;         // "tp-link > squashfs > /etc/shadow"
  std::string examiner;      // "accounts/1"
  std::string what;          // of the unpacker: the format it tries
  std::uint64_t at = 0;      // of the unpacker: where in its part
  std::uint64_t handed = 0;  // of the unpacker: so many entries and parts had come out and were dealt with

  bool operator==(const Step&) const = default;
  // "tp-link > squashfs > /etc/shadow, accounts/1"
  std::string text() const;
};

class Journal {
 public:
  Journal();
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // The worker's side. Steps nest. False: this step is on the list of those to leave alone; it was not entered.
  bool enter(Step step);
  void leave();
  // The innermost step got so far. False: here it has to stop.
  bool handed(std::uint64_t count);

  // The parent's side. What was going on when the worker ended; nothing where it was between steps.
  std::vector<Step> last() const;  // none or one
  // For the next worker.
  void skip(Step step) { skipped_.push_back(std::move(step)); }
  const std::vector<Step>& skipped() const { return skipped_; }
  void clear();

  // For tests: called in the worker whenever a step begins or gets on.
  std::function<void(const Step&)> watch;

 private:
  struct Page;
  bool may(const Step& step) const;
  void write();

  Page* page_ = nullptr;     // null where there was no memory for it: then nothing is known, and nothing restarted
  std::vector<Step> stack_;  // the worker's
  std::vector<Step> skipped_;
};

}  // namespace assay::app
