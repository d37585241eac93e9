#include "parse/device_tree.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "base/reader.h"
#include "base/text.h"

namespace assay::parse {
namespace {

struct Header {  // section 5.2; version 16 has no size_structure
  be32 magic;
  be32 total_size;
  be32 structure;
  be32 strings;
  be32 reservations;
  be32 version;
  be32 last_compatible;
  be32 boot_cpu;
  be32 size_strings;
  be32 size_structure;
};
static_assert(sizeof(Header) == 40);

constexpr std::uint32_t kMagic = 0xd00dfeed;
constexpr std::uint32_t kBeginNode = 1, kEndNode = 2, kProperty = 3, kNop = 4, kEnd = 9;
// Real trees stay below ten levels and some thousand nodes.
constexpr std::size_t kDeepest = 64, kMostNodes = 1 << 15, kMostProperties = 1 << 17;

struct Blocks {
  Header header;
  Bytes whole;
  Bytes structure;
  Bytes strings;
};

Result<Blocks> locate(Bytes image) {
  Reader in(image);
  Blocks b;
  b.header = ASSAY_TRY(in.read<Header>("the device tree header"));
  const Header& h = b.header;
  if (h.magic != kMagic) return fail(Errc::malformed, "no device tree magic");
  if (h.version < 16 || h.last_compatible > 17 || h.last_compatible > h.version)
    return fail_at(Errc::unsupported, 20, "device tree version " + std::to_string(h.version) + " (16 and 17 are read)");
  const std::uint64_t total = h.total_size;
  if (total < sizeof(Header) + 16 || total > image.size())
    return fail_at(Errc::truncated, 4,
                   "the device tree says it has " + std::to_string(total) + " bytes, " + std::to_string(image.size()) +
                       " are there");
  b.whole = image.first(total);
  const std::uint64_t structure = h.structure, strings = h.strings, size_strings = h.size_strings;
  const std::uint64_t size_structure = h.version >= 17       ? std::uint64_t{h.size_structure}
                                       : strings > structure ? strings - structure
                                                             : total - std::min(total, structure);
  if (structure < 36 || structure % 4 != 0 || structure > total || size_structure > total - structure ||
      size_structure < 16)
    return fail_at(Errc::malformed, 8, "the structure block lies outside the device tree");
  if (strings > total || size_strings > total - strings)
    return fail_at(Errc::malformed, 12, "the strings block lies outside the device tree");
  if (h.reservations < 36 || h.reservations % 8 != 0 || h.reservations > total - 16)
    return fail_at(Errc::malformed, 16, "the memory reservation block lies outside the device tree");
  b.structure = b.whole.subspan(structure, size_structure);
  b.strings = b.whole.subspan(strings, size_strings);
  Reader first(b.structure);
  std::uint32_t token = kNop;
  while (token == kNop) token = ASSAY_TRY(first.read<be32>("the first token"));
  if (token != kBeginNode) return fail_at(Errc::malformed, structure, "the structure block does not begin with a node");
  return b;
}

// The text up to its NUL; nullopt where none comes.
std::optional<std::string_view> c_string(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  const std::size_t end = text.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(0, end);
}

bool is_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '/'; });
}

}  // namespace

Result<std::uint64_t> DeviceTree::measure(Bytes image) { return std::uint64_t{ASSAY_TRY(locate(image)).whole.size()}; }

