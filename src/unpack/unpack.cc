// The walker. A container's in-place parts are searched while it is being taken apart, and the container then claims
// what they left of its extent: so every byte belongs to the innermost thing that explains it. What was claimed is not
// searched again, and a compressed file system is never scanned at all.
#include "unpack/unpack.h"

#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "unpack/ledger.h"
#include "unpack/scan.h"

namespace assay::unpack {
namespace {

// A stretch of bytes with a ledger of its own: the artefact, what a container was decompressed into, or a file of a
// tree.
struct Space {
  explicit Space(Bytes content, bool is_file = false) : bytes(content), file(is_file) {}

  Bytes bytes;
  Ledger ledger;
  bool file;  // its bytes were handed to Visitor::entry already
  std::vector<std::pair<std::uint64_t, std::string>>
      lost;  // a container certainly begins here, its end is not known; why
};

enum class Look { everywhere, start_only };

constexpr std::uint64_t kLeastPart = 64;          // shorter unknown stretches are only in the ledger
constexpr std::uint64_t kApart = 64 << 10;        // padding that tells two unknown stretches apart
constexpr std::uint64_t kImageInTree = 64 << 10;  // smaller files of a tree are not searched
constexpr unsigned kFalseHits = 50'000;           // attempts that came to nothing before a search is given up
constexpr std::size_t kMostRefusals = 1000;       // listed; a damaged tree may have as many as files

bool is_text(Bytes bytes) {
  const Bytes head = clip(bytes, 0, 512);
  return std::all_of(head.begin(), head.end(),
                     [](std::uint8_t c) { return c >= 0x20 || c == '\n' || c == '\r' || c == '\t'; });
}

bool named_like_image(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos) return false;
  constexpr std::string_view kEndings[] = {"bin", "chk", "fw", "image", "img", "itb", "rom", "trx", "ubi"};
  const std::string ending = lower(path.substr(dot + 1));
  return std::find(std::begin(kEndings), std::end(kEndings), ending) != std::end(kEndings);
}

class Walker {
 public:
  Walker(std::string_view artefact, unsigned jobs, Budget& budget, Visitor& visitor)
      : artefact_(artefact.empty() ? "data" : artefact),
        jobs_(jobs),
        budget_(budget),
        visitor_(visitor),
        scanner_(formats()) {}

  Outcome run(Bytes image) {
    Space space(image);
    total_ = image.size();
    search(space, {0, image.size()}, -1, artefact_, 0, Look::everywhere);
    keep_rows(space, -1);
    std::stable_sort(outcome_.ledger.begin(), outcome_.ledger.end(),
                     [](const LedgerRow& a, const LedgerRow& b) { return a.node < b.node; });
    if (unlisted_ > 0)
      outcome_.refusals.push_back({artefact_, fmt::format("{} more refusals are not listed", unlisted_)});
    return std::move(outcome_);
  }

 private:
  class ContainerSink;

  void search(Space& space, Ledger::Range range, int parent, std::string_view name, unsigned depth, Look look);
  std::optional<std::uint64_t> at_start(Space& space, Ledger::Range range, int parent, unsigned depth, Look look);
  std::optional<std::uint64_t> try_format(const Format& format, Space& space, Ledger::Range range, int parent,
                                          unsigned depth);
  Result<Extent> measured(const Format& format, Space& space, Ledger::Range range, Bytes image, int parent);
  void explain_gaps(Space& space, Ledger::Range range, int parent, std::string_view name);
  void show(const Space& space, Ledger::Range what, Ledger::Range part, int parent, std::string_view name);
  void look_into_file(int tree, const Entry& entry, Bytes content, unsigned depth);

