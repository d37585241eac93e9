#include "judge/persons.h"

#include <algorithm>

#include "base/text.h"

namespace assay::judge {

using evidence::Evidence;
using evidence::Row;

Persons::Persons(const Evidence& evidence, const catalogue::Edition& edition) : edition_(edition.ts) {
  for (const Row& row : evidence.rows("person")) {
    const auto text = [&](std::string_view c) { return Evidence::text("person", row, c); };
    if (text("kind") != "verdict" || text("source") != "person") continue;
    Said said;
    const auto value = verdict_named(text("value"));
    // A person says pass, inconclusive or fail; whatever else stands there is no answer.
    said.verdict.value = value == Verdict::pass || value == Verdict::fail ? *value : Verdict::inconclusive;
    said.verdict.by = text("by");
    said.verdict.date = text("date");
    said.verdict.reason = text("reason");
    said.verdict.evidence = text("evidence");
    for (const std::string_view id : split(text("overrules"), ','))
      if (!trim(id).empty()) said.verdict.overrules.emplace_back(trim(id));
    said.unit = text("unit");
    said.entry = text("entry");
    said.shown = text("rows_digest");
    all_.push_back(std::move(said));
  }
}

std::optional<Persons::Said> Persons::on(const catalogue::Unit& unit, std::string_view entry,
                                         std::string_view shown) const {
  const std::string output = "ts103701:" + edition_ + ":" + unit.short_id;
  std::optional<Said> out;
  for (const Said& said : all_) {
    if (said.unit != unit.id && said.unit != unit.short_id && said.unit != output) continue;
    if (!said.entry.empty() && said.entry != entry) continue;
    const auto rank = [](const Said& s) { return static_cast<int>(s.verdict.value); };
    if (!out || said.verdict.date > out->verdict.date ||
        (said.verdict.date == out->verdict.date && rank(said) < rank(*out)))
      out = said;
  }
  if (out) out->verdict.stale = out->shown != shown;
  return out;
}

}  // namespace assay::judge
