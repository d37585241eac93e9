#include "inspect/rewrite.h"

#include <array>
#include <set>

#include "base/text.h"

namespace assay::inspect {
namespace {

using std::string_view;

bool begins(string_view text, string_view start) { return text.substr(0, start.size()) == start; }
bool holds(string_view text, string_view part) { return text.find(part) != string_view::npos; }
string_view base_name(string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_start_link(string_view path) {
  const string_view name = base_name(path);
  return begins(path, "etc/rc") && holds(path, ".d/") && name.size() > 1 && name[0] == 'S';
}

// `started`: base names of the targets of start links.
bool starts_at_boot(const std::set<string_view>& started, string_view path) {
  if (path == "etc/rc.local" || path == "etc/init.d/rcS" || path == "etc/rcS" || path == "etc/preinit" ||
      path == "etc/rc.sysinit")
    return true;
  if (begins(path, "etc/uci-defaults/") || begins(path, "lib/preinit/") || is_start_link(path)) return true;
  if (!begins(path, "etc/init.d/")) return false;
  const string_view name = base_name(path);
  return started.count(name) > 0 || (name.size() > 3 && name[0] == 'S' && is_digit(name[1]) && is_digit(name[2]));
}

// Sources that differ between devices. A file of the image, a constant, a version do not.
bool differs_by_device(string_view text) {
  constexpr std::array<string_view, 12> kSources = {"urandom",         "/dev/random", "/dev/hwrng",  "getrandom",
                                                    "openssl rand",    "/dev/mtd",    "fw_printenv", "nvram get",
                                                    "/sys/class/net/", "ifconfig",    "efuse",       "/serial"};
  for (string_view s : kSources)
    if (holds(text, s)) return true;
  return false;
}

// All assignments to the variable in this script take their value from such a source, directly or through another
// variable.
bool variable_differs(string_view script, string_view variable, int depth);

bool value_differs(string_view script, string_view text, int depth) {
  if (differs_by_device(text)) return true;
  for (std::size_t at = text.find('$'); at != string_view::npos; at = text.find('$', at + 1)) {
    std::size_t from = at + 1;
    if (from < text.size() && text[from] == '{') ++from;
    std::size_t to = from;
    while (to < text.size() && (is_alnum(text[to]) || text[to] == '_')) ++to;
    if (to > from && !is_digit(text[from]) && variable_differs(script, text.substr(from, to - from), depth))
      return true;
  }
  return false;
}

bool variable_differs(string_view script, string_view variable, int depth) {
  if (depth > 3) return false;
  bool any = false, all = true;
  each_line(script, [&](string_view line, std::size_t) {
    string_view text = trim(line);
    for (string_view word : {"local ", "export "})
      if (begins(text, word)) text = trim(text.substr(word.size()));
    if (!begins(text, variable) || text.size() <= variable.size() || text[variable.size()] != '=') return;
    any = true;
    all = all && value_differs(script, text.substr(variable.size() + 1), depth + 1);
  });
  return any && all;
}

bool line_rewrites(string_view script, string_view line, string_view user) {
  const std::string named = std::string(user) + ":";
  if (const std::size_t tool = line.find("chpasswd"); tool != string_view::npos) {
    const std::size_t at = line.find(named);
    if (at == string_view::npos || at > tool) return false;
    if (at > 0 && (is_alnum(line[at - 1]) || line[at - 1] == '_')) return false;
    return value_differs(script, line.substr(at + named.size(), tool - at - named.size()), 0);
  }
  // (echo "$P"; echo "$P") | passwd root
  const std::size_t pipe = line.find("| passwd ");
  if (pipe != string_view::npos) {
    const std::vector<string_view> w = words(line.substr(pipe + 9));
    bool names = false;
    for (string_view x : w) names = names || x == user;
    return names && value_differs(script, line.substr(0, pipe), 0);
  }
  // usermod -p "$HASH" root
  if (begins(trim(line), "usermod ") && holds(line, " -p")) {
    const std::vector<string_view> w = words(line);
    return w.back() == user && value_differs(script, line, 0);
  }
  return false;
}

}  // namespace

Rewriters::Rewriters(const Tree& tree) {
  std::set<string_view> started;
  for (const auto& [path, file] : tree.files)
    if (file.entry.type == EntryType::symlink && is_start_link(path) && holds(file.entry.target, "init.d/"))
      started.insert(base_name(file.entry.target));
  for (const auto& [path, file] : tree.files) {
    if (!file.kept || (file.kind != FileKind::script && file.kind != FileKind::text) || !starts_at_boot(started, path))
      continue;
    if (holds(file.content, "passwd") || holds(file.content, "usermod")) scripts_.push_back(&file);
    if (scripts_.size() == 64) break;
  }
}

std::string Rewriters::of(string_view user) const {
  for (const TreeFile* file : scripts_) {
    const string_view script = string_view(file->content).substr(0, 65536);
    bool found = false;
    each_line(script, [&](string_view line, std::size_t) {
      if (found || line.size() > 1024 || !holds(line, user) || begins(trim(line), "#")) return;
      found = line_rewrites(script, line, user);
    });
    if (found) return file->entry.path;
  }
  return {};
}

}  // namespace assay::inspect
