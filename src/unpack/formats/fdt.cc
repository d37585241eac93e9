// A flattened device tree: tells the board a kernel was built for. A FIT has the same structure and is fit.cc's.
#include <string>

#include "parse/device_tree.h"
#include "unpack/format.h"
#include "unpack/printable.h"

namespace assay::unpack {
namespace {

using parse::DeviceTree;

constexpr Magic kMagics[] = {{"\xd0\x0d\xfe\xed"}};

// The header only: a whole tree is walked when it is taken, so that a thousand false hits stay cheap.
Result<Extent> measure(Bytes image) { return Extent{ASSAY_TRY(DeviceTree::measure(image)), false, ""}; }

Result<std::uint64_t> extract(Bytes image, Sink& out, Budget& budget) {
  ASSAY_TRY(budget.check_time());
  const DeviceTree tree = ASSAY_TRY(DeviceTree::parse(image));
  if (tree.find("/images") > 0) return fail(Errc::malformed, "a FIT, not a plain device tree");
  std::string title = "device tree" + quoted(tree.text(0, "model"));
  const std::string compatible = printable(tree.text(0, "compatible"));
  if (!compatible.empty()) title += ", " + compatible;
  out.title(title);
  return tree.size();
}

}  // namespace

extern constinit const Format fdt{
    .name = "fdt",
    .title = "device tree blob",
    .reference = "Devicetree Specification v0.4, chapter 5",
    .limits = "versions before 16 (kernels before 2.6.12)",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
