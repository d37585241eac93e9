#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "app/init.h"
#include "base/text.h"
#include "cli/assess_options.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;
void on_interrupt(int) { interrupted = 1; }

// While a person is asked, an interrupt ends the question and not the program: what was answered is kept first.
class Interruptible {
 public:
  Interruptible() {
    struct sigaction action {};
    action.sa_handler = on_interrupt;  // no SA_RESTART: reading ends
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, &before_);
  }
  ~Interruptible() { ::sigaction(SIGINT, &before_, nullptr); }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  struct sigaction before_ {};
};

// A line of standard input, read by bytes so that nothing is taken that a later program should read.
app::Heard hear(std::string& line) {
  line.clear();
  while (interrupted == 0) {
    char c = 0;
    const ssize_t n = ::read(STDIN_FILENO, &c, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return line.empty() ? app::Heard::end : app::Heard::line;
    if (c == '\n') return app::Heard::line;
    if (line.size() < 4096) line += c;
  }
  return app::Heard::interrupted;
}

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string directory, markets, at, answers, template_id;
    bool resume = false, list = false;
  };
  auto s = std::make_shared<State>();
  options.argument("DIR", s->directory, "the dossier to write; it may be there and empty", false)
      .text("--answers", "FILE", s->answers, "answers from a file instead of asking; what it leaves out stays open")
      .text("--template", "NAME", s->template_id, "starting rows for a kind of product, without asking")
      .text("--markets", "LIST", s->markets, "GB,SG,… (UK is read as GB)")
      .text("--at", "DATE", s->at, "the day for which laws are asked (default: today)")
      .flag("--resume", s->resume, "go on with a dossier that is there; files that somebody changed stay as they are")
      .flag("--list", s->list, "list templates and questions")
      .formats(false);
  return [s](Context& context) -> Result<int> {
    if (s->list) {
      ASSAY_TRY(print(ASSAY_TRY(app::init_list(context.format == Format::json))));
      return kDone;
    }
    if (s->directory.empty()) return usage("DIR is missing: where the dossier shall be", "assay init mydevice");
    app::InitOptions o;
    o.dossier = s->directory;
    o.answers = s->answers;
    o.template_id = s->template_id;
    o.resume = s->resume;
    o.unicode = context.unicode;
    o.at = Date::today();
    if (!s->at.empty()) {
      const auto at = Date::parse(s->at);
      if (!at) return usage("--at: " + at.error().what, at.error().hint);
      o.at = *at;
    }
    for (const std::string_view market : split(s->markets, ','))
      if (!trim(market).empty()) o.markets.emplace_back(trim(market));
    app::Begun begun;
    {
      const Interruptible guard;
      // Questions go to standard error where the result is for a program.
      const bool aside = context.format == Format::json;
      begun = ASSAY_TRY(app::init(o, {[aside](std::string_view text) -> Result<void> {
                                        if (!aside) return print(text);
                                        std::fwrite(text.data(), 1, text.size(), stderr);
                                        return {};
                                      },
                                      hear}));
      if (begun.stopped) {
        context.note("");
        context.note(begun.answered == 0
                         ? fmt::format("Stopped before the first answer. To begin again: assay init {}", s->directory)
                         : fmt::format("Stopped after {} answer{}, kept in {}. To go on: assay init {}{}",
                                       begun.answered, begun.answered == 1 ? "" : "s", begun.kept_in.string(),
                                       s->directory, s->resume ? " --resume" : ""));
      }
    }
    if (begun.stopped) {
      if (!begun.interrupted) return kInput;
      std::signal(SIGINT, SIG_DFL);
      std::raise(SIGINT);
      return kInput;
    }
    if (context.format == Format::json)
      ASSAY_TRY(print(app::init_json(begun)));
    else if (!context.quiet)
      ASSAY_TRY(print(app::init_text(begun, o)));
    return kDone;
  };
}

}  // namespace

extern const Command init{
    .name = "init",
    .title = "begin: an interview, a dossier, and the first ten steps",
    .about =
        "Asks about a product, says which laws speak of it and why, and writes a dossier. What you answered is\n"
        "filled in; what such products usually have is suggested and marked `confirmed: no`; what nobody knows\n"
        "is TODO. Neither of these counts as a claim until you make it one. Ctrl-C keeps your answers, and the\n"
        "same command goes on.",
    .examples =
        "assay init mydevice\n"
        "assay init mycamera --template camera --markets GB,SG\n"
        "assay init myplug --template plug --answers answers.yaml\n"
        "assay init --list",
    .declare = declare,
};

}  // namespace assay::cli
