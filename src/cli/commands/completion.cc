// assay completion SHELL: prints a completion script made from the table of commands.
#include <fmt/format.h>

#include "cli/command.h"

namespace assay::cli {
namespace {

// Collects what a command declares instead of parsing.
class Listing final : public Options {
 public:
  std::vector<std::string> flags;
  std::vector<std::pair<std::string, std::vector<std::string>>> words;
  Options& argument(std::string_view, std::string&, std::string_view, bool) override { return *this; }
  Options& arguments(std::string_view, std::vector<std::string>&, std::string_view, bool) override { return *this; }
  Options& text(std::string_view flag, std::string_view, std::string&, std::string_view,
                const std::vector<std::string>& w) override {
    flags.emplace_back(flag);
    if (!w.empty()) words.emplace_back(std::string(flag), w);
    return *this;
  }
  Options& texts(std::string_view flag, std::string_view, std::vector<std::string>&, std::string_view) override {
    flags.emplace_back(flag);
    return *this;
  }
  Options& number(std::string_view flag, std::string_view, unsigned&, std::string_view) override {
    flags.emplace_back(flag);
    return *this;
  }
  Options& flag(std::string_view flag, bool&, std::string_view) override {
    flags.emplace_back(flag);
    return *this;
  }
  Options& formats(bool csv, bool several) override {
    flags.emplace_back("--format");
    words.push_back(
        {"--format", csv ? std::vector<std::string>{"text", "json", "csv"} : std::vector<std::string>{"text", "json"}});
    if (several) flags.emplace_back("--table");
    return *this;
  }
};

std::string list_of(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

std::string bash() {
  std::string names, cases;
  for (const Command* c : commands()) {
    if (!c->listed) continue;
    names += std::string(c->name) + " ";
    Listing listing;
    c->declare(listing);
    cases += fmt::format("    {})\n", c->name);
    if (!listing.words.empty()) {
      cases += "      case \"$previous\" in\n";
      for (const auto& [flag, words] : listing.words)
        cases += fmt::format("        {}) COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return ;;\n", flag,
                             list_of(words));
      cases += "      esac\n";
    }
    cases += fmt::format("      flags=\"{} --help --quiet --data\" ;;\n", list_of(listing.flags));
  }
  return fmt::format(
      "# bash completion for assay; made by: assay completion bash\n"
      "_assay() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} flags=\"\" word "
      "command=\"\"\n"
      "  for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n"
      "    case \"$word\" in -*) ;; *) command=$word; break ;; esac\n"
      "  done\n"
      "  case \"$command\" in\n"
      "    \"\") COMPREPLY=($(compgen -W \"{}--help --version\" -- \"$current\")); return ;;\n"
      "{}"
      "  esac\n"
      "  case \"$current\" in\n"
      "    -*) COMPREPLY=($(compgen -W \"$flags\" -- \"$current\")) ;;\n"
      "    *) COMPREPLY=($(compgen -f -- \"$current\")) ;;\n"
      "  esac\n"
      "}}\n"
      "complete -o filenames -F _assay assay\n",
      names, cases);
}

std::string zsh() {
  return "#compdef assay\n# zsh completion for assay, by bash's\nautoload -U +X bashcompinit && bashcompinit\n" +
         bash();
}

std::string fish() {
  std::string out = "# fish completion for assay; made by: assay completion fish\n";
  for (const Command* c : commands()) {
    if (!c->listed) continue;
    out += fmt::format("complete -c assay -n __fish_use_subcommand -a {} -d '{}'\n", c->name, c->title);
    Listing listing;
    c->declare(listing);
    for (const std::string& flag : listing.flags) {
      std::string words;
      for (const auto& [f, w] : listing.words)
        if (f == flag) words = fmt::format(" -x -a '{}'", list_of(w));
      out += fmt::format("complete -c assay -n '__fish_seen_subcommand_from {}' -l {}{}\n", c->name, flag.substr(2),
                         words);
    }
  }
  return out;
}

std::function<Result<int>(Context&)> declare(Options& options) {
  auto shell = std::make_shared<std::string>();
  static const std::vector<std::string> kShells = {"bash", "zsh", "fish"};
  options.argument("SHELL", *shell, "bash, zsh or fish");
  return [shell](Context&) -> Result<int> {
    if (*shell == "bash")
      ASSAY_TRY(print(bash()));
    else if (*shell == "zsh")
      ASSAY_TRY(print(zsh()));
    else if (*shell == "fish")
      ASSAY_TRY(print(fish()));
    else
      return fail(
          Error{Errc::invalid, fmt::format("no completion for '{}': bash, zsh or fish", *shell), "usage", {}, {}});
    return kDone;
  };
}

}  // namespace

extern const Command completion{
    .name = "completion",
    .title = "shell completion for bash, zsh or fish",
    .about = "",
    .examples = "source <(assay completion bash)\nassay completion fish > ~/.config/fish/completions/assay.fish",
    .declare = declare,
};

}  // namespace assay::cli
