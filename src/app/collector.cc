#include "app/collector.h"

#include <chrono>

#include <fmt/format.h>

#include "app/frames.h"
#include "base/digest.h"
#include "base/parallel.h"
#include "base/text.h"

namespace assay::app {
namespace {

constexpr std::uint64_t kBatchBytes = 4u << 20;
constexpr std::uint64_t kBatchFiles = 512;
constexpr std::uint64_t kTreeBytes = 64u << 20;    // of configuration kept, one tree
constexpr std::uint64_t kTreesBytes = 128u << 20;  // all trees together
constexpr std::uint64_t kTellEvery = 300;          // milliseconds between two lines of progress

constexpr const char* kLeftAlone = "an examiner ended here before; it is left alone";

std::uint64_t milliseconds() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count());
}

}  // namespace

std::string examiner_of(const inspect::Detector& detector) {
  return fmt::format("{}/{}", detector.name, detector.version);
}

template <class F>
void Collector::step(const std::string& place, std::string examiner, F&& work) {
  if (!journal_.enter({place, std::move(examiner), {}, 0, 0})) return;
  work();
  journal_.leave();
}

Result<void> Collector::enter(std::string_view place, std::string_view what, std::uint64_t at) {
  if (journal_.enter({std::string(place), std::string(kUnpacker), std::string(what), at, 0})) return {};
  return fail(Errc::unsupported, kLeftAlone);
}
Result<void> Collector::handed(std::uint64_t count) {
  if (journal_.handed(count)) return {};
  return fail(Errc::unsupported, kLeftAlone);
}

Result<void> Collector::go_on() const {
  if (rows_ < ceiling_.rows && row_bytes_ < ceiling_.bytes) return {};
  return fail(Errc::limit, fmt::format("there is more in it than is told of one image: {} rows, {} MiB",
                                       grouped(ceiling_.rows), ceiling_.bytes >> 20));
}

Result<void> Collector::entry(int node, const unpack::NodeInfo& info, const Entry& entry, Bytes content) {
  ++entries_;
  if (entry.type == EntryType::file) bytes_ += content.size();
  if (extract_) send_entry(node, info, entry, content);
  tell(info.format);
  // With several threads, files gather until there is work for all; a large one is looked at where it lies. With one
  // thread nothing has to wait, but whether to go on is asked at the same places, or the outcome would differ.
  Item item{node, info.place, entry, {}, content, {}, {}, {}};
  const bool large = content.size() >= kBatchBytes;
  if (large) flush();
  gathered_bytes_ += content.size();
  ++gathered_;
  if (jobs_ <= 1 || large) {
    look(item, jobs_);
    settle(item);
  } else {
    item.owned.assign(content.begin(), content.end());
    pending_.push_back(std::move(item));
  }
  if (gathered_bytes_ < kBatchBytes && gathered_ < kBatchFiles) return {};
  flush();
  return go_on();
}

Result<void> Collector::part(int, const unpack::NodeInfo& info, Bytes content) {
  flush();
  ++parts_;
  bytes_ += content.size();
  tell(info.format);
  for (const inspect::Detector* d : inspect::detectors()) {
    if (!d->part) continue;
    inspect::Facts facts;
    step(info.place, examiner_of(*d), [&] { d->part(info.place, content, facts); });
    send(facts, *d);
  }
  return go_on();
}

void Collector::progress(const unpack::NodeInfo& info, std::uint64_t done, std::uint64_t of) {
  percent_ = of == 0 ? 0 : done * 100 / of;
  tell(info.format);
}

// A person waits for this: by the clock, not by what there is to say.
void Collector::tell(std::string_view format) {
  const std::uint64_t now = milliseconds();
  if (percent_ == told_percent_ && now - told_at_ < kTellEvery) return;
  told_percent_ = percent_;
  told_at_ = now;
  out_.frame(kProgress, fmt::format("{} %  {}  {} files", percent_, format, entries_));
  out_.flush();
}

