#include "passwords/examine.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/digest.h"
#include "passwords/lists.h"

namespace assay::passwords {
namespace {

// SHA-256 over a key and the password. The key is a digest of the whole file under a name of its own: whoever has the
// evidence and not the file can neither make it nor try passwords against the digest.
std::string keyed(const Sha256& key, std::string_view password) {
  Sha256Stream stream;
  stream.add(key);
  stream.add(as_bytes(password));
  const Sha256 inner = stream.finish();
  Sha256Stream outer;
  outer.add(as_bytes("assay unit password"));
  outer.add(key);
  outer.add(inner);
  return hex(outer.finish());
}

int weight(const Finding& f) {
  if (!f.breaks) return 9;
  if (f.id == "same-password") return 0;
  if (f.id == "default-list") return 1;
  if (f.id == "derived") return 2;
  if (f.id == "counter") return 3;
  return 4;
}

}  // namespace

bool Examination::breaks() const {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.breaks; });
}

Result<Examination> examine(const Batch& batch, std::string_view file, const SearchOptions& options) {
  ASSAY_TRY(load_lists());
  Examination out;
  out.artefact = sha256_hex(as_bytes(file));
  const Shape shape = shape_of(batch);
  out.entropy = entropy_of(batch, shape);
  out.findings = find_weak(batch, shape, out.entropy);

  // What explains most is told; a dearer search runs only where the cheaper ones explain little.
  std::vector<Finding> derived;
  const auto take = [&](std::vector<Finding> more) {
    for (Finding& f : more) derived.push_back(std::move(f));
  };
  const auto enough = [&] {
    return std::any_of(derived.begin(), derived.end(), [&](const Finding& f) {
      return f.title.empty() && f.units.size() * 10 >= batch.units.size() * 9;
    });
  };
  if (!shape.all_same) {
    take(find_copies(batch));
    if (!enough()) take(find_arithmetic(batch));
    if (!enough()) take(find_digests(batch, shape, options, out.searched));
    if (!enough()) take(find_positions(batch));
  }
  std::stable_sort(derived.begin(), derived.end(), [](const Finding& a, const Finding& b) {
    if (a.title.empty() != b.title.empty()) return a.title.empty();  // whole before in part
    return a.units.size() > b.units.size();
  });
  // A second formula is told only for units that the first does not explain.
  std::vector<bool> told(batch.units.size());
  for (Finding& f : derived) {
    std::size_t news = 0;
    for (const std::uint32_t u : f.units) news += !told[u];
    if (news * 2 < f.units.size()) continue;
    for (const std::uint32_t u : f.units) told[u] = true;
    const bool part = !f.title.empty();
    const std::size_t n = f.units.size();
    if (f.id == "counter")
      f.title = fmt::format("{} of {} passwords follow from the one before", n, batch.units.size());
    else
      f.title = fmt::format("{} of {} passwords can be computed{} from what is printed on the unit", n,
                            batch.units.size(), part ? " in part" : "");
    f.next = "Make passwords from a random source; a secret constant in the firmware is no key";
    out.findings.push_back(std::move(f));
  }
  std::stable_sort(out.findings.begin(), out.findings.end(), [](const Finding& a, const Finding& b) {
    return weight(a) != weight(b) ? weight(a) < weight(b) : a.units.size() > b.units.size();
  });

  // The class of a unit: the gravest that speaks of it.
  const auto rank = [](std::string_view c) {
    return c == "default-list" ? 3 : c == "derived" ? 2 : c == "weak" ? 1 : 0;
  };
  out.classes.assign(batch.units.size(), "unknown");
  for (const Finding& f : out.findings)
    for (const std::uint32_t u : f.units)
      if (f.breaks && rank(f.klass) > rank(out.classes[u])) out.classes[u] = f.klass;
  Sha256Stream stream;
  stream.add(as_bytes("assay batch of passwords"));
  stream.add(as_bytes(file));
  const Sha256 key = stream.finish();
  for (const Unit& u : batch.units) out.digests.push_back(keyed(key, u.password));
  return out;
}

}  // namespace assay::passwords
