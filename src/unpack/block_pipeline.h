// BlockPipeline hands the entries of a tree to a Sink in the order they were added, while the blocks of the files to
// come are being decompressed, by other threads where the Sink allows them. What is in flight is bounded, and the same
// for any number of threads, so that budgets are charged in the same order. A block is decompressed straight to where
// its file is put together.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/blob.h"
#include "base/budget.h"
#include "model/sink.h"
#include "unpack/block_codec.h"

namespace assay::unpack {

// A block as it lies in the image. Empty: a hole, zeros.
struct StoredBlock {
  Bytes bytes;
  bool compressed = true;
};

// A block that several files keep their ends in.
class SharedBlock;

struct FileContent {
  std::vector<StoredBlock> blocks;  // each holds block_size bytes, the last one what is left
  std::shared_ptr<SharedBlock> tail_block;
  std::uint32_t tail_at = 0;  // of the file's end in it
  std::uint32_t tail_size = 0;
};

class BlockPipeline {
 public:
  BlockPipeline(BlockCodec codec, std::uint32_t block_size, unsigned jobs, Sink& sink, Budget& budget);
  ~BlockPipeline();
  BlockPipeline(const BlockPipeline&) = delete;
  BlockPipeline& operator=(const BlockPipeline&) = delete;

  // Charges the budget for what the block will hold at most.
  Result<std::shared_ptr<SharedBlock>> shared(StoredBlock block);
  // Adds an entry that is no regular file, or one that is. A file whose blocks are damaged becomes refused() of the
  // Sink. The file's size is charged here. An Error: the Sink wants no more, or too many files were over the budget.
  Result<void> add(Entry entry);
  Result<void> add(Entry entry, FileContent content);
  // Hands over what is still in flight.
  Result<void> finish();

 private:
  struct Task;
  struct Item;
  friend class SharedBlock;

  void run(Task& task, BlockDecoder& decoder);
  void work();
  void push(std::vector<Task*> tasks);
  Result<void> deliver_front();
  Result<void> make_room();

  BlockCodec codec_;
  std::uint32_t block_size_;
  unsigned jobs_;
  Sink& sink_;
  Budget& budget_;
  BlockDecoder decoder_;

  std::deque<std::unique_ptr<Item>> items_;  // only the caller's thread
  std::uint64_t in_flight_ = 0;
  std::uint64_t unpaid_ = 0;  // of shared blocks: goes onto the next file's share
  unsigned over_budget_ = 0;

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable done_;
  std::deque<Task*> todo_;  // under mutex_, as is all of Task that changes but the bytes written
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace assay::unpack
