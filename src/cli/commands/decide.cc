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
  };
  auto s = std::make_shared<State>();
  options.argument("FILE", s->file, "JSON lines (default: standard input)", false)
      .text("--at", "DATE", s->at, "the day, for lines that do not say one (default: today)")
      .text("--schemes", "LIST", s->schemes, "only these schemes, comma-separated")
      .formats(false);
  return [s](Context&) -> Result<int> {
    app::DecideOptions o;
    o.at = Date::today();
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
    std::istream& in = file.is_open() ? static_cast<std::istream&>(file) : std::cin;
    app::LineDecider decider(std::move(o));
    bool bad = false;
    while (const auto line = app::read_line(in)) {
      const app::DecidedLine out = ASSAY_TRY(decider.decide(*line));
      if (out.text.empty()) continue;
      bad = bad || out.error;
      ASSAY_TRY(print(out.text + "\n"));
    }
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