// May run on any thread where `jobs_` is not 1; the journal is kept where it is.
void Collector::look(Item& item, unsigned jobs) {
  if (item.entry.type != EntryType::file) return;
  const Bytes content = item.content();
  const auto all = inspect::detectors();
  item.found.resize(all.size());
  if (jobs_ > 1) {
    item.kind = inspect::file_kind(item.entry.path, content);
    const inspect::FileView view{item.tree, item.entry.path, item.entry, item.kind, content};
    // The digest is the longest of these steps, so it comes first.
    parallel_for(all.size() + 1, jobs, [&](std::size_t i) {
      if (i == 0)
        item.sha256 = sha256_hex(content);
      else if (all[i - 1]->file)
        all[i - 1]->file(view, item.found[i - 1]);
    });
    return;
  }
  const std::string place = item.tree + " > /" + item.entry.path;
  step(place, std::string(kUnpacker), [&] {
    item.kind = inspect::file_kind(item.entry.path, content);
    item.sha256 = sha256_hex(content);
  });
  if (item.sha256.empty()) return;
  const inspect::FileView view{item.tree, item.entry.path, item.entry, item.kind, content};
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i]->file) step(place, examiner_of(*all[i]), [&] { all[i]->file(view, item.found[i]); });
}

// In order, on the one thread that writes.
void Collector::settle(Item& item) {
  if (!go_on()) return;  // said where the next file is taken, or at the end
  const Entry& e = item.entry;
  Fact file_row;
  file_row.table = "file";
  file_row.place = item.tree;
  file_row.at = e.at;
  file_row.examiner = kUnpacker;
  const bool device = e.type == EntryType::block_device || e.type == EntryType::char_device;
  file_row.set("path", "/" + e.path)
      .set("type", name(e.type))
      .set("size", e.size)
      .set("mode", e.mode)
      .set("uid", e.uid)
      .set("gid", e.gid);
  if (device)
    file_row.set("target", fmt::format("{}:{}", e.major, e.minor));
  else if (!e.target.empty())
    file_row.set("target", e.target);
  if (e.type != EntryType::file)
    file_row.set("kind", "none");
  else if (!item.sha256.empty())
    file_row.set("sha256", item.sha256).set("kind", inspect::name(item.kind));
  row(kFact, FramePut().fact(file_row).bytes());
  const auto all = inspect::detectors();
  for (std::size_t i = 0; i < item.found.size(); ++i) send(item.found[i], *all[i]);

  Kept& kept = trees_[item.node];
  kept.tree.place = item.tree;
  inspect::TreeFile file;
  file.entry = e;
  file.kind = item.kind;
  file.sha256 = item.sha256;
  const Bytes content = item.content();
  if (e.type == EntryType::file && inspect::keep(e.path, item.kind, content)) {
    if (kept.bytes + content.size() <= kTreeBytes && kept_bytes_ + content.size() <= kTreesBytes) {
      file.content = as_text(content);
      file.kept = true;
      kept.bytes += content.size();
      kept_bytes_ += content.size();
    } else {
      ++kept.dropped;
    }
  } else if (e.type == EntryType::file && inspect::wanted(e.path, item.kind)) {
    unexamined(item.tree + " > /" + e.path, "", "tree",
               fmt::format("{} bytes: too long to be read as a whole", grouped(content.size())));
  }
  kept.tree.files.insert_or_assign(e.path, std::move(file));
}

void Collector::flush() {
  gathered_ = gathered_bytes_ = 0;
  if (pending_.empty()) return;
  parallel_for(pending_.size(), jobs_, [&](std::size_t i) { look(pending_[i], 1); });
  for (Item& item : pending_) settle(item);
  pending_.clear();
}