  int add_node(int parent, std::string_view format, std::string_view title, std::string_view step, std::uint64_t offset,
               std::uint64_t size);
  void drop_last_node() {
    places_.erase(outcome_.nodes.back().place);
    outcome_.nodes.pop_back();
  }
  NodeInfo& node(int index) { return outcome_.nodes[static_cast<std::size_t>(index)]; }
  void refuse(std::string place, std::string reason) {
    if (outcome_.refusals.size() < kMostRefusals)
      outcome_.refusals.push_back({std::move(place), std::move(reason)});
    else
      ++unlisted_;
  }
  void keep_rows(const Space& space, int index) {
    if (index >= 0) node(index).searched = space.bytes.size();
    auto rows = space.ledger.rows(index);
    std::move(rows.begin(), rows.end(), std::back_inserter(outcome_.ledger));
  }
  // The visitor or the clock said stop.
  bool stopped() {
    if (!stop_ && !budget_.check_time()) stop_ = "the budget of time is used up";
    if (stop_) outcome_.cut = true;
    return stop_.has_value();
  }

  std::string artefact_;
  unsigned jobs_;
  Budget& budget_;
  Visitor& visitor_;
  Scanner scanner_;
  Outcome outcome_;
  std::set<std::string> places_;
  std::optional<std::string> stop_;
  std::uint64_t total_ = 0;
  std::uint64_t unlisted_ = 0;
  unsigned false_hits_ = 0;
};

// Takes what one container hands out.
class Walker::ContainerSink final : public Sink {
 public:
  ContainerSink(Walker& walker, Space& space, Ledger::Range range, int index, unsigned depth)
      : walker_(walker), space_(space), range_(range), index_(index), depth_(depth) {}

  Result<void> part(std::string_view name, Bytes content, std::uint64_t at, bool in_place) override {
    if (ended_) return fail(*ended_);
    handed_ = true;
    const std::string step = name.empty() ? "data" : clean_utf8(name);
    if (in_place) {
      const auto end = checked_add(at, content.size());
      if (!end || *end > range_.size()) return fail(Errc::internal, "a part lies outside its container");
      search_in_place({range_.from + at, range_.from + *end}, step);
    } else if (!content.empty()) {
      // The ledger of the first part belongs to the container; a second one gets a node to hold its own.
      int parent = index_;
      if (opened_) parent = walker_.add_node(index_, "data", step, step, 0, content.size());
      opened_ = true;
      Space inner(content);
      walker_.search(inner, {0, content.size()}, parent, step, depth_ + 1, Look::everywhere);
      walker_.keep_rows(inner, parent);
    }
    return go_on();
  }

  Result<void> entry(const Entry& entry, Bytes content) override {
    if (ended_) return fail(*ended_);
    handed_ = true;
    if (auto taken = walker_.visitor_.entry(index_, walker_.node(index_), entry, content); !taken) {
      walker_.stop_ = taken.error().what;
      return taken;
    }
    reached_ = std::max(reached_, entry.at + 1);
    if (entry.type == EntryType::file) walker_.look_into_file(index_, entry, content, depth_ + 1);
    return go_on();
  }

  void refused(std::string_view what, std::uint64_t at, const Error& why) override {
    NodeInfo& node = walker_.node(index_);
    const std::string reason = fmt::format("{}: {} (at offset {:#x})", what, why.what, at);
    node.status = Status::partial;
    if (node.reason.empty()) node.reason = reason;
    if (why.code == Errc::limit) walker_.outcome_.cut = true;
    walker_.refuse(node.place, reason);
  }

  void title(std::string_view text) override {
    if (!text.empty()) walker_.node(index_).title = clean_utf8(text);
  }

  unsigned jobs() const override { return walker_.jobs_; }

  bool handed() const { return handed_; }
  std::uint64_t reached() const { return std::min(reached_, range_.size()); }  // behind the start of its last entry
  const std::optional<Error>& ended() const { return ended_; }  // why the visitor wants no more of this container

 private:
  // Parts may overlap in a hostile or a clever container: each byte is searched once.
  void search_in_place(Ledger::Range range, std::string_view step) {
    for (const Ledger::Range& open : space_.ledger.open(range.from, range.to))
      walker_.search(space_, open, index_, step, depth_ + 1, Look::everywhere);
  }
  Result<void> go_on() {
    if (walker_.stop_) return fail(Errc::limit, *walker_.stop_);
    if (auto on = walker_.visitor_.handed(++count_); !on) {
      ended_ = on.error();
      return on;
    }
    return {};
  }

