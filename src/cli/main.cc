// The command line: reads options (CLI11, only here: it costs seconds of compiling a file), runs a command, turns
// errors into messages and exit statuses.
#include <fcntl.h>
#include <unistd.h>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/data.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

class CliOptions final : public Options {
 public:
  CliOptions(::CLI::App& app, std::string& format, std::string& table) : app_(app), format_(format), table_(table) {}
  Options& argument(std::string_view name, std::string& target, std::string_view help, bool required) override {
    auto* o = app_.add_option(std::string(name), target, std::string(help));
    if (required) o->required();
    return *this;
  }
  Options& arguments(std::string_view name, std::vector<std::string>& target, std::string_view help,
                     bool required) override {
    auto* o = app_.add_option(std::string(name), target, std::string(help));
    if (required) o->required();
    return *this;
  }
  Options& text(std::string_view flag, std::string_view value, std::string& target, std::string_view help,
                const std::vector<std::string>& words) override {
    auto* o = app_.add_option(std::string(flag), target, std::string(help))->type_name(std::string(value));
    if (!words.empty()) o->check(::CLI::IsMember(words));
    return *this;
  }
  Options& texts(std::string_view flag, std::string_view value, std::vector<std::string>& target,
                 std::string_view help) override {
    app_.add_option(std::string(flag), target, std::string(help))
        ->type_name(std::string(value))
        ->allow_extra_args(false);
    return *this;
  }
  Options& number(std::string_view flag, std::string_view value, unsigned& target, std::string_view help) override {
    app_.add_option(std::string(flag), target, std::string(help))->type_name(std::string(value));
    return *this;
  }
  Options& flag(std::string_view flag, bool& target, std::string_view help) override {
    app_.add_flag(std::string(flag), target, std::string(help));
    return *this;
  }
  Options& formats(bool csv, bool several_tables) override {
    std::vector<std::string> words = {"text", "json"};
    if (csv) words.push_back("csv");
    app_.add_option("--format", format_, "how results are printed")
        ->type_name(join(words, "|"))
        ->check(::CLI::IsMember(words));
    if (several_tables) app_.add_option("--table", table_, "which table, for csv")->type_name("NAME");
    return *this;
  }

 private:
  ::CLI::App& app_;
  std::string& format_;
  std::string& table_;
};

// A file that is opened while one of the three is closed would get its number, and messages would go into it. What is
// opened here the wrong way round gives an error to whoever uses it.
void keep_standard_files() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) std::_Exit(4);
}

int status_of(const Error& error) { return error.code == Errc::internal ? kInternal : kInput; }

std::string examples_of(const Command& c) {
  std::string out;
  if (!c.about.empty()) out += std::string(c.about) + "\n";
  if (!c.examples.empty()) {
    if (!out.empty()) out += "\n";
    out += "Examples:\n";
    each_line(c.examples, [&](std::string_view line, std::size_t) { out += "  " + std::string(line) + "\n"; });
  }
  return out;
}

bool utf8_locale() {
  const char* set = std::setlocale(LC_CTYPE, "");
  const bool utf8 = set && std::string_view(set) != "C" && std::string_view(set) != "POSIX" &&
                    lower(set).find("utf") != std::string::npos;
  std::setlocale(LC_CTYPE, "C.UTF-8");  // one locale for every run, whatever the caller has
  return utf8;
}

int run(int argc, char** argv) {
  ::CLI::App app(
      "assay: assay once, be recognised everywhere.\nExamines consumer connected products against the international "
      "security baseline.",
      "assay");
  app.set_version_flag(
      "--version", [] { return fmt::format("assay {} (data {})", ASSAY_VERSION, data::version()); },
      "print the version");
  app.set_help_all_flag("--help-all", "help for every command");
  app.require_subcommand(0, 1);
  app.fallthrough();
  std::string data_directory;
  bool quiet = false;
  app.add_option("--data", data_directory, "read laws, schemes and rules from DIR instead of those built in")
      ->type_name("DIR");
  app.add_flag("--quiet,-q", quiet, "print nothing but results and errors");
  app.footer(
      "Try: assay scan firmware.bin\n     assay assess examples/doorbell --firmware v1\nassay COMMAND --help shows "
      "options and examples.");

  std::string format = "text", table;
  std::vector<std::pair<::CLI::App*, std::function<Result<int>(Context&)>>> declared;
  for (const Command* c : commands()) {
    ::CLI::App* sub = app.add_subcommand(std::string(c->name), std::string(c->title));
    if (!c->listed) sub->group("");
    sub->footer(examples_of(*c));
    CliOptions options(*sub, format, table);
    declared.emplace_back(sub, c->declare(options));
  }

  try {
    app.parse(argc, argv);
  } catch (const ::CLI::ParseError& e) {
    const int status = app.exit(e);
    return status == 0 ? kDone : kUsage;
  }
  if (!data_directory.empty()) {
    if (const auto used = data::use_directory(data_directory); !used) {
      show(used.error());
      return kInput;
    }
  }

  Context context;
  context.format = format == "json" ? Format::json : format == "csv" ? Format::csv : Format::text;
  context.table = table;
  context.quiet = quiet;
  const char* term = std::getenv("TERM");
  const char* no_colour = std::getenv("NO_COLOR");
  context.colour = ::isatty(STDOUT_FILENO) && !(no_colour && *no_colour) && !(term && std::string_view(term) == "dumb");
  context.terminal_error = ::isatty(STDERR_FILENO) && !quiet && !(term && std::string_view(term) == "dumb");
  context.unicode = utf8_locale();
  for (int i = 0; i < argc; ++i) context.command_line += (i ? " " : "") + std::string(i ? argv[i] : "assay");

  for (auto& [sub, action] : declared) {
    if (!sub->parsed()) continue;
    const Result<int> status = action(context);
    context.progress("");
    if (!status) {
      show(status.error());
      return status.error().code == Errc::invalid && status.error().where == "usage" ? kUsage
                                                                                     : status_of(status.error());
    }
    return *status;
  }
  std::fputs(app.help().c_str(), stdout);
  return argc > 1 ? kUsage : kDone;
}

}  // namespace
}  // namespace assay::cli

int main(int argc, char** argv) {
  assay::cli::keep_standard_files();
  ::setenv("TZ", "UTC0", 1);  // no answer depends on where the machine stands: SQLite's 'localtime' is UTC
  for (const int s : {SIGPIPE, SIGXFSZ}) std::signal(s, SIG_IGN);  // a write that fails says so
  try {
    return assay::cli::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "assay: %s\nThis is a fault of ours, please report it.\n", assay::printable(e.what()).c_str());
    return assay::cli::kInternal;
  }
}
