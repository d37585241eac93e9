// Ledger: which bytes of one stretch (the artefact, or a part that was decompressed) were understood as what.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "unpack/unpack.h"

namespace assay::unpack {

class Ledger {
 public:
  struct Range {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::uint64_t size() const { return to - from; }
  };

  // Gives what nobody has yet of [from, to) to `state`: parts come before the container they lie in.
  void claim(std::uint64_t from, std::uint64_t to, std::string_view state, std::string_view reason,
             std::string_view entropy = {});
  // What nobody has yet of [from, to), in order.
  std::vector<Range> open(std::uint64_t from, std::uint64_t to) const;
  bool taken(std::uint64_t at) const;

  // All rows in order, equal neighbours merged. The caller has claimed everything.
  std::vector<LedgerRow> rows(int node) const;

 private:
  struct Piece {
    std::uint64_t to;
    std::string state;
    std::string reason;
    std::string entropy;
  };
  std::map<std::uint64_t, Piece> pieces_;
};

// What the bytes of a gap between containers are: padding (runs of 0x00 or 0xff, one repeated byte, OpenWrt's end mark)
// or unknown.
struct Stretch {
  Ledger::Range range;
  std::string padding;  // "0xff"; empty: unknown
};
std::vector<Stretch> split_gap(Bytes bytes, Ledger::Range gap);

// Shannon entropy in bits a byte and what that usually is: "7.99 compressed or encrypted".
std::string entropy_class(Bytes bytes);

}  // namespace assay::unpack
