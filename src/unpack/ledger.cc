#include "unpack/ledger.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

namespace assay::unpack {
namespace {

// Where the run of bytes equal to bytes[at] ends; words at a time.
std::uint64_t run_end(Bytes bytes, std::uint64_t at, std::uint64_t to) {
  const std::uint8_t value = bytes[at];
  const std::uint64_t word = 0x0101010101010101u * value;
  while (at + 8 <= to) {
    std::uint64_t here = 0;
    std::memcpy(&here, bytes.data() + at, 8);
    if (here != word) break;
    at += 8;
  }
  while (at < to && bytes[at] == value) ++at;
  return at;
}

bool blank(std::uint8_t value) { return value == 0x00 || value == 0xff; }

std::string byte_name(std::uint8_t value) { return fmt::format("0x{:02x}", value); }

}  // namespace

void Ledger::claim(std::uint64_t from, std::uint64_t to, std::string_view state, std::string_view reason,
                   std::string_view entropy) {
  for (const Range& range : open(from, to))
    pieces_.emplace(range.from, Piece{range.to, std::string(state), std::string(reason), std::string(entropy)});
}

std::vector<Ledger::Range> Ledger::open(std::uint64_t from, std::uint64_t to) const {
  std::vector<Range> out;
  auto piece = pieces_.upper_bound(from);
  if (piece != pieces_.begin()) {
    const auto before = std::prev(piece);
    if (before->second.to > from) from = before->second.to;
  }
  for (; from < to; ++piece) {
    const std::uint64_t until = piece == pieces_.end() ? to : std::min(to, piece->first);
    if (until > from) out.push_back({from, until});
    if (piece == pieces_.end()) break;
    from = piece->second.to;
  }
  return out;
}

bool Ledger::taken(std::uint64_t at) const {
  auto piece = pieces_.upper_bound(at);
  return piece != pieces_.begin() && std::prev(piece)->second.to > at;
}

std::vector<LedgerRow> Ledger::rows(int node) const {
  std::vector<LedgerRow> out;
  for (const auto& [from, piece] : pieces_) {
    if (!out.empty() && out.back().offset + out.back().size == from && out.back().state == piece.state &&
        out.back().reason == piece.reason && out.back().entropy == piece.entropy) {
      out.back().size += piece.to - from;
      continue;
    }
    out.push_back({node, from, piece.to - from, piece.state, piece.reason, piece.entropy});
  }
  return out;
}

std::vector<Stretch> split_gap(Bytes bytes, Ledger::Range gap) {
  // Runs inside data must be long to be called padding: code and tables are full of short ones. At the gap's edges they
  // are what fills up to the next container.
  constexpr std::uint64_t kInside = 4096;
  constexpr std::uint64_t kEdge = 16;
  constexpr std::uint64_t kOtherByte = 4096;  // a gap of one other byte, as some makers pad

  std::vector<Stretch> out;
  const auto unknown = [&](std::uint64_t from, std::uint64_t to) {
    if (from >= to) return;
    // OpenWrt marks with these four bytes where JFFS2 shall begin (the end of the file system it ships).
    if (to - from == 4 && std::memcmp(bytes.data() + from, "\xde\xad\xc0\xde", 4) == 0)
      out.push_back({{from, to}, "0xdeadc0de end mark"});
    else
      out.push_back({{from, to}, {}});
  };
  if (gap.size() == 0) return out;
  if (run_end(bytes, gap.from, gap.to) == gap.to && (blank(bytes[gap.from]) || gap.size() <= kOtherByte)) {
    out.push_back({gap, byte_name(bytes[gap.from])});
    return out;
  }
  std::uint64_t from = gap.from;  // of what is not padding so far
  std::uint64_t at = gap.from;
  while (at < gap.to) {
    if (!blank(bytes[at])) {
      ++at;
      continue;
    }
    const std::uint64_t end = run_end(bytes, at, gap.to);
    const bool edge = at == gap.from || end == gap.to;
    if (end - at >= (edge ? kEdge : kInside)) {
      unknown(from, at);
      out.push_back({{at, end}, byte_name(bytes[at])});
      from = end;
    }
    at = end;
  }
  unknown(from, gap.to);
  return out;
}

std::string entropy_class(Bytes bytes) {
  if (bytes.empty()) return {};
  std::array<std::array<std::uint64_t, 256>, 4> counts{};  // four, so that equal neighbours do not wait for each other
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4)
    for (std::size_t k = 0; k < 4; ++k) ++counts[k][bytes[i + k]];
  for (; i < bytes.size(); ++i) ++counts[0][bytes[i]];
  double entropy = 0;
  std::uint64_t printable = 0;
  std::uint64_t distinct = 0;
  for (std::size_t value = 0; value < 256; ++value) {
    const std::uint64_t count = counts[0][value] + counts[1][value] + counts[2][value] + counts[3][value];
    if (count == 0) continue;
    ++distinct;
    if ((value >= 0x20 && value < 0x7f) || value == '\n' || value == '\r' || value == '\t') printable += count;
    const double share = static_cast<double>(count) / static_cast<double>(bytes.size());
    entropy -= share * std::log2(share);
  }
  // Few bytes cannot show eight bits each: compare with what random bytes of this length show.
  const double ceiling = std::min(8.0, std::log2(static_cast<double>(bytes.size())));
  std::string_view word;
  if (distinct == 1)
    word = bytes[0] == 0 ? "zero" : "one byte repeated";
  else if (printable * 20 >= bytes.size() * 19)
    word = "text";
  else if (bytes.size() < 256)
    word = "too short to tell";
  else if (entropy >= ceiling - 0.35)
    word = "compressed or encrypted";
  else if (entropy < 2.0)
    word = "sparse";
  else
    word = "code or text";
  return fmt::format("{:.2f} {}", std::fabs(entropy), word);
}

}  // namespace assay::unpack
