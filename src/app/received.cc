#include "app/received.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/frames.h"
#include "base/text.h"

namespace assay::app {
namespace {

// An unknown stretch smaller than this holds nothing a table could miss (end marks, version words between parts).
constexpr std::uint64_t kNegligible = 64;

constexpr std::size_t kFactsAtOnce = 4096;

// Set here, never by a worker: a row that chooses its own id could take the place of one that a person's verdict names.
constexpr std::array<std::string_view, 7> kOurs = {"id", "artefact", "source", "place", "at", "examiner", "confidence"};

Result<Fact> fact_of(FrameGet& in) {
  Fact f = ASSAY_TRY(in.fact());
  const evidence::Table* table = evidence::find_table(f.table);
  if (!table || table->kind != evidence::Kind::fact)
    return fail(Errc::malformed, "a row of a table that does not exist");
  for (const auto& [column, value] : f.values)
    if (!table->column(column) || std::find(kOurs.begin(), kOurs.end(), column) != kOurs.end())
      return fail(Errc::malformed, fmt::format("a value for {}.{}", f.table, clean_utf8(column)));
  return f;
}

}  // namespace

Received::Received(const Ceiling& ceiling, const Limits& limits, std::uint64_t image_size, Extractor* extractor)
    : ceiling_{ceiling.rows + ceiling.rows / 2, ceiling.bytes + ceiling.bytes / 2},
      // What lies in place in the image may be laid out once a level of nesting; all else is charged to the budget.
      most_laid_out_(limits.bytes + std::uint64_t{limits.depth + 1} * image_size),
      most_entries_(limits.files + 1000),
      extractor_(extractor) {}

Result<void> Received::take(std::uint8_t kind, Bytes payload) {
  FrameGet in(payload);
  switch (kind) {
    case kFact:
    case kUnexamined:
    case kNode:
    case kLedger:
      row_bytes_ += payload.size();
      if (++rows_ > ceiling_.rows || row_bytes_ > ceiling_.bytes)
        return fail(Errc::limit,
                    fmt::format("more than {} rows or {} MiB", grouped(ceiling_.rows), ceiling_.bytes >> 20));
      return take_row(kind, payload);
    case kSummary:
      cut = ASSAY_TRY(in.number()) != 0;
      time_cut = ASSAY_TRY(in.number()) != 0;
      entries = ASSAY_TRY(in.number());
      parts = ASSAY_TRY(in.number());
      bytes = ASSAY_TRY(in.number());
      return {};
    case kExtractEntry:
      if (++laid_entries_ > most_entries_) return fail(Errc::limit, "more files than the budget allows");
      return extractor_ ? take_entry(payload) : Result<void>{};
    case kExtractData:
      laid_out_ += payload.size();
      if (laid_out_ > most_laid_out_) return fail(Errc::limit, "more bytes of files than the budget allows");
      return extractor_ ? extractor_->data(payload) : Result<void>{};
    default:
      return fail(Errc::malformed, "a frame of no known kind");
  }
}

Result<void> Received::take_row(std::uint8_t kind, Bytes payload) {
  FrameGet in(payload);
  if (kind == kFact) {
    ASSAY_TRY(fact_of(in));
    if (facts_.empty() || facts_.back().size() == kFactsAtOnce) facts_.emplace_back().reserve(kFactsAtOnce);
    facts_.back().emplace_back(as_text(payload));
  } else if (kind == kUnexamined) {
    Unexamined u;
    u.place = ASSAY_TRY(in.text());
    u.table = ASSAY_TRY(in.text());
    u.examiner = ASSAY_TRY(in.text());
    u.reason = ASSAY_TRY(in.text());
    if (!u.table.empty() && !evidence::find_table(u.table))
      return fail(Errc::malformed, "a gap in a table that does not exist");
    unexamined_.push_back(std::move(u));
  } else if (kind == kNode) {
    Node n;
    n.parent = ASSAY_TRY(in.number());
    n.format = ASSAY_TRY(in.text());
    n.title = ASSAY_TRY(in.text());
    n.place = ASSAY_TRY(in.text());
    n.offset = ASSAY_TRY(in.number());
    n.size = ASSAY_TRY(in.number());
    n.status = ASSAY_TRY(in.text());
    n.reason = ASSAY_TRY(in.text());
    if (n.parent > nodes_.size()) return fail(Errc::malformed, "a part before the one it lies in");
    nodes_.push_back(std::move(n));
  } else {
    Ledger r;
    r.node = ASSAY_TRY(in.number());
    r.offset = ASSAY_TRY(in.number());
    r.size = ASSAY_TRY(in.number());
    r.state = ASSAY_TRY(in.text());
    r.reason = ASSAY_TRY(in.text());
    r.entropy = ASSAY_TRY(in.text());
    if (r.node > nodes_.size()) return fail(Errc::malformed, "a ledger row of a part that does not exist");
    ledger_.push_back(std::move(r));
  }
  return {};
}

Result<void> Received::take_entry(Bytes payload) {
  FrameGet in(payload);
  const std::string tree = ASSAY_TRY(in.text());
  Entry e;
  e.path = ASSAY_TRY(in.text());
  const std::uint64_t type = ASSAY_TRY(in.number());
  if (type > static_cast<std::uint64_t>(EntryType::socket)) return fail(Errc::malformed, "an entry of no known type");
  e.type = static_cast<EntryType>(type);
  e.mode = static_cast<std::uint32_t>(ASSAY_TRY(in.number()));
  e.uid = static_cast<std::uint32_t>(ASSAY_TRY(in.number()));
  e.gid = static_cast<std::uint32_t>(ASSAY_TRY(in.number()));
  e.size = ASSAY_TRY(in.number());
  e.target = ASSAY_TRY(in.text());
  e.major = static_cast<std::uint32_t>(ASSAY_TRY(in.number()));
  e.minor = static_cast<std::uint32_t>(ASSAY_TRY(in.number()));
  return extractor_->begin(tree, e);
}

void Received::give(std::string_view artefact, evidence::Evidence& out) {
  for (std::vector<std::string>& some : facts_) {
    for (const std::string& payload : some) {
      FrameGet in(as_bytes(payload));
      if (const auto f = fact_of(in)) out.add(*f, artefact, "firmware");
    }
    some = {};
  }
  facts_.clear();
  for (const Unexamined& u : unexamined_) out.add(u, artefact, "firmware");

  const auto common = [&](const std::string& place) {
    return std::vector<std::pair<std::string, Value>>{{"artefact", std::string(artefact)},
                                                      {"source", std::string("firmware")},
                                                      {"place", place},
                                                      {"examiner", std::string(kUnpacker)},
                                                      {"confidence", std::string("high")}};
  };
  std::vector<std::string> ids;
  for (const Node& n : nodes_) {
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
  for (const Ledger& r : ledger_) {
    auto row = common(place_of(r));
    row.emplace_back("at", static_cast<std::int64_t>(r.offset));
    row.emplace_back("offset", static_cast<std::int64_t>(r.offset));
    row.emplace_back("size", static_cast<std::int64_t>(r.size));
    row.emplace_back("state", r.state);
    if (!r.reason.empty()) row.emplace_back("reason", r.reason);
    if (!r.entropy.empty()) row.emplace_back("entropy", r.entropy);
    out.add_row("ledger", row);
    if (r.state == "unknown" && r.size >= kNegligible)
      out.add(Unexamined{place_of(r), "", std::string(kUnpacker),
                         fmt::format("{} bytes at {:#x} are of no known format, entropy {}", grouped(r.size), r.offset,
                                     r.entropy)},
              artefact, "firmware");
  }
}

}  // namespace assay::app
