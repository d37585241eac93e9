#include "app/decide.h"

#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/clock.h"
#include "base/text.h"
#include "cli/assess_options.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string file, at, schemes;
    unsigned jobs = 0;
  };
  auto s = std::make_shared<State>();
  options.argument("FILE", s->file, "JSON lines (default: standard input)", false)
      .text("--at", "DATE", s->at, "the day, for lines that do not say one (default: today)")
      .text("--schemes", "LIST", s->schemes, "only these schemes, comma-separated")
      .number("--jobs", "N", s->jobs, "threads (default: one a processor)")
      .formats(false);
  return [s](Context&) -> Result<int> {
    app::DecideOptions o;
    o.at = Date::today();
    o.jobs = s->jobs;
    if (!s->at.empty()) {
      const auto at = Date::parse(s->at);
      if (!at) return usage("--at: " + at.error().what, at.error().hint);
      o.at = *at;
    }
    for (const std::string_view id : split(s->schemes, ','))
      if (!trim(id).empty()) o.schemes.emplace_back(trim(id));
    std::ifstream file;
    std::error_code error;
    if (!s->file.empty() && std::filesystem::is_directory(s->file, error))
      return fail(Error{Errc::invalid, "is a directory, a file was expected", s->file, {}, {}});
    if (!s->file.empty() && s->file != "-") {
      file.open(s->file, std::ios::binary);
      if (!file) return fail(Error{Errc::not_found, "cannot open", s->file, {}, {}});
    }
    std::ios::sync_with_stdio(false);  // else standard input says nothing of what waits in it, and is read byte by byte
    std::istream& in = file.is_open() ? static_cast<std::istream&>(file) : std::cin;
    const bool bad = ASSAY_TRY(app::decide_lines(in, o, [](std::string_view answer) { return print(answer); }));
    if (in.bad()) return fail(Error{Errc::io, "cannot be read to its end", s->file, {}, {}});
    return bad ? kInput : kDone;
  };
}

}  // namespace

extern const Command decide{
    .name = "decide",
    .title = "verdicts and held marks to conformity and recognition, a JSON object a line",
    .about =
        "No evidence is read: what a set of verdicts, and the marks a product holds, are worth under each law and "
        "label on a day. A line\n"
        "that cannot be read gives an error object in its place and exit status 3 at the end; the others are still "
        "answered.",
    .examples =
        "echo '{\"product\": \"x\", \"category\": \"camera\", \"verdicts\": {\"en303645:2.1.1:5.1-1\": \"fail\"}}' | "
        "assay decide\n"
        "assay decide products.jsonl --at 2026-11-22 --schemes uk-psti,sg-cls",
    .declare = declare,
};

}  // namespace assay::cli
