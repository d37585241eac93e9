// assay scan: firmware to facts, no dossier needed.
#include <thread>

#include "app/scan.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::vector<std::string> images;
    std::string extract, budget;
    unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
    bool no_sandbox = false;
  };
  auto s = std::make_shared<State>();
  options.arguments("IMAGE", s->images, "firmware files")
      .text("--extract", "DIR", s->extract, "lay the files that are found below DIR (must not exist, or be empty)")
      .number("--jobs", "N", s->jobs, "threads; the results are the same for any number")
      .text("--budget", "LIST", s->budget, "limits: bytes=1G,files=200000,depth=16,ratio=1200,time=0")
      .flag("--no-sandbox", s->no_sandbox, "look without a worker process; for debugging only")
      .formats(true, true);
  return [s](Context& context) -> Result<int> {
    app::ScanOptions scan;
    if (!s->budget.empty()) {
      auto limits = Limits::parse(s->budget);
      if (!limits) return fail(Error{Errc::invalid, "--budget: " + limits.error().what, "usage", {}, {}});
      scan.examine.limits = *limits;
    }
    if (s->jobs < 1 || s->jobs > 256) return fail(Error{Errc::invalid, "--jobs: 1 to 256", "usage", {}, {}});
    scan.examine.jobs = s->jobs;
    scan.examine.sandbox = !s->no_sandbox;
    if (!s->extract.empty()) scan.examine.extract = s->extract;
    scan.examine.progress = [&](const std::string& line) { context.progress(line); };
    for (const std::string& image : s->images) scan.images.emplace_back(image);
    const app::Scanned result = app::scan(scan);
    for (const std::string& remark : result.remarks) context.note(remark);
    int status = kDone;
    for (const Error& e : result.errors) {
      context.progress("");
      show(e);
      status = std::max(status, e.code == Errc::internal ? kInternal : kInput);
    }
    if (result.images.empty()) return status;
    switch (context.format) {
      case Format::json:
        ASSAY_TRY(print(app::scan_json(result, ASSAY_VERSION)));
        break;
      case Format::csv:
        ASSAY_TRY(print(ASSAY_TRY(app::scan_csv(result, context.table))));
        break;
      case Format::text:
        ASSAY_TRY(print(app::scan_text(result, context.colour, context.unicode)));
        break;
    }
    return status;
  };
}

}  // namespace

extern const Command scan{
    .name = "scan",
    .title = "examine firmware: what is in it, down to bytes",
    .about =
        "Takes an image apart in a sandboxed worker and prints what was found: containers and a ledger of every byte, "
        "files,\n"
        "packages, accounts, keys, services, listeners, the update chain. Facts are not verdicts.",
    .examples =
        "assay scan firmware.bin\n"
        "assay scan firmware.bin --format json > facts.json\n"
        "assay scan firmware.bin --format csv --table account\n"
        "assay scan firmware.bin --extract tree/ --budget bytes=256M,time=60",
    .declare = declare,
};

}  // namespace assay::cli
