// The pack that tools/pack_data.cc writes: "ASSAYDT1", the digest, then one record a file: name, tree. A tree is
// written in preorder, small enough to read in milliseconds, with marks, so that a message about built-in data still
// names its line.
#include "base/data.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

#include "base/data_pack.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/reader.h"

extern "C" {
// Defined by the generated object; absent in the packing tool itself.
extern const std::uint8_t assay_data_begin[] __attribute__((weak));
extern const std::uint8_t assay_data_end[] __attribute__((weak));
}

namespace assay::data {
namespace {

void put_number(std::string& out, std::uint64_t v) {
  while (v >= 0x80) {
    out += static_cast<char>(v | 0x80);
    v >>= 7;
  }
  out += static_cast<char>(v);
}
void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out += text;
}
void put_node(std::string& out, const Node& node, std::uint32_t& line) {
  const unsigned kind = static_cast<unsigned>(node.kind()) | (node.style() == Node::Style::quoted ? 4u : 0u);
  out += static_cast<char>(kind);
  put_number(out, node.mark().line >= line ? (node.mark().line - line) : 0);
  line = std::max(line, node.mark().line);
  put_number(out, node.mark().column);
  if (node.is_text()) put_text(out, node.text());
  if (node.is_sequence()) {
    put_number(out, node.items().size());
    for (const Node& item : node.items()) put_node(out, item, line);
  }
  if (node.is_mapping()) {
    put_number(out, node.members().size());
    for (const auto& member : node.members()) {
      put_text(out, member.key);
      put_number(out, member.mark.line >= line ? (member.mark.line - line) : 0);
      line = std::max(line, member.mark.line);
      put_number(out, member.mark.column);
      put_node(out, member.value, line);
    }
  }
}

// The pack is ours and built in: what does not fit is a broken build.
class PackReader {
 public:
  explicit PackReader(Bytes bytes) : bytes_(bytes) {}
  std::uint64_t number() {
    std::uint64_t v = 0;
    for (int shift = 0;; shift += 7) {
      ASSAY_CHECK(at_ < bytes_.size() && shift < 64);
      const std::uint8_t b = bytes_[at_++];
      v |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return v;
    }
  }
  std::string_view text() {
    const std::uint64_t size = number();
    ASSAY_CHECK(size <= bytes_.size() - at_);
    const std::string_view out = as_text(bytes_.subspan(at_, size));
    at_ += size;
    return out;
  }
  bool done() const { return at_ == bytes_.size(); }
  Node node(std::uint32_t& line) {
    ASSAY_CHECK(at_ < bytes_.size());
    const unsigned kind = bytes_[at_++];
    line += static_cast<std::uint32_t>(number());
    const Mark mark{line, static_cast<std::uint32_t>(number())};
    Node out;
    switch (static_cast<Node::Kind>(kind & 3u)) {
      case Node::Kind::null:
        break;
      case Node::Kind::text:
        out = Node(std::string(text()), (kind & 4u) ? Node::Style::quoted : Node::Style::plain);
        break;
      case Node::Kind::sequence: {
        out = Node::sequence();
        const std::uint64_t count = number();
        out.items().reserve(count);
        for (std::uint64_t i = 0; i < count; ++i) out.items().push_back(node(line));
        break;
      }
      case Node::Kind::mapping: {
        out = Node::mapping();
        const std::uint64_t count = number();
        out.members().reserve(count);
        for (std::uint64_t i = 0; i < count; ++i) {
          std::string key(text());
          line += static_cast<std::uint32_t>(number());
          const Mark key_mark{line, static_cast<std::uint32_t>(number())};
          Node value = node(line);
          out.members().push_back({std::move(key), key_mark, std::move(value)});
        }
        break;
      }
    }
    out.set_mark(mark);
    return out;
  }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
};

constexpr NodeLimits kDataLimits{.bytes = 16u << 20, .depth = 32, .nodes = 2'000'000};

struct Store {
  std::mutex mutex;
  bool ready = false;
  std::filesystem::path directory;                 // empty: built in
  std::map<std::string, std::string_view> packed;  // name → tree bytes
  std::vector<std::string> names;
  std::map<std::string, std::unique_ptr<Node>> parsed;
  std::string digest;
  std::string version;
};
Store& store() {
  static Store s;
  return s;
}

Result<std::vector<std::string>> names_in(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    // A link could have any file of this host read, and quoted in a message.
    std::error_code unknown;
    if (it->is_symlink(unknown))
      return fail(Error{Errc::invalid,
                        "is a link; a data directory holds files of its own",
                        it->path().string(),
                        {},
                        "Copy the file there instead."});
    // What cannot even be asked about is not one of ours.
    if (it->path().extension() == ".yaml" && it->is_regular_file(unknown))
      names.push_back(it->path().lexically_relative(directory).generic_string());
  }
  if (error)
    return fail(
        Error{Errc::not_found, "cannot be read as a data directory: " + error.message(), directory.string(), {}, {}});
  std::sort(names.begin(), names.end());
  return names;
}

