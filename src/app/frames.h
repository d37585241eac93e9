// The payloads of a worker's frames. Writing is trusted, reading is not: a worker that hostile bytes took over may send
// anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/reader.h"
#include "model/fact.h"

namespace assay::app {

// What a worker of an examination sends.
enum Frame : std::uint8_t { kFact = 1, kUnexamined, kNode, kLedger, kProgress, kSummary, kExtractEntry, kExtractData };

class FramePut {
 public:
  FramePut& number(std::uint64_t v);
  FramePut& text(std::string_view v);
  FramePut& fact(const Fact& fact);
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class FrameGet {
 public:
  explicit FrameGet(Bytes payload) : in_(payload) {}
  Result<std::uint64_t> number();
  Result<std::string> text();
  Result<Fact> fact();
  bool done() const { return in_.done(); }

 private:
  Reader in_;
};

}  // namespace assay::app
