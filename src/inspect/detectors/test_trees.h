// Trees for the tests of the detectors: from text in the test, or from the samples beside the checkout.
#pragma once

#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "base/file.h"
#include "base/text.h"
#include "inspect/detector.h"

namespace assay::inspect {

inline void put(Tree& tree, std::string path, std::string content, std::uint32_t mode = 0644) {
  TreeFile file;
  file.entry.path = path;
  file.entry.mode = mode;
  file.entry.size = content.size();
  file.kind = file_kind(path, as_bytes(content));
  file.kept = keep(path, file.kind, as_bytes(content));
  if (file.kept) file.content = std::move(content);
  tree.files.insert_or_assign(std::move(path), std::move(file));
}

inline void link(Tree& tree, std::string path, std::string target) {
  TreeFile file;
  file.entry.path = path;
  file.entry.type = EntryType::symlink;
  file.entry.target = std::move(target);
  tree.files.insert_or_assign(std::move(path), std::move(file));
}

inline std::filesystem::path samples() {
  if (const char* from = std::getenv("ASSAY_SAMPLES")) return from;
  return std::filesystem::path(ASSAY_SOURCE_DIR) / "../shared/samples";
}

inline std::string gunzip(std::string_view packed) {
  z_stream stream{};
  std::string out;
  if (inflateInit2(&stream, 15 + 32) != Z_OK) return out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string block(1 << 20, '\0');
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(block, 0, block.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return out;
}

// The plain files of a ustar archive. Good enough for our own samples.
inline void each_in_tar(std::string_view tar,
                        const std::function<void(const std::string& path, std::string_view content)>& body) {
  for (std::size_t at = 0; at + 512 <= tar.size() && tar[at] != '\0';) {
    const std::string path(tar.substr(at, 100).data());
    const std::size_t size = std::strtoul(std::string(tar.substr(at + 124, 12)).c_str(), nullptr, 8);
    const char type = tar[at + 156];
    if ((type == '0' || type == '\0') && at + 512 + size <= tar.size()) body(path, tar.substr(at + 512, size));
    at += 512 + (size + 511) / 512 * 512;
  }
}

// A directory that somebody unpacked: /tmp/root. Null where it is not there.
inline Tree tree_of_directory(const std::filesystem::path& root, std::string place) {
  Tree tree;
  tree.place = std::move(place);
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    const std::string path = std::filesystem::relative(it->path().parent_path(), root) / it->path().filename();
    const std::string name = path.starts_with("./") ? path.substr(2) : path;
    if (it->is_symlink()) {
      link(tree, name, std::filesystem::read_symlink(it->path()));
    } else if (it->is_regular_file()) {
      if (auto content = read_file(it->path(), 256u << 20)) put(tree, name, std::move(*content), 0755);
    } else if (it->is_directory()) {
      TreeFile file;
      file.entry.path = name;
      file.entry.type = EntryType::directory;
      tree.files.insert_or_assign(name, std::move(file));
    }
  }
  return tree;
}

inline std::string value_of(const Fact& fact, std::string_view column) {
  for (const auto& [name, value] : fact.values) {
    if (name != column) continue;
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  }
  return {};
}

inline std::vector<const Fact*> rows(const Facts& facts, std::string_view table, std::string_view column = {},
                                     std::string_view value = {}) {
  std::vector<const Fact*> out;
  for (const Fact& f : facts.facts)
    if (f.table == table && (column.empty() || value_of(f, column) == value)) out.push_back(&f);
  return out;
}

}  // namespace assay::inspect
