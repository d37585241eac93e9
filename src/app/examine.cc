#include "app/examine.h"

#include <fmt/format.h>

#include "app/extract.h"
#include "app/frames.h"
#include "app/worker.h"
#include "base/data.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/parallel.h"
#include "base/text.h"
#include "inspect/detector.h"
#include "unpack/unpack.h"

namespace assay::app {
namespace {

enum Frame : std::uint8_t { kFact = 1, kUnexamined, kNode, kLedger, kProgress, kSummary, kExtractEntry, kExtractData };

constexpr std::string_view kUnpacker = "unpack/1";
// An unknown stretch smaller than this holds nothing a table could miss (end marks, version words between parts).
constexpr std::uint64_t kNegligible = 64;
constexpr std::uint64_t kBatchBytes = 4u << 20;
constexpr std::uint64_t kTreeBytes = 64u << 20;

std::string examiner_of(const inspect::Detector& detector) {
  return fmt::format("{}/{}", detector.name, detector.version);
}

// The worker's side: takes what the unpacker hands out, shows each file to every detector while it is in memory, and
// keeps what the tree detectors want to see at the end.
class Collector final : public unpack::Visitor {
 public:
  Collector(FrameWriter& out, unsigned jobs, bool extract) : out_(out), jobs_(jobs), extract_(extract) {}

  Result<void> entry(int node, const unpack::NodeInfo& info, const Entry& entry, Bytes content) override {
    ++entries_;
    if (entry.type == EntryType::file) bytes_ += content.size();
    if (extract_) send_entry(node, info, entry, content);
    Item item{node, info.place, entry, {}, content, {}, {}, {}};
    if (jobs_ <= 1) {
      look(item);
      settle(item);
      return {};
    }
    // With several threads, files gather until there is work for all of them.
    item.owned.assign(content.begin(), content.end());
    pending_bytes_ += content.size();
    pending_.push_back(std::move(item));
    if (pending_bytes_ >= kBatchBytes || pending_.size() >= 512) flush();
    return {};
  }

  Result<void> part(int, const unpack::NodeInfo& info, Bytes content) override {
    flush();
    ++parts_;
    bytes_ += content.size();
    for (const inspect::Detector* d : inspect::detectors()) {
      if (!d->part) continue;
      inspect::Facts facts;
      d->part(info.place, content, facts);
      send(facts, *d);
    }
    return {};
  }

  void progress(const unpack::NodeInfo& info, std::uint64_t done, std::uint64_t of) override {
    const std::uint64_t percent = of == 0 ? 0 : done * 100 / of;
    if (percent == last_percent_ && entries_ < last_entries_ + 500) return;
    last_percent_ = percent;
    last_entries_ = entries_;
    out_.frame(kProgress, fmt::format("{} %  {}  {} files", percent, info.format, entries_));
  }

  void finish(const unpack::Outcome& outcome) {
    flush();
    std::vector<const inspect::Detector*> with_tree;
    for (const inspect::Detector* d : inspect::detectors())
      if (d->tree) with_tree.push_back(d);
    for (auto& kept : trees_) {
      const int node = kept.first;
      Kept& tree = kept.second;
      if (node >= 0 && static_cast<std::size_t>(node) < outcome.nodes.size())
        tree.tree.place = outcome.nodes[static_cast<std::size_t>(node)].place;
      std::vector<inspect::Facts> found(with_tree.size());
      parallel_for(with_tree.size(), jobs_, [&](std::size_t i) { with_tree[i]->tree(tree.tree, found[i]); });
      for (std::size_t i = 0; i < with_tree.size(); ++i) send(found[i], *with_tree[i]);
      if (tree.dropped > 0)
        unexamined(tree.tree.place, "", "tree",
                   fmt::format("{} configuration files were not kept: more than {} bytes in one tree", tree.dropped,
                               kTreeBytes));
    }
    for (const unpack::NodeInfo& n : outcome.nodes)
      out_.frame(kNode, FramePut()
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
      out_.frame(kLedger, FramePut()
                              .number(static_cast<std::uint64_t>(r.node) + 1)
                              .number(r.offset)
                              .number(r.size)
                              .text(r.state)
                              .text(r.reason)
                              .text(r.entropy)
                              .bytes());
    for (const unpack::Refusal& r : outcome.refusals) unexamined(r.place, "", std::string(kUnpacker), r.reason);
  }

  std::uint64_t entries() const { return entries_; }
  std::uint64_t parts() const { return parts_; }
  std::uint64_t bytes() const { return bytes_; }

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

  // May run on any thread.
  static void look(Item& item) {
    if (item.entry.type != EntryType::file) return;
    const Bytes content = item.content();
    item.kind = inspect::file_kind(item.entry.path, content);
    item.sha256 = sha256_hex(content);
    const inspect::FileView view{item.tree, item.entry.path, item.entry, item.kind, content};
    const auto all = inspect::detectors();
    item.found.resize(all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i]->file) all[i]->file(view, item.found[i]);
  }