  Walker& walker_;
  Space& space_;
  Ledger::Range range_;  // from the container's first byte to the end of the part it lies in
  int index_;
  unsigned depth_;
  bool handed_ = false;
  bool opened_ = false;
  std::uint64_t count_ = 0;
  std::uint64_t reached_ = 0;
  std::optional<Error> ended_;
};

int Walker::add_node(int parent, std::string_view format, std::string_view title, std::string_view step,
                     std::uint64_t offset, std::uint64_t size) {
  std::string place = parent < 0 ? std::string(step) : fmt::format("{} > {}", node(parent).place, step);
  // Two of a kind in one container are told apart by where they lie; what came out of two streams by a number.
  if (!places_.insert(place).second) {
    const std::string first = place;
    place = fmt::format("{}@{:#x}", first, offset);
    for (unsigned n = 2; !places_.insert(place).second; ++n) place = fmt::format("{}@{:#x}#{}", first, offset, n);
  }
  NodeInfo info;
  info.parent = parent;
  info.format = std::string(format);
  info.title = std::string(title);
  info.place = std::move(place);
  info.offset = offset;
  info.size = size;
  outcome_.nodes.push_back(std::move(info));
  return static_cast<int>(outcome_.nodes.size()) - 1;
}

Result<Extent> Walker::measured(const Format& format, Space& space, Ledger::Range range, Bytes image, int parent) {
  const std::string_view place = parent < 0 ? std::string_view(artefact_) : node(parent).place;
  if (auto may = visitor_.enter(place, format.name, range.from); !may) {
    const int index = add_node(parent, format.name, format.title, format.name, range.from, 0);
    node(index).status = Status::refused;
    node(index).reason = may.error().what;
    space.lost.emplace_back(range.from, may.error().what);
    return fail(may.error());
  }
  auto extent = format.measure(image);
  visitor_.leave();
  return extent;
}

// `range` runs from the format's first byte to the end of the part. Returns where the format ends; nullopt: it is not
// there.
std::optional<std::uint64_t> Walker::try_format(const Format& format, Space& space, Ledger::Range range, int parent,
                                                unsigned depth) {
  const Bytes image = space.bytes.subspan(range.from, range.size());
  const auto extent = measured(format, space, range, image, parent);
  if (!extent) return std::nullopt;
  const auto measured_end = [&] { return range.from + std::min<std::uint64_t>(*extent->size, image.size()); };
  const std::string title = extent->title.empty() ? std::string(format.title) : extent->title;
  if (depth >= budget_.limits().depth) {
    const int index =
        add_node(parent, format.name, title, format.name, range.from, extent->size ? measured_end() - range.from : 0);
    NodeInfo& info = node(index);
    info.status = Status::refused;
    info.reason = fmt::format("containers nest deeper than {}", budget_.limits().depth);
    refuse(info.place, info.reason);
    outcome_.cut = true;
    const std::uint64_t end = extent->size ? measured_end() : range.to;
    space.ledger.claim(range.from, end, "refused", info.reason);
    return end;
  }

  const int index = add_node(parent, format.name, title, format.name, range.from, 0);
  const std::size_t refusals = outcome_.refusals.size();
  ContainerSink sink(*this, space, range, index, depth);
  // A visitor that wants no more of it has the reason noted already.
  Result<std::uint64_t> taken = std::uint64_t{0};
  std::optional<Error> ended;
  if (auto may = visitor_.enter(node(index).place, format.name, range.from); !may) {
    ended = may.error();
  } else {
    taken = format.extract(image, sink, budget_);
    visitor_.leave();
    ended = sink.ended();
  }
  if (ended)
    taken = fail(*ended);
  else if (taken && *taken == 0)
    taken = fail(Errc::malformed, "nothing was there");

  if (taken) {
    const std::uint64_t end = range.from + std::min<std::uint64_t>(*taken, image.size());
    node(index).size = end - range.from;
    const Bytes whole = image.first(static_cast<std::size_t>(end - range.from));
    space.ledger.claim(range.from, end, "claimed", format.name);
    if (!format.tree && (!sink.handed() || format.name == "kernel") && !space.file && !stopped()) {
      if (auto seen = visitor_.part(index, node(index), whole); !seen) stop_ = seen.error().what;
    }
    return end;
  }

  const Error& error = taken.error();
  const bool limit = error.code == Errc::limit;
  if (!limit && !ended && !extent->certain && !sink.handed()) {
    outcome_.refusals.resize(refusals);
    ASSAY_CHECK(static_cast<std::size_t>(index) + 1 == outcome_.nodes.size());
    drop_last_node();
    if (++false_hits_ == kFalseHits) {
      stop_ = fmt::format("{} places looked like a container and were none", kFalseHits);
      refuse(artefact_, *stop_);
    }
    return std::nullopt;
  }
  NodeInfo& info = node(index);
  info.status = sink.handed() ? Status::partial : Status::refused;
  info.reason = error.text();
  if (limit) outcome_.cut = true;
  if (!ended) refuse(info.place, info.reason);
  // Where the whole budget is gone, whatever follows would only be refused again, container by container.
  if (limit && !stop_ && (budget_.bytes_left() == 0 || budget_.files_used() >= budget_.limits().files))
    stop_ = error.what;
  if (!extent->size && ended && format.tree && sink.reached() > 0) {
    // What follows the entry that nobody can read may be more of the same.
    const std::uint64_t end = range.from + sink.reached();
    info.size = end - range.from;
    space.ledger.claim(range.from, end, "claimed", format.name);
    return end;
  }
  if (!extent->size) {
    space.lost.emplace_back(range.from, info.reason);
    return std::nullopt;
  }
  const std::uint64_t end = measured_end();
  info.size = end - range.from;
  space.ledger.claim(range.from, end, "refused", info.reason);
  return end;
}

// What a part is, is best told by its first byte: every format is tried there, also those too weak to be searched for.
std::optional<std::uint64_t> Walker::at_start(Space& space, Ledger::Range range, int parent, unsigned depth,
                                              Look look) {
  const Bytes image = space.bytes.subspan(range.from, range.size());
  const Format* met = nullptr;
  for (const Format* format : formats()) {
    for (const Magic& magic : format->magics) {
      if (met == format || !starts_with(clip(image, magic.at), magic.bytes)) continue;
      met = format;
      if (auto end = try_format(*format, space, range, parent, depth)) return end;
      if (!space.lost.empty() && space.lost.back().first == range.from) return std::nullopt;
    }
  }
  if (look == Look::start_only) return std::nullopt;
  // LZMA has no magic, a raw kernel none at its start.
  for (const std::string_view name : {"lzma", "kernel"}) {
    const Format* format = find_format(name);
    if (!format || format == met) continue;
    if (auto end = try_format(*format, space, range, parent, depth)) return end;
  }
  return std::nullopt;
}

void Walker::search(Space& space, Ledger::Range range, int parent, std::string_view name, unsigned depth, Look look) {
  if (range.size() == 0) return;
  if (!stopped()) {
    const auto progress = [&](std::uint64_t end) {
      if (depth == 0 && !outcome_.nodes.empty()) visitor_.progress(outcome_.nodes.back(), end, total_);
      return end;
    };
    std::uint64_t from = range.from;
    if (const auto end = at_start(space, range, parent, depth, look)) from = progress(*end);
    if (look == Look::everywhere) {
      const Bytes part = space.bytes.first(static_cast<std::size_t>(range.to));
      scanner_.each(part, from, [&](const Format& format, std::uint64_t start) -> std::uint64_t {
        if (start == range.from) return 0;  // tried above
        if (stopped()) return range.to;
        const auto end = try_format(format, space, {start, range.to}, parent, depth);
        return end ? progress(*end) : 0;
      });
    }
  }
  explain_gaps(space, range, parent, name);
}

void Walker::explain_gaps(Space& space, Ledger::Range range, int parent, std::string_view name) {
  for (const Ledger::Range& gap : space.ledger.open(range.from, range.to)) {
    if (stopped()) {
      space.ledger.claim(gap.from, gap.to, "refused", *stop_);
      continue;
    }
    const auto lost = std::find_if(space.lost.begin(), space.lost.end(),
                                   [&](const auto& at) { return at.first >= gap.from && at.first < gap.to; });
    const std::uint64_t known_to = lost == space.lost.end() ? gap.to : lost->first;
    if (lost != space.lost.end()) space.ledger.claim(lost->first, gap.to, "refused", lost->second);
    // Up to three bytes before something that stands at a multiple of four are its alignment.
    if (known_to - gap.from < 4 && known_to % 4 == 0 && known_to < range.to && gap.from > range.from) {
      space.ledger.claim(gap.from, known_to, "padding", "alignment");
      continue;
    }
    // The ledger tells padding apart; whoever searches the bytes gets stretches with little padding between them as
    // one.
    std::optional<Ledger::Range> together;
    for (const Stretch& stretch : split_gap(space.bytes, {gap.from, known_to})) {
      const auto [from, to] = stretch.range;
      if (!stretch.padding.empty()) {
        space.ledger.claim(from, to, "padding", stretch.padding);
        continue;
      }
      space.ledger.claim(from, to, "unknown", "", entropy_class(space.bytes.subspan(from, to - from)));
      if (together && from - together->to > kApart) {
        show(space, *together, range, parent, name);
        together.reset();
      }
      together = Ledger::Range{together ? together->from : from, to};
    }
    if (together) show(space, *together, range, parent, name);
  }
}

void Walker::show(const Space& space, Ledger::Range what, Ledger::Range part, int parent, std::string_view name) {
  if (space.file || what.size() < kLeastPart || stopped()) return;
  // A part that is mostly this keeps its name, also where padding or a small container stands beside it.
  const bool whole = what.size() * 2 > part.size();
  const std::string step = whole ? std::string(name) : fmt::format("data@{:#x}", what.from);
  const int index = add_node(parent, "data", whole ? name : "not understood", step, what.from, what.size());
  if (auto seen = visitor_.part(index, node(index), space.bytes.subspan(what.from, what.size())); !seen)
    stop_ = seen.error().what;
}

// Archives and images inside a tree. Their bytes were examined as a file already; here it is about what is packed in
// them.
void Walker::look_into_file(int tree, const Entry& entry, Bytes content, unsigned depth) {
  if (content.size() < 16 || stop_) return;
  const bool image = content.size() > kImageInTree && named_like_image(entry.path) &&
                     !starts_with(content,
                                  "\x7f"
                                  "ELF") &&
                     !is_text(content);
  bool known = false;
  for (const Format* format : formats())
    for (const Magic& magic : format->magics) known = known || starts_with(clip(content, magic.at), magic.bytes);
  if (!known && !image) return;

  const int index = add_node(tree, "file", clean_utf8(entry.path), "/" + entry.path, entry.at, content.size());
  Space space(content, true);
  search(space, {0, content.size()}, index, entry.path, depth, image ? Look::everywhere : Look::start_only);
  if (static_cast<std::size_t>(index) + 1 == outcome_.nodes.size()) {
    drop_last_node();  // nothing in it
    return;
  }
  keep_rows(space, index);
}

}  // namespace

std::string_view name(Status status) {
  switch (status) {
    case Status::whole:
      return "whole";
    case Status::partial:
      return "partial";
    case Status::refused:
      return "refused";
  }
  return "refused";
}

Outcome unpack(Bytes image, std::string_view artefact_name, unsigned jobs, Budget& budget, Visitor& visitor) {
  return Walker(artefact_name, jobs == 0 ? 1 : jobs, budget, visitor).run(image);
}

}  // namespace assay::unpack