void Collector::finish(const unpack::Outcome& outcome, bool time_was_cut) {
  flush();
  std::vector<const inspect::Detector*> with_tree;
  for (const inspect::Detector* d : inspect::detectors())
    if (d->tree) with_tree.push_back(d);
  bool cut = outcome.cut;
  for (auto& kept : trees_) {
    const int node = kept.first;
    Kept& tree = kept.second;
    if (node >= 0 && static_cast<std::size_t>(node) < outcome.nodes.size())
      tree.tree.place = outcome.nodes[static_cast<std::size_t>(node)].place;
    if (auto on = go_on(); !on) {
      cut = true;
      unexamined(tree.tree.place, "", "tree", on.error().what);
      continue;
    }
    std::vector<inspect::Facts> found(with_tree.size());
    if (jobs_ > 1)
      parallel_for(with_tree.size(), jobs_, [&](std::size_t i) { with_tree[i]->tree(tree.tree, found[i]); });
    else
      for (std::size_t i = 0; i < with_tree.size(); ++i)
        step(tree.tree.place, examiner_of(*with_tree[i]), [&] { with_tree[i]->tree(tree.tree, found[i]); });
    for (std::size_t i = 0; i < with_tree.size(); ++i) send(found[i], *with_tree[i]);
    if (tree.dropped > 0)
      unexamined(tree.tree.place, "", "tree",
                 fmt::format("{} configuration files were not kept: more than {} bytes in one tree, or {} in all",
                             tree.dropped, kTreeBytes, kTreesBytes));
  }
  for (const unpack::NodeInfo& n : outcome.nodes)
    row(kNode, FramePut()
                   .number(static_cast<std::uint64_t>(n.parent) + 1)
                   .text(n.format)
                   .text(n.title)
                   .text(n.place)
                   .number(n.offset)
                   .number(n.size)
                   .text(unpack::name(n.status))
                   .text(n.reason)
                   .bytes());
  for (const unpack::LedgerRow& r : outcome.ledger)
    row(kLedger, FramePut()
                     .number(static_cast<std::uint64_t>(r.node) + 1)
                     .number(r.offset)
                     .number(r.size)
                     .text(r.state)
                     .text(r.reason)
                     .text(r.entropy)
                     .bytes());
  for (const unpack::Refusal& r : outcome.refusals) unexamined(r.place, "", kUnpacker, r.reason);
  out_.frame(kSummary, FramePut()
                           .number(cut ? 1 : 0)
                           .number(time_was_cut ? 1 : 0)
                           .number(entries_)
                           .number(parts_)
                           .number(bytes_)
                           .bytes());
}

void Collector::send(inspect::Facts& found, const inspect::Detector& by) {
  for (Fact& f : found.facts) {
    f.examiner = examiner_of(by);
    row(kFact, FramePut().fact(f).bytes());
  }
  for (const Unexamined& u : found.unexamined) unexamined(u.place, u.table, examiner_of(by), u.reason);
}

void Collector::unexamined(std::string_view place, std::string_view table, std::string_view examiner,
                           std::string_view reason) {
  row(kUnexamined, FramePut().text(place).text(table).text(examiner).text(reason).bytes());
}

void Collector::row(std::uint8_t kind, std::string_view payload) {
  ++rows_;
  row_bytes_ += payload.size();
  out_.frame(kind, payload);
}

void Collector::send_entry(int node, const unpack::NodeInfo& info, const Entry& e, Bytes content) {
  out_.frame(kExtractEntry, FramePut()
                                .text(fmt::format("{:03}-{}", node, info.format))
                                .text(e.path)
                                .number(static_cast<std::uint64_t>(e.type))
                                .number(e.mode)
                                .number(e.uid)
                                .number(e.gid)
                                .number(e.size)
                                .text(e.target)
                                .number(e.major)
                                .number(e.minor)
                                .bytes());
  for (std::uint64_t at = 0; at < content.size(); at += 1u << 20)
    out_.frame(kExtractData, as_text(clip(content, at, 1u << 20)));
}

}  // namespace assay::app