  // In order, on the one thread that writes.
  void settle(Item& item) {
    const Entry& e = item.entry;
    Fact row;
    row.table = "file";
    row.place = item.tree;
    row.at = e.at;
    row.examiner = kUnpacker;
    const bool device = e.type == EntryType::block_device || e.type == EntryType::char_device;
    row.set("path", "/" + e.path)
        .set("type", name(e.type))
        .set("size", e.size)
        .set("mode", e.mode)
        .set("uid", e.uid)
        .set("gid", e.gid);
    if (device)
      row.set("target", fmt::format("{}:{}", e.major, e.minor));
    else if (!e.target.empty())
      row.set("target", e.target);
    if (e.type == EntryType::file)
      row.set("sha256", item.sha256).set("kind", inspect::name(item.kind));
    else
      row.set("kind", "none");
    out_.frame(kFact, FramePut().fact(row).bytes());
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
      if (kept.bytes + content.size() <= kTreeBytes) {
        file.content = as_text(content);
        file.kept = true;
        kept.bytes += content.size();
      } else {
        ++kept.dropped;
      }
    } else if (e.type == EntryType::file && inspect::wanted(e.path, item.kind)) {
      unexamined(item.tree + " > /" + e.path, "", "tree",
                 fmt::format("{} bytes: too long to be read as a whole", grouped(content.size())));
    }
    kept.tree.files.insert_or_assign(e.path, std::move(file));
  }

  void flush() {
    if (pending_.empty()) return;
    parallel_for(pending_.size(), jobs_, [&](std::size_t i) { look(pending_[i]); });
    for (Item& item : pending_) settle(item);
    pending_.clear();
    pending_bytes_ = 0;
  }