void open_built_in(Store& s) {
  if (s.ready) return;
  s.ready = true;
  const auto begin = reinterpret_cast<std::uintptr_t>(assay_data_begin),
             end = reinterpret_cast<std::uintptr_t>(assay_data_end);
  if (begin == end) return;  // both weak symbols absent: the packing tool
  const Bytes all(assay_data_begin, end - begin);
  ASSAY_CHECK(starts_with(all, kPackMagic));
  PackReader in(all.subspan(kPackMagic.size()));
  s.digest = std::string(in.text());
  while (!in.done()) {
    std::string name(in.text());
    s.packed[name] = in.text();
    s.names.push_back(std::move(name));
  }
}

}  // namespace

Result<std::string> pack(const std::filesystem::path& directory) {
  const std::vector<std::string> names = ASSAY_TRY(names_in(directory));
  std::string records;
  Sha256Stream all;
  for (const std::string& name : names) {
    const std::string text = ASSAY_TRY(read_file(directory / name, kDataLimits.bytes));
    const Node tree = ASSAY_TRY(parse_yaml(text, (directory / name).string(), kDataLimits));
    std::string bytes;
    std::uint32_t line = 0;
    put_node(bytes, tree, line);
    put_text(records, name);
    put_text(records, bytes);
    all.add(as_bytes(name + "\n" + sha256_hex(as_bytes(text)) + "\n"));
  }
  std::string out(kPackMagic);
  put_text(out, hex(all.finish()));
  return out + records;
}

Result<void> use_directory(const std::filesystem::path& directory) {
  Store& s = store();
  std::lock_guard lock(s.mutex);
  std::vector<std::string> names = ASSAY_TRY(names_in(directory));
  // A folder that is missing would silently find less, or judge nothing: a copy of data/ is whole, or it is refused.
  for (const std::string_view part : {"categories.yaml", "components/", "credentials/", "crosswalk/", "recognition/",
                                      "rules/", "schemes/", "standards/", "version.yaml"})
    if (std::none_of(names.begin(), names.end(), [&](const std::string& name) { return name.starts_with(part); }))
      return fail(Error{Errc::invalid,
                        "is not a whole data directory: " + std::string(part) + " is missing",
                        directory.string(),
                        {},
                        "Copy data/ of this version (installed: /usr/share/assay/data) and change the copy."});
  s.names = std::move(names);
  s.directory = directory;
  s.ready = true;
  s.packed.clear();
  s.parsed.clear();
  Sha256Stream all;
  for (const std::string& name : s.names) {
    const std::string text = ASSAY_TRY(read_file(directory / name, kDataLimits.bytes));
    all.add(as_bytes(name + "\n" + sha256_hex(as_bytes(text)) + "\n"));
  }
  s.digest = hex(all.finish());
  return {};
}

std::vector<std::string> list(std::string_view prefix) {
  Store& s = store();
  std::lock_guard lock(s.mutex);
  open_built_in(s);
  std::vector<std::string> out;
  for (const std::string& name : s.names)
    if (name.starts_with(prefix)) out.push_back(name);
  return out;
}

Result<const Node*> file(std::string_view name) {
  Store& s = store();
  std::lock_guard lock(s.mutex);
  open_built_in(s);
  const std::string key(name);
  if (const auto it = s.parsed.find(key); it != s.parsed.end()) return it->second.get();
  auto tree = std::make_unique<Node>();
  if (!s.directory.empty()) {
    const std::string text = ASSAY_TRY(read_file(s.directory / key, kDataLimits.bytes));
    *tree = ASSAY_TRY(parse_yaml(text, (s.directory / key).string(), kDataLimits));
  } else {
    const auto it = s.packed.find(key);
    if (it == s.packed.end()) return fail(Error{Errc::not_found, "no such data file", "data/" + key, {}, {}});
    std::uint32_t line = 0;
    *tree = PackReader(as_bytes(it->second)).node(line);
  }
  return (s.parsed[key] = std::move(tree)).get();
}

void preload() {
  if (store().directory.empty()) return;  // built in: in memory anyway
  for (const char* prefix : {"components/", "credentials/"})
    for (const std::string& name : list(prefix)) (void)file(name).has_value();
}

const std::string& digest() {
  Store& s = store();
  std::lock_guard lock(s.mutex);
  open_built_in(s);
  return s.digest;
}

const std::string& version() {
  Store& s = store();
  if (s.version.empty()) {
    const auto tree = file("version.yaml");
    s.version = tree ? (**tree)["version"].text() : "none";
    if (!s.directory.empty()) s.version += "+local";
  }
  return s.version;
}

}  // namespace assay::data
