// Services: what the tree starts, with what and as whom (startup.h).
#include "base/text.h"
#include "inspect/detector.h"
#include "inspect/startup.h"

namespace assay::inspect {
namespace {

constexpr std::string_view kTables[] = {"service"};

void tree(const Tree& t, Facts& out) {
  for (const Started& s : find_started(t)) {
    Fact& fact = out.add("service", t.place_of(s.in))
                     .set("name", clean_utf8(s.name))
                     .set("started_by", s.by)
                     .set("user", clean_utf8(s.user))
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
    .version = 1,
    .title = "what starts at boot, by inittab, init scripts, systemd, inetd and cron",
    .tables = kTables,
    .tree = tree,
};

}  // namespace assay::inspect
