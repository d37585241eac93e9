// assay passwords: the passwords of a batch of units.
#include <atomic>
#include <csignal>
#include <memory>
#include <thread>

#include "app/passwords.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

// Once: the search ends and what it has is shown. Twice: the program ends.
void interrupt(int signal) {
  interrupted = true;
  std::signal(signal, SIG_DFL);
}

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string file, column, firmware, budget, entry, sampling, fail_on;
    unsigned depth = 3;
    unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
  };
  auto s = std::make_shared<State>();
  options.argument("UNITS.csv", s->file, "a line a unit; the first line names the columns")
      .text("--column", "TITLE", s->column, "the column with the passwords (default: the one that looks like it)")
      .text("--firmware", "IMAGE", s->firmware, "try the strings of this firmware as constants")
      .number("--depth", "N", s->depth, "steps of a formula, 1 to 4 (default 3): changes, joins, digests")
      .text("--budget", "LIST", s->budget, "limits: candidates=400M,time=0 (seconds)")
      .text("--entry", "ID", s->entry, "the claim of IXIT 1 that the passwords belong to")
      .text("--sampling", "WORD", s->sampling, "how the units were picked", {"consecutive", "random", "chosen"})
      .text("--fail-on", "WHAT", s->fail_on, "exit with 1 where a requirement is broken", {"broken"})
      .number("--jobs", "N", s->jobs, "threads; the results are the same for any number")
      .formats(true);
  return [s](Context& context) -> Result<int> {
    const auto usage = [](std::string what) { return fail(Error{Errc::invalid, std::move(what), "usage", {}, {}}); };
    if (s->depth < 1 || s->depth > 4) return usage("--depth: 1 to 4");
    if (s->jobs < 1 || s->jobs > 256) return usage("--jobs: 1 to 256");
    app::PasswordOptions o;
    o.file = s->file;
    o.column = s->column;
    o.firmware = s->firmware;
    o.budget = s->budget;
    o.entry = s->entry;
    o.sampling = s->sampling;
    o.depth = s->depth;
    o.jobs = s->jobs;
    o.examine.jobs = s->jobs;
    o.progress = [&](const std::string& line) { context.progress(line); };
    o.examine.progress = o.progress;
    o.stop = &interrupted;
    std::signal(SIGINT, interrupt);
    const app::PasswordReport report = ASSAY_TRY(
        app::examine_passwords(o, {context.format == Format::json, context.colour, context.unicode, ASSAY_VERSION}));
    std::signal(SIGINT, SIG_DFL);
    context.progress("");
    for (const std::string& remark : report.remarks) context.note(remark);
    if (context.format == Format::csv)
      ASSAY_TRY(print(ASSAY_TRY(app::passwords_csv(report))));
    else
      ASSAY_TRY(print(context.format == Format::json ? report.json : report.text));
    return !s->fail_on.empty() && report.breaks ? kRefused : kDone;
  };
}

}  // namespace

extern const Command passwords{
    .name = "passwords",
    .title = "is the password of each unit of a batch its own, or computed from its label?",
    .about =
        "Reads a CSV file of 2 to 100 000 units (serial number, MAC address, model, date, network name, others, "
        "password;\n"
        "any column but the password may be missing) and looks for equal passwords, default lists, too few values, "
        "and\n"
        "formulas that compute the password from what is printed beside it. Passwords are never written or shown.\n"
        "docs/passwords.md says what is looked for and how sure a result is.",
    .examples =
        "assay passwords units.csv\n"
        "assay passwords units.csv --firmware firmware.bin --depth 4\n"
        "assay passwords units.csv --column \"Wi-Fi key\" --format json > passwords.json\n"
        "assay passwords units.csv --budget candidates=50M,time=30",
    .declare = declare,
};

}  // namespace assay::cli
