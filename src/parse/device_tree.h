// DeviceTree: a flattened device tree blob (Devicetree Specification v0.4, chapter 5), versions 16 and 17. Validated as
// a whole when parsed, so that walking it afterwards cannot fail.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace assay::parse {

class DeviceTree {
 public:
  struct Property {
    std::string_view name;
    Bytes value;
    std::uint64_t at = 0;  // of the value, from the blob's first byte
  };
  struct Node {
    int parent = -1;        // -1: the root
    std::string_view name;  // "cpu@0"; the root's is empty
    std::uint32_t first_property = 0;
    std::uint32_t property_count = 0;
  };

  // How long the blob says it is, from its header alone; an Error where the header contradicts itself or `image` is too
  // short.
  static Result<std::uint64_t> measure(Bytes image);
  // `image` begins at the blob and may be longer. Names and values are views into it. An Error says what is broken and
  // where.
  static Result<DeviceTree> parse(Bytes image);

  std::uint64_t size() const { return size_; }
  // Nodes in the order of the blob: a parent stands before its children. The first is the root.
  const std::vector<Node>& nodes() const { return nodes_; }
  std::vector<int> children(int node) const;
  // "/images/kernel"; -1 where there is none. "/" is the root.
  int find(std::string_view path) const;
  const Property* property(int node, std::string_view name) const;
  // A property's first string without its NUL; empty where there is none or it is not text.
  std::string_view text(int node, std::string_view name) const;
  std::vector<std::string_view> texts(int node, std::string_view name) const;
  // A property of exactly one 32-bit cell.
  std::optional<std::uint32_t> cell(int node, std::string_view name) const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Node> nodes_;
  std::vector<Property> properties_;
};

}  // namespace assay::parse
