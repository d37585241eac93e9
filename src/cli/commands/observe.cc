#include <fmt/format.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/assess_options.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string directory, saw, table, looked, scope, closes, by, reason, evidence, at;
    std::vector<std::string> values;
  };
  auto s = std::make_shared<State>();
  options.argument("DIR", s->directory, "the dossier")
      .text("--saw", "TEXT", s->saw, "what was seen, in words")
      .text("--table", "NAME", s->table, "with --set: the evidence table the observation is a row of")
      .texts("--set", "COLUMN=VALUE", s->values, "a column of that row; may be given several times")
      .text("--looked", "NAME", s->looked, "somebody looked for rows of this table (see assay tables)")
      .text("--scope", "JSON", s->scope, "what bounded that look: {\"sweep\": \"radio\"}")
      .text("--closes", "ROW", s->closes, "sets a row of `unexamined` (or a look that is not complete) aside")
      .text("--by", "NAME", s->by, "who")
      .text("--reason", "TEXT", s->reason, "how, or why")
      .text("--evidence", "FILE", s->evidence, "a file below DIR")
      .text("--at", "DATE", s->at, "the day (default: today)")
      .formats(false);
  return [s](Context& context) -> Result<int> {
    Date day = Date::today();
    if (!s->at.empty()) {
      const auto at = Date::parse(s->at);
      if (!at) return usage("--at: " + at.error().what, at.error().hint);
      day = *at;
    }
    const int kinds =
        (s->looked.empty() ? 0 : 1) + (s->closes.empty() ? 0 : 1) + (s->saw.empty() && s->table.empty() ? 0 : 1);
    if (kinds != 1)
      return usage("say one thing at a time",
                   "One of: --saw TEXT (or --table with --set), --looked TABLE, --closes ROW.");
    if (trim(s->by).empty()) return usage("--by is missing: who saw it");
    if (trim(s->reason).empty()) return usage("--reason is missing");
    intake::PersonRecord record;
    record.by = s->by;
    record.date = day.iso();
    record.reason = s->reason;
    record.evidence = s->evidence;
    if (!s->closes.empty()) {
      record.kind = intake::PersonRecord::Kind::close;
      record.closes = s->closes;
    } else if (!s->looked.empty()) {
      record.kind = intake::PersonRecord::Kind::scope;
      record.table = s->looked;
      record.scope = s->scope.empty() ? "{}" : s->scope;
    } else {
      record.kind = intake::PersonRecord::Kind::observation;
      record.table = s->table;
      record.value = s->saw;
      for (const std::string& pair : s->values) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string::npos) return usage(fmt::format("--set {} is not COLUMN=VALUE", pair));
        record.values.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
      }
    }
    const std::filesystem::path file = ASSAY_TRY(app::record_observation(s->directory, record));
    if (context.format == Format::json) {
      JsonWriter w(1);
      w.object().field("recorded", file.string()).field("kind", intake::name(record.kind)).end_object();
      ASSAY_TRY(print(w.take() + "\n"));
    } else {
      ASSAY_TRY(print(fmt::format("Recorded in {}.\nNext: assay judge {}\n", file.string(), s->directory)));
    }
    return kDone;
  };
}

}  // namespace

extern const Command observe{
    .name = "observe",
    .title = "record what a person saw or did, or set an unexamined part aside",
    .about =
        "An observation is a fact of source `person`. --looked says that somebody looked for something, which is what "
        "lets silence count.\n"
        "--closes sets a part that could not be examined aside; the reason is shown beside every verdict that rests on "
        "it.",
    .examples =
        "assay observe mydevice --looked discovery --scope '{\"sweep\": \"radio\"}' --by \"R. Okafor\" --reason "
        "\"swept 2.4 GHz for 30 minutes\"\n"
        "assay observe mydevice --table discovery --set protocol=ble --set name=HD2 --by \"R. Okafor\" --reason \"seen "
        "while pairing\"\n"
        "assay observe mydevice --closes unexamined-1a2b3c4d5e6f --by \"R. Okafor\" --reason \"boot logo, checked by "
        "hand\"",
    .declare = declare,
};

}  // namespace assay::cli