  void send(inspect::Facts& found, const inspect::Detector& by) {
    for (Fact& f : found.facts) {
      f.examiner = examiner_of(by);
      out_.frame(kFact, FramePut().fact(f).bytes());
    }
    for (const Unexamined& u : found.unexamined) unexamined(u.place, u.table, examiner_of(by), u.reason);
  }
  void unexamined(std::string_view place, std::string_view table, std::string_view examiner, std::string_view reason) {
    out_.frame(kUnexamined, FramePut().text(place).text(table).text(examiner).text(reason).bytes());
  }
  void send_entry(int node, const unpack::NodeInfo& info, const Entry& e, Bytes content) {
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

  FrameWriter& out_;
  unsigned jobs_;
  bool extract_;
  std::vector<Item> pending_;
  std::uint64_t pending_bytes_ = 0;
  std::map<int, Kept> trees_;
  std::uint64_t entries_ = 0, parts_ = 0, bytes_ = 0;
  std::uint64_t last_percent_ = UINT64_MAX, last_entries_ = 0;
};

// The parent's side: what came back, held against the tables.
struct Received {
  struct Node {
    std::uint64_t parent;
    std::string format, title, place, status, reason;
    std::uint64_t offset, size;
  };
  struct Ledger {
    std::uint64_t node, offset, size;
    std::string state, reason, entropy;
  };
  std::vector<Fact> facts;
  std::vector<Unexamined> unexamined;
  std::vector<Node> nodes;
  std::vector<Ledger> ledger;
  bool cut = false, time_cut = false;
  std::uint64_t entries = 0, parts = 0, bytes = 0;
};

Result<void> receive(std::uint8_t kind, Bytes payload, Received& into, Extractor* extractor,
                     const ExamineOptions& options, const std::string& file) {
  FrameGet in(payload);
  switch (kind) {
    case kFact: {
      Fact f = ASSAY_TRY(in.fact());
      const evidence::Table* table = evidence::find_table(f.table);
      if (!table || table->kind != evidence::Kind::fact)
        return fail(Errc::malformed, "a worker sent a row of a table that does not exist");
      for (const auto& [column, value] : f.values)
        if (!table->column(column))
          return fail(Errc::malformed, fmt::format("a worker sent {}.{}, which does not exist", f.table, column));
      into.facts.push_back(std::move(f));
      return {};
    }
    case kUnexamined: {
      Unexamined u;
      u.place = ASSAY_TRY(in.text());
      u.table = ASSAY_TRY(in.text());
      u.examiner = ASSAY_TRY(in.text());
      u.reason = ASSAY_TRY(in.text());
      into.unexamined.push_back(std::move(u));
      return {};
    }
    case kNode: {
      Received::Node n;
      n.parent = ASSAY_TRY(in.number());
      n.format = ASSAY_TRY(in.text());
      n.title = ASSAY_TRY(in.text());
      n.place = ASSAY_TRY(in.text());
      n.offset = ASSAY_TRY(in.number());
      n.size = ASSAY_TRY(in.number());
      n.status = ASSAY_TRY(in.text());
      n.reason = ASSAY_TRY(in.text());
      if (n.parent > into.nodes.size()) return fail(Errc::malformed, "a worker sent a part before its parent");
      into.nodes.push_back(std::move(n));
      return {};
    }
    case kLedger: {
      Received::Ledger r;
      r.node = ASSAY_TRY(in.number());
      r.offset = ASSAY_TRY(in.number());
      r.size = ASSAY_TRY(in.number());
      r.state = ASSAY_TRY(in.text());
      r.reason = ASSAY_TRY(in.text());
      r.entropy = ASSAY_TRY(in.text());
      if (r.node > into.nodes.size())
        return fail(Errc::malformed, "a worker sent a ledger row of a part that does not exist");
      into.ledger.push_back(std::move(r));
      return {};
    }
    case kProgress:
      if (options.progress) options.progress(file + "  " + clean_utf8(as_text(payload)));
      return {};
    case kSummary:
      into.cut = ASSAY_TRY(in.number()) != 0;
      into.time_cut = ASSAY_TRY(in.number()) != 0;
      into.entries = ASSAY_TRY(in.number());
      into.parts = ASSAY_TRY(in.number());
      into.bytes = ASSAY_TRY(in.number());
      return {};
    case kExtractEntry: {
      if (!extractor) return {};
      const std::string tree = ASSAY_TRY(in.text());
      Entry e;
      e.path = ASSAY_TRY(in.text());
      const std::uint64_t type = ASSAY_TRY(in.number());
      if (type > static_cast<std::uint64_t>(EntryType::socket))
        return fail(Errc::malformed, "a worker sent an entry of no known type");
      e.type = static_cast<EntryType>(type);
      e.mode = static_cast<std::uint32_t>(ASSAY_TRY(in.number()));
      e.uid = static_cast<std::uint32_t>(ASSAY_TRY(in.number()));
      e.gid = static_cast<std::uint32_t>(ASSAY_TRY(in.number()));
      e.size = ASSAY_TRY(in.number());
      e.target = ASSAY_TRY(in.text());
      e.major = static_cast<std::uint32_t>(ASSAY_TRY(in.number()));
      e.minor = static_cast<std::uint32_t>(ASSAY_TRY(in.number()));
      return extractor->begin(tree, e);
    }
    case kExtractData:
      return extractor ? extractor->data(payload) : Result<void>{};
    default:
      return fail(Errc::malformed, "a worker sent a frame of no known kind");
  }
}

void add_nodes_and_ledger(const Received& got, std::string_view artefact, evidence::Evidence& out) {
  std::vector<std::string> ids;
  const auto common = [&](const std::string& place) {
    return std::vector<std::pair<std::string, Value>>{{"artefact", std::string(artefact)},
                                                      {"source", std::string("firmware")},
                                                      {"place", place},
                                                      {"examiner", std::string(kUnpacker)},
                                                      {"confidence", std::string("high")}};
  };
  for (const Received::Node& n : got.nodes) {
    auto row = common(n.place);
    row.emplace_back("at", static_cast<std::int64_t>(n.offset));
    if (n.parent > 0) row.emplace_back("parent", ids[n.parent - 1]);
    row.emplace_back("format", n.format);
    row.emplace_back("offset", static_cast<std::int64_t>(n.offset));
    row.emplace_back("size", static_cast<std::int64_t>(n.size));
    row.emplace_back("title", n.title);
    row.emplace_back("status", n.status);
    if (!n.reason.empty()) row.emplace_back("reason", n.reason);
    ids.push_back(out.add_row("node", row));
  }
  for (const Received::Ledger& r : got.ledger) {
    auto row = common(r.node == 0 ? "" : got.nodes[r.node - 1].place);
    row.emplace_back("at", static_cast<std::int64_t>(r.offset));
    row.emplace_back("offset", static_cast<std::int64_t>(r.offset));
    row.emplace_back("size", static_cast<std::int64_t>(r.size));
    row.emplace_back("state", r.state);
    if (!r.reason.empty()) row.emplace_back("reason", r.reason);
    if (!r.entropy.empty()) row.emplace_back("entropy", r.entropy);
    out.add_row("ledger", row);
  }
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
  Examined result;
  result.size = image.bytes().size();
  result.sha256 = sha256_hex(image.bytes());  // also wakes OpenSSL before the worker is shut in
  std::optional<Extractor> extractor;
  if (options.extract) extractor.emplace(ASSAY_TRY(Extractor::open(*options.extract)));

  // Every planned look has its row, with complete 0, before looking begins.
  const std::vector<evidence::Look> looks = firmware_looks();
  out.add_artefact(result.sha256, result.sha256, "firmware", file, "firmware", result.size, looks);
  data::preload();

  Received got;
  const WorkerLimits limits{.memory = options.limits.bytes + (std::uint64_t{2} << 30), .sandbox = options.sandbox};
  const auto work = [&](FrameWriter& frames) {
    Budget budget(options.limits);
    Collector collector(frames, options.jobs, options.extract.has_value());
    const unpack::Outcome outcome = unpack::unpack(image.bytes(), file, options.jobs, budget, collector);
    collector.finish(outcome);
    frames.frame(kSummary, FramePut()
                               .number(outcome.cut ? 1 : 0)
                               .number(budget.time_was_cut() ? 1 : 0)
                               .number(collector.entries())
                               .number(collector.parts())
                               .number(collector.bytes())
                               .bytes());
  };
  const WorkerEnd end = ASSAY_TRY(run_worker(limits, work, [&](std::uint8_t kind, Bytes payload) {
    return receive(kind, payload, got, extractor ? &*extractor : nullptr, options, file);
  }));
  result.sandboxed = end.sandboxed;
  result.landlocked = end.landlocked;

  for (const Fact& f : got.facts) out.add(f, result.sha256, "firmware");
  for (const Unexamined& u : got.unexamined) out.add(u, result.sha256, "firmware");
  add_nodes_and_ledger(got, result.sha256, out);
  for (const Received::Ledger& r : got.ledger)
    if (r.state == "unknown" && r.size >= kNegligible)
      out.add(Unexamined{r.node == 0 ? "" : got.nodes[r.node - 1].place, "", std::string(kUnpacker),
                         fmt::format("{} bytes at {:#x} are of no known format, entropy {}", grouped(r.size), r.offset,
                                     r.entropy)},
              result.sha256, "firmware");
  if (!end.well) {
    out.add(Unexamined{"", "", std::string(kUnpacker), "the examiner " + end.reason}, result.sha256, "firmware");
    result.remarks.push_back(
        fmt::format("{}: the examiner {}; what it had found until then is kept", file, end.reason));
  }
  result.reproducible = !got.time_cut;
  // Read to its end, and there was something in it: only then may silence count.
  if (end.well && !got.cut && got.entries + got.parts > 0) {
    JsonWriter scope;
    scope.object().field("bytes", got.bytes).field("files", got.entries).end_object();
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
