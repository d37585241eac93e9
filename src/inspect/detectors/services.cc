// Services: what the tree starts, with what and as whom (startup.h).
#include "base/text.h"
#include "inspect/detector.h"
#include "inspect/startup.h"

namespace assay::inspect {
namespace {

constexpr std::string_view kTables[] = {"service"};

// Programs that start as root and go on as the user their configuration names.
struct Drops {
  std::string_view program, option, config;  // the option that names the file, and where it is without
  std::string_view key;
  char between;  // key and user: '=', or ' ' for white space
};
constexpr Drops kDrops[] = {
    {"lighttpd", "-f", "etc/lighttpd/lighttpd.conf", "server.username", '='},
    {"nginx", "-c", "etc/nginx/nginx.conf", "user", ' '},
    {"mosquitto", "-c", "etc/mosquitto/mosquitto.conf", "user", ' '},
    {"dnsmasq", "-C", "etc/dnsmasq.conf", "user", '='},
};

// The value of the last line "key = value" or "key value;", without quotes; the last one counts in all four.
std::string last_value(std::string_view text, std::string_view key, char between) {
  std::string value;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (!line.starts_with(key)) continue;
    line.remove_prefix(key.size());
    if (between == ' ' && (line.empty() || (line.front() != ' ' && line.front() != '\t'))) continue;
    line = trim(line);
    if (between == '=') {
      if (!line.starts_with('=')) continue;
      line = trim(line.substr(1));
    }
    line = line.substr(0, line.find_first_of(";#"));
    line = trim(line);
    if (line.size() >= 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
    value = std::string(line.substr(0, line.find_first_of(" \t")));
  }
  return value;
}

// Whom a service runs as: as whom it is started, or the user it changes to by its configuration.
std::string runs_as(const Tree& tree, const Started& service) {
  if (service.user != "root") return service.user;
  for (const Drops& d : kDrops) {
    if (service.name != d.program) continue;
    std::string config(d.config);
    for (std::size_t i = 0; i + 1 < service.words.size(); ++i)
      if (service.words[i] == d.option) config = service.words[i + 1];
    while (config.starts_with('/')) config.erase(0, 1);
    const TreeFile* file = tree.resolve(config);
    if (file == nullptr || !file->kept) continue;
    const std::string user = last_value(file->content, d.key, d.between);
    if (!user.empty()) return user;
  }
  return service.user;
}

void tree(const Tree& t, Facts& out) {
  for (const Started& s : find_started(t)) {
    Fact& fact = out.add("service", t.place_of(s.in))
                     .set("name", clean_utf8(s.name))
                     .set("started_by", s.by)
                     .set("user", clean_utf8(runs_as(t, s)))
                     .set("enabled", s.enabled)
                     .set("started_in", "/" + s.in);
    if (!s.path.empty()) fact.set("path", clean_utf8(s.path));
    if (!s.words.empty()) fact.set("arguments", clean_utf8(join(s.words, " ")));
    fact.confidence = s.found ? "high" : "medium";
    fact.at = s.at;
    if (const TreeFile* file = t.find(s.in); file && file->kept && s.size > 0)
      fact.excerpt = make_excerpt(as_bytes(file->content), s.at, s.size, "starts " + clean_utf8(s.name));
  }
}

}  // namespace

extern constinit const Detector services{
    .name = "services",
    .version = 2,
    .title = "what starts at boot, by inittab, init scripts, systemd, inetd and cron",
    .tables = kTables,
    .tree = tree,
};

}  // namespace assay::inspect
