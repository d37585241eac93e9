#include <fmt/format.h>

#include "app/assess.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/assess_options.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    AssessArguments a;
    std::string unit, value, entry, by, reason, evidence, overrules;
  };
  auto s = std::make_shared<State>();
  options.argument("DIR", s->a.directory, "the dossier")
      .argument("UNIT", s->unit, "test unit: 5.6-1-2.b")
      .argument("VALUE", s->value, "pass, fail or inconclusive")
      .text("--entry", "ENTRY", s->entry, "for one entry of the unit (default: the whole unit)")
      .text("--by", "NAME", s->by, "who says so")
      .text("--reason", "TEXT", s->reason, "what was done and seen")
      .text("--evidence", "FILE", s->evidence, "a file below DIR: photo, log, notes")
      .text("--overrules", "ROWS", s->overrules, "ids of failing rows that do not count, comma-separated")
      .text("--from", "OUT", s->a.out, "the assessment it stands on (default DIR/out)")
      .text("--edition", "EDITION", s->a.edition, "of EN 303 645", {"2.1.1", "3.1.3"})
      .text("--at", "DATE", s->a.at, "the day of the verdict (default: today)")
      .formats(false);
  return [s](Context& context) -> Result<int> {
    const app::AssessOptions o = ASSAY_TRY(assess_options(s->a, context));
    if (s->value != "pass" && s->value != "fail" && s->value != "inconclusive")
      return usage(fmt::format("'{}' is no verdict of a person", s->value), "Write pass, fail or inconclusive.");
    if (trim(s->by).empty()) return usage("--by is missing: a verdict has somebody who says so");
    if (trim(s->reason).empty()) return usage("--reason is missing: what was done and seen");
    intake::PersonRecord record;
    record.kind = intake::PersonRecord::Kind::verdict;
    record.by = s->by;
    record.date = o.at.iso();
    record.reason = s->reason;
    record.evidence = s->evidence;
    record.unit = s->unit;
    record.entry = s->entry;
    record.value = s->value;
    for (const std::string_view row : split(s->overrules, ','))
      if (!trim(row).empty()) record.overrules.emplace_back(trim(row));
    const app::Recorded done = ASSAY_TRY(app::record_verdict(o, record));
    if (context.format == Format::json) {
      JsonWriter w(1);
      w.object().field("recorded", done.file.string()).field("unit", done.unit).field("value", s->value).end_object();
      ASSAY_TRY(print(w.take() + "\n"));
    } else {
      ASSAY_TRY(print(fmt::format("{}Recorded in {}: {} by {}.\nNext: assay judge {}\n", done.shows, done.file.string(),
                                  s->value, s->by, s->a.directory)));
    }
    return kDone;
  };
}

}  // namespace

extern const Command verdict{
    .name = "verdict",
    .title = "record a person's verdict on a test unit",
    .about =
        "The verdict stands beside the rule's and never hides it. It names what was shown: when the facts, claims or "
        "the rule change, it is\n"
        "stale until confirmed. A rule's fail is only overruled by naming its rows. Records are appended under "
        "DIR/persons.",
    .examples =
        "assay verdict mydevice 5.1-4-2.a pass --by \"R. Okafor\" --reason \"changed it in the app in three taps\"\n"
        "assay verdict mydevice 5.1-1-2.c pass --by \"R. Okafor\" --reason \"rescue mode only\" --overrules "
        "account-7f3a91c2d011",
    .declare = declare,
};

}  // namespace assay::cli
