// Components by the strings they carry (data/components). Only programs, libraries and parts are looked at: a name in a
// web page or a manual proves nothing.
#include "base/text.h"
#include "inspect/detector.h"
#include "inspect/patterns.h"

namespace assay::inspect {
namespace {

constexpr std::string_view kTables[] = {"component"};

void report(std::string_view file_name, std::string place, Bytes content, Facts& out) {
  const Result<Patterns>& patterns = Patterns::shared();
  if (!patterns) {
    out.not_examined(std::move(place), "component", patterns.error().text());
    return;
  }
  const auto hits = patterns->scan(file_name, content);
  if (!hits) {
    out.not_examined(std::move(place), "component", hits.error().text());
    return;
  }
  for (const ComponentHit& hit : *hits) {
    Fact& fact = out.add("component", place)
                     .set("name", hit.component->name)
                     .set("version", hit.version)
                     .set("purl", purl_of(*hit.component, hit.version))
                     .set("method", hit.from_name ? "file" : "string");
    if (!hit.component->supplier.empty()) fact.set("supplier", hit.component->supplier);
    if (const std::string cpe = cpe_of(*hit.component, hit.version); !cpe.empty()) fact.set("cpe", cpe);
    if (hit.from_name) {
      fact.confidence = "medium";
      continue;
    }
    fact.at = hit.at;
    fact.excerpt =
        make_excerpt(content, hit.at, hit.size, hit.component->name + " " + hit.version + " by its own words");
  }
}

void file(const FileView& view, Facts& out) {
  if (view.kind != FileKind::elf) return;
  const std::size_t slash = view.path.rfind('/');
  report(slash == std::string_view::npos ? view.path : view.path.substr(slash + 1), view.place(), view.content, out);
}

void part(std::string_view place, Bytes content, Facts& out) { report({}, std::string(place), content, out); }

}  // namespace

extern constinit const Detector components{
    .name = "components",
    .version = 1,
    .title = "components by the version strings in programs, libraries, kernels and boot loaders",
    .tables = kTables,
    .file = file,
    .part = part,
};

}  // namespace assay::inspect
