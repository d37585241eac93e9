// The worker's side of an examination: takes what the unpacker hands out, shows each file to every detector while it is
// in memory, and keeps what the tree detectors want to see at the end. Each step stands in the journal.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/journal.h"
#include "app/worker.h"
#include "inspect/detector.h"
#include "unpack/unpack.h"

namespace assay::app {

inline constexpr std::string_view kUnpacker = "unpack/1";

// What an image may give at most. A hostile one gives facts without end as easily as bytes; behind the ceiling the look
// is cut, and says so. The parent holds a worker to somewhat more (received.h).
struct Ceiling {
  std::uint64_t rows = 1'000'000;
  std::uint64_t bytes = std::uint64_t{256} << 20;  // as frames
};

std::string examiner_of(const inspect::Detector& detector);

class Collector final : public unpack::Visitor {
 public:
  // The journal is exact, and kept for every file, where `jobs` is 1.
  Collector(FrameWriter& out, Journal& journal, unsigned jobs, bool extract, const Ceiling& ceiling)
      : out_(out), journal_(journal), jobs_(jobs), extract_(extract), ceiling_(ceiling) {}

  Result<void> entry(int node, const unpack::NodeInfo& info, const Entry& entry, Bytes content) override;
  Result<void> part(int node, const unpack::NodeInfo& info, Bytes content) override;
  void progress(const unpack::NodeInfo& info, std::uint64_t done, std::uint64_t of) override;
  Result<void> enter(std::string_view place, std::string_view what, std::uint64_t at) override;
  Result<void> handed(std::uint64_t count) override;
  void leave() override { journal_.leave(); }

  // After the unpacker: trees, parts, ledger, refusals, and the summary.
  void finish(const unpack::Outcome& outcome, bool time_was_cut);

 private:
  struct Item {
    int node;
    std::string tree;
    Entry entry;
    std::vector<std::uint8_t> owned;
    Bytes borrowed;
    inspect::FileKind kind{};
    std::string sha256;
    std::vector<inspect::Facts> found;  // parallel to detectors()
    Bytes content() const { return owned.empty() ? borrowed : Bytes(owned); }
  };
  struct Kept {
    inspect::Tree tree;
    std::uint64_t bytes = 0;
    std::uint64_t dropped = 0;
  };

  // Runs `work` as a step of the journal, or not at all where a worker ended at it before.
  template <class F>
  void step(const std::string& place, std::string examiner, F&& work);
  void look(Item& item, unsigned jobs);
  void settle(Item& item);
  void flush();
  void send(inspect::Facts& found, const inspect::Detector& by);
  void unexamined(std::string_view place, std::string_view table, std::string_view examiner, std::string_view reason);
  void row(std::uint8_t kind, std::string_view payload);
  void send_entry(int node, const unpack::NodeInfo& info, const Entry& e, Bytes content);
  void tell(std::string_view format);
  Result<void> go_on() const;

  FrameWriter& out_;
  Journal& journal_;
  unsigned jobs_;
  bool extract_;
  Ceiling ceiling_;
  std::vector<Item> pending_;
  std::uint64_t gathered_ = 0, gathered_bytes_ = 0;  // since the last flush
  std::map<int, Kept> trees_;
  std::uint64_t kept_bytes_ = 0;  // of all trees together
  std::uint64_t rows_ = 0, row_bytes_ = 0;
  std::uint64_t entries_ = 0, parts_ = 0, bytes_ = 0;
  std::uint64_t percent_ = 0;
  std::uint64_t told_percent_ = UINT64_MAX;
  std::uint64_t told_at_ = 0;  // milliseconds of a steady clock
};

}  // namespace assay::app
