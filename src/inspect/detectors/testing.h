// What the tests of the detectors share: a tree from a few lines, and cells of facts as text.
#pragma once

#include <string>
#include <string_view>

#include "inspect/detector.h"

namespace assay::inspect {

// The column as text; "" where it is not set.
inline std::string text(const Fact& fact, std::string_view column) {
  for (const auto& [name, value] : fact.values) {
    if (name != column) continue;
    if (const auto* t = std::get_if<std::string>(&value)) return *t;
    if (const auto* n = std::get_if<std::int64_t>(&value)) return std::to_string(*n);
  }
  return {};
}

inline void put_file(Tree& tree, std::string path, std::string content, std::uint32_t mode = 0644) {
  TreeFile f;
  f.entry.path = path;
  f.entry.mode = mode;
  f.entry.size = content.size();
  f.kind = file_kind(path, as_bytes(content));
  f.kept = keep(path, f.kind, as_bytes(content));
  if (f.kept) f.content = std::move(content);
  tree.files[path] = std::move(f);
}
inline void put_link(Tree& tree, std::string path, std::string target) {
  TreeFile f;
  f.entry.path = path;
  f.entry.type = EntryType::symlink;
  f.entry.target = std::move(target);
  tree.files[path] = std::move(f);
}

// The rows of `table` whose `column` is `value`.
inline std::vector<const Fact*> rows(const Facts& facts, std::string_view table, std::string_view column = {},
                                     std::string_view value = {}) {
  std::vector<const Fact*> out;
  for (const Fact& f : facts.facts)
    if (f.table == table && (column.empty() || text(f, column) == value)) out.push_back(&f);
  return out;
}

// Every byte of every excerpt as text, to see that no secret is in it.
inline std::string all_excerpts(const Facts& facts) {
  std::string out;
  for (const Fact& f : facts.facts)
    if (f.excerpt)
      out.append(f.excerpt->bytes.begin(), f.excerpt->bytes.end()).append("\n").append(f.excerpt->note).append("\n");
  return out;
}

}  // namespace assay::inspect
