#include "unpack/block_pipeline.h"

#include <algorithm>
#include <cstring>

namespace assay::unpack {
namespace {

constexpr std::uint64_t kInFlight = std::uint64_t{16} << 20;  // bytes of files being put together
constexpr std::size_t kItems = 4096;                          // and entries
constexpr std::uint64_t kLarge = std::uint64_t{16} << 20;     // a file from here on may spill to disk
constexpr unsigned kOverBudget = 16;  // files refused for the budget before the rest is given up

}  // namespace

// One block to be decompressed.
struct BlockPipeline::Task {
  StoredBlock block;
  std::span<std::uint8_t> out;
  bool exact = true;                  // must fill `out`
  std::size_t* waiting = nullptr;     // one less once this is done
  std::shared_ptr<SharedBlock> keep;  // what `out` lies in, where it may be given up before
  std::size_t written = 0;
  std::optional<Error> error;
};

class SharedBlock {
 public:
  std::unique_ptr<std::uint8_t[]> memory;
  std::size_t waiting = 1;
  BlockPipeline::Task task;
};

struct BlockPipeline::Item {
  Entry entry;
  FileContent content;
  bool file = false;
  std::optional<Error> error;
  std::unique_ptr<std::uint8_t[]> memory;  // of files up to kLarge
  std::unique_ptr<Blob> blob;              // of larger ones
  std::span<std::uint8_t> bytes;
  std::vector<Task> tasks;  // never grows once pushed
  std::size_t waiting = 0;
  std::uint64_t cost = 0;
};

BlockPipeline::BlockPipeline(BlockCodec codec, std::uint32_t block_size, unsigned jobs, Sink& sink, Budget& budget)
    : codec_(codec), block_size_(block_size), jobs_(jobs), sink_(sink), budget_(budget), decoder_(codec) {}

BlockPipeline::~BlockPipeline() {
  {
    const std::lock_guard lock(mutex_);
    // A shared block that nobody will decode any more holds itself: let go of it.
    for (Task* task : todo_) {
      const auto keep = std::move(task->keep);
    }
    todo_.clear();
    stop_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void BlockPipeline::run(Task& task, BlockDecoder& decoder) {
  std::optional<Error> error;
  std::size_t written = task.out.size();
  if (task.block.bytes.empty()) {
    std::memset(task.out.data(), 0, task.out.size());
  } else if (!task.block.compressed) {
    written = std::min(task.out.size(), task.block.bytes.size());
    std::memcpy(task.out.data(), task.block.bytes.data(), written);
  } else if (auto decoded = decoder.decode(task.block.bytes, task.out)) {
    written = *decoded;
  } else {
    error = std::move(decoded).error();
  }
  if (!error && task.exact && written != task.out.size())
    error = Error{Errc::malformed, "a block holds less than it should", {}, {}, {}};
  const std::lock_guard lock(mutex_);
  task.written = written;
  task.error = std::move(error);
  --*task.waiting;
  const auto keep = std::move(task.keep);
  done_.notify_all();
}

void BlockPipeline::work() {
  BlockDecoder decoder(codec_);
  for (;;) {
    Task* task = nullptr;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [&] { return stop_ || !todo_.empty(); });
      if (stop_) return;
      task = todo_.front();
      todo_.pop_front();
    }
    run(*task, decoder);
  }
}

void BlockPipeline::push(std::vector<Task*> tasks) {
  if (tasks.empty()) return;
  // Threads are only started where there is work to share.
  if (threads_.empty() && jobs_ > 1 && items_.size() > 1)
    for (unsigned i = 1; i < std::min(jobs_, 32u); ++i) threads_.emplace_back([this] { work(); });
  {
    const std::lock_guard lock(mutex_);
    todo_.insert(todo_.end(), tasks.begin(), tasks.end());
  }
  if (!threads_.empty()) work_.notify_all();
}

Result<std::shared_ptr<SharedBlock>> BlockPipeline::shared(StoredBlock block) {
  ASSAY_TRY(budget_.charge_bytes(block_size_));
  auto out = std::make_shared<SharedBlock>();
  out->memory = std::make_unique_for_overwrite<std::uint8_t[]>(block_size_);
  out->task.block = block;
  out->task.out = {out->memory.get(), block_size_};
  out->task.exact = false;
  out->task.waiting = &out->waiting;
  out->task.keep = out;
  unpaid_ += block_size_;
  push({&out->task});
  return out;
}

Result<void> BlockPipeline::add(Entry entry) {
  auto item = std::make_unique<Item>();
  item->entry = std::move(entry);
  items_.push_back(std::move(item));
  return make_room();
}

Result<void> BlockPipeline::add(Entry entry, FileContent content) {
  auto item = std::make_unique<Item>();
  item->file = true;
  item->entry = std::move(entry);
  item->content = std::move(content);
  const std::uint64_t size = item->entry.size;
  const bool only_tail = item->content.blocks.empty();
  if (size > budget_.bytes_left()) {
    item->error = Error{Errc::limit, "the file is larger than what is left of the budget of bytes", {}, {}, {}};
    if (++over_budget_ > kOverBudget) return fail(*item->error);
  } else if (size > kLarge) {
    item->blob = std::make_unique<Blob>(budget_, kLarge);
    const auto room = ASSAY_TRY(item->blob->room(size));
    item->bytes = room.first(static_cast<std::size_t>(size));
    ASSAY_TRY(item->blob->commit(size));
  } else {
    ASSAY_TRY(budget_.charge_bytes(size));
    // A file that lies in a shared block as a whole is shown from there.
    if (!only_tail) {
      item->memory = std::make_unique_for_overwrite<std::uint8_t[]>(size);
      item->bytes = {item->memory.get(), static_cast<std::size_t>(size)};
    }
  }
  if (!item->error && !only_tail) {
    const std::uint64_t in_blocks = size - item->content.tail_size;
    item->tasks.resize(item->content.blocks.size());
    for (std::size_t i = 0; i < item->tasks.size(); ++i) {
      const std::uint64_t at = i * std::uint64_t{block_size_};
      if (at >= in_blocks) return fail(Errc::internal, "more blocks than the file has bytes");
      item->tasks[i].waiting = &item->waiting;
      item->tasks[i].block = item->content.blocks[i];
      item->tasks[i].out = item->bytes.subspan(at, std::min<std::uint64_t>(block_size_, in_blocks - at));
    }
  }
  item->waiting = item->tasks.size();
  item->cost = size + std::exchange(unpaid_, 0);
  in_flight_ += item->cost;
  std::vector<Task*> tasks;
  for (Task& task : item->tasks) tasks.push_back(&task);
  items_.push_back(std::move(item));
  push(std::move(tasks));
  return make_room();
}

Result<void> BlockPipeline::make_room() {
  while (items_.size() > kItems || (in_flight_ > kInFlight && items_.size() > 1)) ASSAY_TRY(deliver_front());
  return {};
}

Result<void> BlockPipeline::finish() {
  while (!items_.empty()) ASSAY_TRY(deliver_front());
  return {};
}

Result<void> BlockPipeline::deliver_front() {
  const std::unique_ptr<Item> item = std::move(items_.front());
  items_.pop_front();
  in_flight_ -= item->cost;
  SharedBlock* const tail = item->content.tail_block.get();

  // Helps until the file's blocks are there; they are first in the queue.
  for (;;) {
    Task* task = nullptr;
    {
      std::unique_lock lock(mutex_);
      const auto ready = [&] { return item->waiting == 0 && (!tail || tail->waiting == 0); };
      if (ready()) break;
      if (todo_.empty()) {
        done_.wait(lock, [&] { return ready() || !todo_.empty(); });
        continue;
      }
      task = todo_.front();
      todo_.pop_front();
    }
    run(*task, decoder_);
  }
  if (!item->file) return sink_.entry(item->entry, {});

  std::optional<Error> error = item->error;
  for (const Task& task : item->tasks)
    if (!error && task.error) error = task.error;
  Bytes content = item->bytes;
  if (!error && item->content.tail_size > 0) {
    if (!tail) {
      error = Error{Errc::malformed, "the file's end is missing", {}, {}, {}};
    } else if (tail->task.error) {
      error = tail->task.error;
    } else {
      const Bytes end = clip({tail->memory.get(), tail->task.written}, item->content.tail_at, item->content.tail_size);
      if (end.size() != item->content.tail_size) {
        error = Error{Errc::malformed, "the file's end lies outside its fragment", {}, {}, {}};
      } else if (item->content.blocks.empty()) {
        content = end;
      } else {
        std::memcpy(item->bytes.data() + item->bytes.size() - end.size(), end.data(), end.size());
      }
    }
  }
  if (error) {
    sink_.refused("/" + item->entry.path, item->entry.at, *error);
    return {};
  }
  return sink_.entry(item->entry, content);
}

}  // namespace assay::unpack
