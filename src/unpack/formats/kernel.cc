// A decompressed Linux kernel has no magic: it is known by its two banners (init/version.c), "Linux version 4.4.182
// (who@where) …" and the pattern of /proc/version, which no text about a kernel has beside it. The whole part is then
// claimed, so whatever is more than a kernel (a dump of a flash chip that has one) must not be taken for one.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "unpack/format.h"
#include "unpack/printable.h"

namespace assay::unpack {
namespace {

constexpr std::string_view kBanner = "Linux version ";
constexpr std::string_view kProcBanner = "%s version %s (";
constexpr std::uint64_t kLeast = 128 << 10;  // the smallest kernels have ten times as much

struct Kernel {
  std::string version;
  std::string built;  // "#0 Thu Jun 27 12:18:52 2019"
};

// The banner that is the kernel's own: a version, the builder, and a line's end followed by NUL.
std::optional<Kernel> find_banner(std::string_view text) {
  for (std::size_t at = text.find(kBanner); at != std::string_view::npos; at = text.find(kBanner, at + 1)) {
    std::string_view line = text.substr(at + kBanner.size(), 512);
    const std::size_t end = line.find('\n');
    if (end == std::string_view::npos || end + 1 >= line.size() || line[end + 1] != '\0') continue;
    line = line.substr(0, end);
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || space > 64 || !is_digit(line.front())) continue;
    const std::size_t builder = line.find('@', space);
    if (line[space + 1] != '(' || builder == std::string_view::npos || printable(line, 512).size() != line.size())
      continue;
    const std::size_t number = line.rfind(" #");
    return Kernel{std::string(line.substr(0, space)),
                  number == std::string_view::npos ? "" : std::string(line.substr(number + 1))};
  }
  return std::nullopt;
}

// Something no kernel contains begins somewhere behind the start.
bool has_other_containers(Bytes image) {
  for (const std::string_view name : {"dlink", "fit", "squashfs", "tp-link", "uimage", "zimage", "bzimage"}) {
    const Format* format = find_format(name);
    if (!format) continue;
    for (const Magic& magic : format->magics) {
      const std::string_view text = as_text(image);
      int tries = 0;
      for (std::size_t at = text.find(magic.bytes); at != std::string_view::npos && ++tries < 64;
           at = text.find(magic.bytes, at + 1)) {
        if (at < magic.at) continue;
        const auto extent = format->measure(image.subspan(at - magic.at));
        if (extent && extent->certain) return true;
      }
    }
  }
  return false;
}

Result<Extent> measure(Bytes image) {
  if (image.size() < kLeast) return fail(Errc::malformed, "too small for a Linux kernel");
  const std::string_view text = as_text(image);
  const auto kernel = find_banner(text);
  if (!kernel || text.find(kProcBanner) == std::string_view::npos)
    return fail(Errc::malformed, "no banner of a Linux kernel");
  if (has_other_containers(image)) return fail(Errc::malformed, "more than a Linux kernel");
  return Extent{image.size(), true,
                "Linux kernel " + kernel->version + (kernel->built.empty() ? "" : ", " + kernel->built)};
}

// The built-in configuration (kernel/configs.c), gzip between two marks.
std::pair<std::uint64_t, std::uint64_t> find_config(std::string_view text) {
  const std::size_t from = text.find("IKCFG_ST\x1f\x8b");
  if (from == std::string_view::npos) return {0, 0};
  const std::size_t to = text.find("IKCFG_ED", from);
  if (to == std::string_view::npos) return {0, 0};
  return {from + 8, to};
}

Result<std::uint64_t> extract(Bytes image, Sink& out, Budget& budget) {
  const std::string_view text = as_text(image);
  const auto [config, config_end] = find_config(text);
  if (config_end > config) ASSAY_TRY(out.part("config", image.subspan(config, config_end - config), config, true));
  // A root file system that was built in. The one every kernel has (/dev, /dev/console, /root) is not worth a node.
  const Format* cpio = find_format("cpio");
  for (std::size_t at = text.find("07070"); cpio && at != std::string_view::npos; at = text.find("07070", at + 1)) {
    ASSAY_TRY(budget.check_time());
    if (at % 4 != 0 || !cpio->measure(image.subspan(at))) continue;
    const std::size_t end = text.find("TRAILER!!!", at);
    if (end == std::string_view::npos) break;
    if (end - at > 4096)
      ASSAY_TRY(out.part("initramfs", image.subspan(at, std::min<std::size_t>(end + 512, text.size()) - at), at, true));
    at = end;
  }
  return image.size();
}

}  // namespace

extern constinit const Format kernel{
    .name = "kernel",
    .title = "Linux kernel",
    .reference = "Linux init/version.c",
    .limits = "only where a part is a kernel as a whole; a compressed root file system built into it is not looked for",
    .magics = {},
    .anywhere = false,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
