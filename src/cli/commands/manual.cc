// assay manual: the manual page assay(1), made from the table of commands; installed by the package.
#include <fmt/format.h>

#include "base/text.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::string roff(std::string_view text) {
  std::string out = replace_all(std::string(text), "\\", "\\e");
  out = replace_all(std::move(out), "-", "\\-");
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

class ManualOptions final : public Options {
 public:
  std::string synopsis, list;
  Options& argument(std::string_view name, std::string&, std::string_view help, bool required) override {
    const std::string word = fmt::format("\\fI{}\\fR", roff(name));
    synopsis += required ? " " + word : " [" + word + "]";
    return item(std::string(name), help);
  }
  Options& arguments(std::string_view name, std::vector<std::string>&, std::string_view help, bool) override {
    synopsis += fmt::format(" \\fI{}\\fR...", roff(name));
    return item(std::string(name), help);
  }
  Options& text(std::string_view flag, std::string_view value, std::string&, std::string_view help,
                const std::vector<std::string>& words) override {
    return item(std::string(flag) + " " + (words.empty() ? std::string(value) : join(words, "|")), help);
  }
  Options& texts(std::string_view flag, std::string_view value, std::vector<std::string>&,
                 std::string_view help) override {
    return item(std::string(flag) + " " + std::string(value), help);
  }
  Options& number(std::string_view flag, std::string_view value, unsigned&, std::string_view help) override {
    return item(std::string(flag) + " " + std::string(value), help);
  }
  Options& flag(std::string_view flag, bool&, std::string_view help) override { return item(std::string(flag), help); }
  Options& formats(bool csv, bool several) override {
    item(csv ? "--format text|json|csv" : "--format text|json", "how results are printed");
    if (several) item("--table NAME", "which table, for csv");
    return *this;
  }

 private:
  Options& item(const std::string& name, std::string_view help) {
    list += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(name), roff(help));
    return *this;
  }
};

std::function<Result<int>(Context&)> declare(Options&) {
  return [](Context&) -> Result<int> {
    std::string out = ".TH ASSAY 1 \"\" \"assay " ASSAY_VERSION
                      "\" \"User Commands\"\n.SH NAME\nassay \\- examine connected products against the international "
                      "security baseline\n"
                      ".SH SYNOPSIS\n\\fBassay\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.SH DESCRIPTION\nExamines a "
                      "consumer connected product once against ETSI EN 303 645, assessed by ETSI TS 103 701, and says "
                      "what that one assessment is worth under "
                      "each aligned law and label. Facts lead to bytes, verdicts to facts. What nobody looked at is "
                      "never passed.\n.SH COMMANDS\n";
    for (const Command* c : commands()) {
      if (!c->listed) continue;
      ManualOptions options;
      c->declare(options);
      out += fmt::format(".SS \"assay {}\"\n\\fBassay {}\\fR{} [\\fIOPTIONS\\fR]\n.PP\n{}.\n", c->name, c->name,
                         options.synopsis, roff(c->title));
      if (!c->about.empty()) out += ".PP\n" + roff(replace_all(std::string(c->about), "\n", " ")) + "\n";
      out += options.list;
      if (!c->examples.empty()) {
        out += ".PP\nExamples:\n.nf\n";
        each_line(c->examples, [&](std::string_view line, std::size_t) { out += "    " + roff(line) + "\n"; });
        out += ".fi\n";
      }
    }
    out +=
        ".SH OPTIONS FOR ALL COMMANDS\n.TP\n\\fB\\-\\-data \\fIDIR\\fR\nread laws, schemes and rules from DIR instead "
        "of those built in\n.TP\n\\fB\\-q\\fR, \\fB\\-\\-quiet\\fR\nprint nothing but results and "
        "errors\n.TP\n\\fB\\-\\-help\\fR, "
        "\\fB\\-\\-version\\fR\n.SH EXIT STATUS\n.TP\n0\ndone, whatever the verdicts are\n.TP\n1\ndone, and "
        "\\-\\-fail\\-on was met; or lint refused\n.TP\n2\nwrong usage\n.TP\n3\nan input could not be read or is "
        "invalid\n.TP\n4\nan error of "
        "assay itself\n.SH ENVIRONMENT\n.TP\nNO_COLOR\nno colour, also on a terminal\n.TP\nSOURCE_DATE_EPOCH\nthe time "
        "that counts as today\n.TP\nTMPDIR\nwhere large parts are put aside while they are looked at\n";
    ASSAY_TRY(print(out));
    return kDone;
  };
}

}  // namespace

extern const Command manual{
    .name = "manual",
    .title = "the manual page",
    .about = "",
    .examples = "assay manual | man -l -",
    .declare = declare,
    .listed = false,
};

}  // namespace assay::cli
