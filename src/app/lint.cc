#include "app/lint.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "intake/lint.h"
#include "report/terminal.h"

namespace assay::app {

namespace {
constexpr std::size_t kWidth = 100;
}

Result<Linted> lint(const std::filesystem::path& directory) {
  Linted out;
  const intake::Dossier dossier = ASSAY_TRY(intake::read_dossier(directory));
  out.problems = ASSAY_TRY(intake::lint(dossier));
  for (const auto& file : dossier.files) {
    out.gaps += file->gaps.size();
    out.unconfirmed += file->unconfirmed.size();
  }
  for (const intake::Problem& p : out.problems) {
    out.errors += p.severity == intake::Severity::error ? 1 : 0;
    out.warnings += p.severity == intake::Severity::warning ? 1 : 0;
  }
  return out;
}

std::string lint_text(const Linted& linted, std::string_view directory, bool only_errors) {
  std::string out;
  for (const intake::Problem& p : linted.problems) {
    if (only_errors && p.severity != intake::Severity::error) continue;
    // Lists of open places are long; an excerpt of the file stays as it is.
    const std::string shown = intake::show(p, directory);
    const std::size_t end = std::min(shown.find('\n'), shown.size());
    out += report::columns(std::string_view(shown).substr(0, end)) > kWidth
               ? report::wrapped("", std::string_view(shown).substr(0, end), kWidth)
               : shown.substr(0, end) + "\n";
    out += shown.substr(std::min(end + 1, shown.size())) + (end + 1 < shown.size() ? "\n\n" : "\n");
  }
  if (only_errors) return out;
  const auto count = [](std::size_t n, const char* word) { return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s"); };
  if (linted.errors == 0 && linted.warnings == 0) return out + fmt::format("{}: nothing wrong.\n", directory);
  if (linted.gaps + linted.unconfirmed > 0)
    out += fmt::format(
        "{}, {}.\nSuggestions count for nothing until somebody corrects them and takes `confirmed: no` out; TODO is "
        "open.\n",
        count(linted.unconfirmed, "suggestion") + " not confirmed", count(linted.gaps, "field") + " still to be said");
  return out +
         fmt::format("{}: {}, {}.\n", directory, count(linted.errors, "error"), count(linted.warnings, "warning"));
}

std::string lint_json(const Linted& linted) {
  JsonWriter w(1);
  w.object()
      .field("errors", static_cast<std::uint64_t>(linted.errors))
      .field("warnings", static_cast<std::uint64_t>(linted.warnings))
      .field("to_say", static_cast<std::uint64_t>(linted.gaps))
      .field("to_confirm", static_cast<std::uint64_t>(linted.unconfirmed))
      .key("problems")
      .array();
  for (const intake::Problem& p : linted.problems)
    w.object(true)
        .field("severity", intake::name(p.severity))
        .field("file", p.file)
        .field("line", p.line)
        .field("column", p.column)
        .field("what", p.what)
        .field("detail", p.caret)
        .field("hint", p.hint)
        .end_object();
  w.end_array().end_object();
  return w.take() + "\n";
}

}  // namespace assay::app
