// unpack() looks for containers in an artefact, takes them apart to any depth and keeps the ledger.
//
// Every byte of the artefact ends up in exactly one ledger row: claimed by a format, padding, unknown (with an entropy
// class) or refused (with the reason). Hits that do not validate are withdrawn, so the ledger tells what was
// understood, not what matched.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/budget.h"
#include "base/bytes.h"
#include "model/sink.h"

namespace assay::unpack {

enum class Status : unsigned char { whole, partial, refused };
std::string_view name(Status status);

// A container or part, in the order met (depth first). parent: index, or -1 for the artefact itself.
struct NodeInfo {
  int parent = -1;
  std::string
      format;  // Format::name; "data" for a part nobody knows; "file" for a file of a tree that holds containers
  std::string title;
  std::string place;         // "tp-link > squashfs"
  std::uint64_t offset = 0;  // in the parent's bytes; 0 where the parent was decompressed into it
  std::uint64_t size = 0;
  std::uint64_t searched =
      0;  // bytes that came out of it (or are the file) and have ledger rows of their own: their sum
  Status status = Status::whole;
  std::string reason;  // of partial and refused
};

struct LedgerRow {
  int node = -1;  // -1: of the artefact; else of that node, for parts that were decompressed and searched
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string state;    // claimed, padding, unknown, refused
  std::string reason;   // claimed: the format; padding: "0xff"; unknown: "" ; refused: why
  std::string entropy;  // of unknown: "0.00 zero", "5.10 code or text", "7.99 compressed or encrypted"
};

struct Refusal {
  std::string place;
  std::string reason;
};

// What unpack() hands out. Calls come from one thread, in a fixed order; bytes live only during the call.
class Visitor {
 public:
  virtual ~Visitor() = default;
  // An entry of a tree; `node` is the tree's index in Outcome::nodes. The place of a file is nodes[node].place + " > /"
  // + path.
  virtual Result<void> entry(int node, const NodeInfo& info, const Entry& entry, Bytes content) = 0;
  // A part that is no tree and in which no format was found at its start, or a raw kernel, or the artefact's own
  // unknown stretches: bytes somebody may want to search. `in_place` parts lie in the artefact at `offset`.
  virtual Result<void> part(int node, const NodeInfo& info, Bytes content) = 0;
  virtual void progress(const NodeInfo& info, std::uint64_t done, std::uint64_t of) {
    (void)info, (void)done, (void)of;
  }
  // Before a format's code runs on hostile bytes, and each time something it handed out was dealt with; calls nest.
  // An Error: go no further here, for this reason (somebody's process ended at this very point before).
  virtual Result<void> enter(std::string_view place, std::string_view what, std::uint64_t at) {
    (void)place, (void)what, (void)at;
    return {};
  }
  virtual Result<void> handed(std::uint64_t count) {
    (void)count;
    return {};
  }
  virtual void leave() {}
};

struct Outcome {
  std::vector<NodeInfo> nodes;
  std::vector<LedgerRow> ledger;
  std::vector<Refusal> refusals;  // what could not be looked at; the caller makes `unexamined` rows of them
  bool cut = false;               // a limit ended the work early
};

// `image` is the whole artefact. Never fails as a whole: what goes wrong stands in the outcome.
Outcome unpack(Bytes image, std::string_view artefact_name, unsigned jobs, Budget& budget, Visitor& visitor);

}  // namespace assay::unpack