Result<DeviceTree> DeviceTree::parse(Bytes image) {
  const Blocks b = ASSAY_TRY(locate(image));
  DeviceTree tree;
  tree.size_ = b.whole.size();

  // Reservations end with a pair of zeros (section 5.3).
  Reader reserved(b.whole.subspan(b.header.reservations), b.header.reservations);
  for (;;) {
    const std::uint64_t address = ASSAY_TRY(reserved.read<be64>("a memory reservation"));
    const std::uint64_t size = ASSAY_TRY(reserved.read<be64>("a memory reservation"));
    if (address == 0 && size == 0) break;
  }

  const std::uint64_t base = b.header.structure;
  Reader in(b.structure, base);
  std::vector<int> open;       // the path of nodes we are in
  std::vector<bool> may_have;  // properties come before subnodes (section 5.4.1)
  for (;;) {
    const std::uint64_t at = base + in.at();
    const std::uint32_t token = ASSAY_TRY(in.read<be32>("a token"));
    if (token == kNop) continue;
    if (token == kBeginNode) {
      if (open.empty() && !tree.nodes_.empty()) return fail_at(Errc::malformed, at, "a second root node");
      if (open.size() >= kDeepest)
        return fail_at(Errc::limit, at, "nodes nest deeper than " + std::to_string(kDeepest));
      if (tree.nodes_.size() >= kMostNodes)
        return fail_at(Errc::limit, at, "more than " + std::to_string(kMostNodes) + " nodes");
      const auto name = c_string(b.structure.subspan(in.at()));
      if (!name || name->size() > 255 || !is_name(*name))
        return fail_at(Errc::malformed, at, "a node's name is not text");
      if (open.empty() != name->empty()) return fail_at(Errc::malformed, at, "a node without a name");
      ASSAY_TRY(in.skip(std::min<std::uint64_t>(align_up(name->size() + 1, 4), in.left()), "a node's name"));
      tree.nodes_.push_back(
          {open.empty() ? -1 : open.back(), *name, static_cast<std::uint32_t>(tree.properties_.size()), 0});
      if (!may_have.empty()) may_have.back() = false;
      open.push_back(static_cast<int>(tree.nodes_.size()) - 1);
      may_have.push_back(true);
    } else if (token == kEndNode) {
      if (open.empty()) return fail_at(Errc::malformed, at, "a node ends that never began");
      open.pop_back();
      may_have.pop_back();
    } else if (token == kProperty) {
      if (open.empty() || !may_have.back()) return fail_at(Errc::malformed, at, "a property outside its node");
      if (tree.properties_.size() >= kMostProperties)
        return fail_at(Errc::limit, at, "more than " + std::to_string(kMostProperties) + " properties");
      const std::uint32_t size = ASSAY_TRY(in.read<be32>("a property's length"));
      const std::uint32_t name_at = ASSAY_TRY(in.read<be32>("a property's name"));
      const auto name = name_at < b.strings.size() ? c_string(b.strings.subspan(name_at)) : std::nullopt;
      if (!name || name->empty() || name->size() > 255 || !is_name(*name))
        return fail_at(Errc::malformed, at + 8, "a property's name lies outside the strings block");
      const std::uint64_t value_at = base + in.at();
      const Bytes value = ASSAY_TRY(in.take(size, "a property's value"));
      ASSAY_TRY(in.skip(std::min<std::uint64_t>(align_up(size, 4) - size, in.left()), "padding"));
      tree.properties_.push_back({*name, value, value_at});
      ++tree.nodes_[static_cast<std::size_t>(open.back())].property_count;
    } else if (token == kEnd) {
      if (!open.empty() || tree.nodes_.empty())
        return fail_at(Errc::malformed, at, "the device tree ends inside a node");
      return tree;
    } else {
      return fail_at(Errc::malformed, at, "unknown token " + std::to_string(token));
    }
  }
}

std::vector<int> DeviceTree::children(int node) const {
  std::vector<int> out;
  // Depth first: what lies below a node follows it without a gap.
  for (std::size_t i = static_cast<std::size_t>(node) + 1; i < nodes_.size() && nodes_[i].parent >= node; ++i)
    if (nodes_[i].parent == node) out.push_back(static_cast<int>(i));
  return out;
}

int DeviceTree::find(std::string_view path) const {
  int at = 0;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty()) continue;
    int next = -1;
    for (const int child : children(at))
      if (nodes_[static_cast<std::size_t>(child)].name == part) {
        next = child;
        break;
      }
    if (next < 0) return -1;
    at = next;
  }
  return at;
}

const DeviceTree::Property* DeviceTree::property(int node, std::string_view name) const {
  const Node& n = nodes_[static_cast<std::size_t>(node)];
  for (std::uint32_t i = 0; i < n.property_count; ++i)
    if (properties_[n.first_property + i].name == name) return &properties_[n.first_property + i];
  return nullptr;
}

std::vector<std::string_view> DeviceTree::texts(int node, std::string_view name) const {
  const Property* p = property(node, name);
  if (!p || p->value.empty() || p->value.back() != 0) return {};
  std::vector<std::string_view> out = split(as_text(p->value), '\0');
  out.pop_back();
  for (const std::string_view t : out)
    if (!is_utf8(t)) return {};
  return out;
}

std::string_view DeviceTree::text(int node, std::string_view name) const {
  const std::vector<std::string_view> all = texts(node, name);
  return all.empty() ? std::string_view{} : all.front();
}

std::optional<std::uint32_t> DeviceTree::cell(int node, std::string_view name) const {
  const Property* p = property(node, name);
  if (!p || p->value.size() != 4) return std::nullopt;
  be32 value;
  std::memcpy(&value, p->value.data(), 4);
  return value;
}

}  // namespace assay::parse
