// What is fuzzed: every container format by its name, and the parsers that read hostile bytes. unit_fuzz.cc runs one of
// them under libFuzzer, replay.cc the corpus of all in the ordinary build.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"
#include "base/result.h"
#include "crosswalk/exchange.h"
#include "parse/der.h"
#include "parse/device_tree.h"
#include "parse/elf.h"
#include "parse/pem.h"
#include "parse/ssh_key.h"
#include "passwords/batch.h"
#include "passwords/randomness.h"
#include "unpack/format.h"

namespace assay::fuzz {

// Holds a unit to what it promises of the bytes it hands out, and looks into nothing.
class CheckingSink : public Sink {
 public:
  explicit CheckingSink(Bytes image) : image_(image) {}

  Result<void> part(std::string_view, Bytes content, std::uint64_t at, bool in_place) override {
    touch(content);
    if (in_place && !content.empty()) ASSAY_CHECK(at <= image_.size() && image_.data() + at == content.data());
    if (in_place) ASSAY_CHECK(content.size() <= image_.size() - std::min<std::uint64_t>(at, image_.size()));
    return {};
  }
  Result<void> entry(const Entry& entry, Bytes content) override {
    touch(content);
    const auto safe = safe_path_of(entry.path);
    ASSAY_CHECK(safe);
    return {};
  }
  void refused(std::string_view what, std::uint64_t, const Error& why) override {
    touch(as_bytes(what)), touch(as_bytes(why.what));
  }
  void title(std::string_view text) override { touch(as_bytes(text)); }
  unsigned jobs() const override { return 1; }

 private:
  // No "..", no absolute name, no NUL: what safe_path() made.
  static bool safe_path_of(std::string_view path) {
    if (path.starts_with('/') || path.find('\0') != std::string_view::npos) return false;
    for (std::size_t at = 0; at <= path.size();) {
      const std::size_t end = std::min(path.find('/', at), path.size());
      const std::string_view step = path.substr(at, end - at);
      if (step == ".." || step == "." || (step.empty() && !path.empty())) return false;
      at = end + 1;
    }
    return true;
  }
  // Reads every byte, so that a sanitizer sees a view that is none.
  void touch(Bytes bytes) {
    for (const std::uint8_t b : bytes) sum_ = sum_ + b;
  }

  Bytes image_;
  volatile std::uint32_t sum_ = 0;
};

inline void run_format(const unpack::Format& format, Bytes image) {
  const auto extent = format.measure(image);
  if (!extent) return;
  if (extent->size) ASSAY_CHECK(*extent->size > 0 && *extent->size <= image.size());
  Limits limits;
  limits.bytes = std::uint64_t{64} << 20;
  limits.files = 10'000;
  Budget budget(limits);
  CheckingSink sink(image);
  const auto used = format.extract(image, sink, budget);
  if (used) ASSAY_CHECK(*used > 0 && *used <= image.size());
}

inline void walk_der(Bytes bytes, int depth) {
  parse::DerReader in(bytes);
  while (!in.done()) {
    const auto element = in.next();
    if (!element) return;
    (void)parse::der_bits(element->body);
    if (depth > 0 && (element->tag & 0x20)) walk_der(element->body, depth - 1);
  }
}

using Parser = void (*)(Bytes);
struct NamedParser {
  std::string_view name;
  Parser run;
};

inline constexpr NamedParser kParsers[] = {
    {"batch",
     [](Bytes bytes) {
       const auto batch = passwords::read_batch(as_text(bytes), "input");
       if (!batch) {
         // A message names lines and columns, never a cell that may be a password.
         ASSAY_CHECK(batch.error().what.size() < 400);
         return;
       }
       ASSAY_CHECK(batch->units.size() >= 2 && batch->units.size() <= passwords::kMostUnits);
       for (const passwords::Unit& u : batch->units) ASSAY_CHECK(u.identifiers.size() == batch->columns.size());
       if (batch->units.size() > 200) return;
       const passwords::Shape shape = passwords::shape_of(*batch);
       (void)passwords::entropy_of(*batch, shape);
     }},
    {"csv",
     [](Bytes bytes) {
       const auto rows = crosswalk::read_csv(as_text(bytes));
       if (!rows) return;
       for (const crosswalk::CsvRow& row : *rows) ASSAY_CHECK(!row.fields.empty() && row.line > 0);
     }},
    {"der", [](Bytes bytes) { walk_der(bytes, 32); }},
    {"device_tree",
     [](Bytes bytes) {
       const auto tree = parse::DeviceTree::parse(bytes);
       if (!tree) return;
       ASSAY_CHECK(tree->size() <= bytes.size());
       for (std::size_t i = 0; i < tree->nodes().size(); ++i) (void)tree->texts(static_cast<int>(i), "compatible");
     }},
    {"elf", [](Bytes bytes) { (void)parse::read_elf(bytes); }},
    {"json", [](Bytes bytes) { (void)parse_json(as_text(bytes), "input"); }},
    {"mapping",
     [](Bytes bytes) {
       const auto all = crosswalk::load();
       ASSAY_CHECK(all);
       const auto in = crosswalk::import_mapping(**all, as_text(bytes), "en303645:3.1.3", "nistir8425");
       if (!in) return;
       for (const crosswalk::Claim& c : in->claims) ASSAY_CHECK((*all)->item(c.to) != nullptr && !c.from.empty());
     }},
    {"pem", [](Bytes bytes) { parse::each_pem(bytes, [](const parse::PemBlock&) {}); }},
    {"ssh_key",
     [](Bytes bytes) {
       (void)parse::read_ssh_public(bytes);
       (void)parse::read_dropbear_key(bytes);
       (void)parse::read_openssh_key(bytes);
     }},
    {"yaml", [](Bytes bytes) { (void)parse_yaml(as_text(bytes), "input"); }},
};

// Every unit's name, parsers first.
inline std::vector<std::string> unit_names() {
  std::vector<std::string> names;
  for (const NamedParser& p : kParsers) names.emplace_back(p.name);
  for (const unpack::Format* f : unpack::formats()) names.emplace_back(f->name);
  return names;
}

// False: there is no such unit.
inline bool run_unit(std::string_view unit, Bytes bytes) {
  for (const NamedParser& p : kParsers)
    if (p.name == unit) {
      p.run(bytes);
      return true;
    }
  const unpack::Format* format = unpack::find_format(unit);
  if (!format) return false;
  run_format(*format, bytes);
  return true;
}

}  // namespace assay::fuzz
