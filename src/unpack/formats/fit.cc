// FIT, U-Boot's container: a device tree whose /images hold kernels, device trees, ramdisks. Their bytes lie in the
// tree (property data) or behind it (data-position from the first byte; data-offset from the tree's end, rounded up to
// 4).
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "parse/device_tree.h"
#include "unpack/format.h"
#include "unpack/printable.h"

namespace assay::unpack {
namespace {

using parse::DeviceTree;

constexpr Magic kMagics[] = {{"\xd0\x0d\xfe\xed"}};

struct Image {
  int node = -1;
  std::uint64_t at = 0;
  std::uint64_t size = 0;
  bool external = false;
};

struct Fit {
  DeviceTree tree;
  std::vector<Image> images;
  std::uint64_t end = 0;  // of what lies furthest behind; may be more than is there
  bool is_signed = false;
};

Result<Fit> read(Bytes bytes) {
  Fit fit{ASSAY_TRY(DeviceTree::parse(bytes)), {}, 0, false};
  const DeviceTree& tree = fit.tree;
  fit.end = tree.size();
  const int images = tree.find("/images");
  if (images <= 0) return fail(Errc::malformed, "a device tree without /images");
  for (const int node : tree.children(images)) {
    Image image{node, 0, 0, false};
    if (const auto* data = tree.property(node, "data")) {
      image.at = data->at;
      image.size = data->value.size();
    } else if (const auto size = tree.cell(node, "data-size")) {
      const auto position = tree.cell(node, "data-position");
      const auto offset = tree.cell(node, "data-offset");
      if (!position && !offset) continue;
      image.at = position ? *position : align_up(tree.size(), 4) + *offset;
      image.size = *size;
      image.external = true;
      fit.end = std::max(fit.end, image.at + image.size);  // two 32-bit numbers: no overflow
    } else {
      continue;
    }
    fit.images.push_back(image);
  }
  if (fit.images.empty()) return fail(Errc::malformed, "a FIT without images");
  for (const DeviceTree::Node& n : tree.nodes())
    if (n.name == "signature" || n.name.starts_with("signature-") || n.name.starts_with("signature@"))
      fit.is_signed = true;
  return fit;
}

// The header only, as for plain device trees (fdt.cc). What lies behind the tree is known when it is read.
Result<Extent> measure(Bytes bytes) {
  ASSAY_TRY(DeviceTree::measure(bytes));
  return Extent{};
}

std::string title_of(const Fit& fit) {
  std::string title = "FIT image" + quoted(fit.tree.text(0, "description")) + ", " + std::to_string(fit.images.size()) +
                      (fit.images.size() == 1 ? " part" : " parts");
  return title + (fit.is_signed ? ", with signatures" : ", not signed");
}

// The image's own hashes (hash-1, hash@1 …) against its bytes.
void check_hashes(const Fit& fit, const Image& image, Bytes content, std::string_view name, Sink& out) {
  for (const int node : fit.tree.children(image.node)) {
    const std::string_view node_name = fit.tree.nodes()[static_cast<std::size_t>(node)].name;
    if (!node_name.starts_with("hash")) continue;
    const std::string algorithm = printable(fit.tree.text(node, "algo"), 20);
    const auto* value = fit.tree.property(node, "value");
    if (!value) continue;
    std::vector<std::uint8_t> computed;
    if (algorithm == "crc32") {
      const std::uint32_t crc = crc32(content);
      for (int shift = 24; shift >= 0; shift -= 8) computed.push_back(static_cast<std::uint8_t>(crc >> shift));
    } else {
      computed = container_hash(algorithm, content);
    }
    if (computed.empty())
      out.refused(name, value->at,
                  Error{Errc::unsupported, "hash \u201c" + algorithm + "\u201d is not known", {}, {}, {}});
    else if (!std::equal(computed.begin(), computed.end(), value->value.begin(), value->value.end()))
      out.refused(name, value->at,
                  Error{Errc::malformed,
                        "its " + algorithm + " does not match: the bytes are damaged or were changed",
                        {},
                        {},
                        {}});
  }
}

Result<std::uint64_t> extract(Bytes bytes, Sink& out, Budget& budget) {
  Fit fit = ASSAY_TRY(read(bytes));
  out.title(title_of(fit));
  // In the order of the bytes; what two images share is handed out once, so that a small file cannot ask for endless
  // work.
  std::stable_sort(fit.images.begin(), fit.images.end(), [](const Image& a, const Image& b) { return a.at < b.at; });
  std::uint64_t free_from = 0;
  const Image* last = nullptr;
  for (const Image& image : fit.images) {
    ASSAY_TRY(budget.check_time());
    const std::string name = printable(fit.tree.nodes()[static_cast<std::size_t>(image.node)].name, 60);
    if (image.size == 0 || (last && last->at == image.at && last->size == image.size)) continue;
    if (image.at < free_from || (image.external && image.at < fit.tree.size())) {
      out.refused(name, image.at, Error{Errc::malformed, "it overlaps another part or the tree itself", {}, {}, {}});
      continue;
    }
    const Bytes content = clip(bytes, image.at, image.size);
    if (content.size() < image.size)
      out.refused(
          name, image.at,
          Error{Errc::truncated,
                "it has " + std::to_string(image.size) + " bytes, " + std::to_string(content.size()) + " are there",
                {},
                {},
                {}});
    else
      check_hashes(fit, image, content, name, out);
    if (content.empty()) continue;
    ASSAY_TRY(out.part(name, content, image.at, true));
    free_from = image.at + content.size();
    last = &image;
  }
  return std::min<std::uint64_t>(fit.end, bytes.size());
}

}  // namespace

extern constinit const Format fit{
    .name = "fit",
    .title = "FIT image of U-Boot",
    .reference = "U-Boot doc/usage/fit/source_file_format.rst",
    .limits = "signatures are seen, not checked",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
