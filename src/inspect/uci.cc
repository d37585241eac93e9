#include "inspect/uci.h"

#include "base/text.h"
#include "inspect/shell.h"

namespace assay::inspect {

std::string_view UciSection::get(std::string_view option) const {
  for (auto o = options.rbegin(); o != options.rend(); ++o)
    if (o->name == option) return o->value;
  return {};
}

std::vector<UciSection> read_uci(std::string_view text) {
  std::vector<UciSection> out;
  each_line(text, [&](std::string_view line, std::size_t at) {
    std::vector<std::string> fields;  // quotes as in a shell; '#' begins a comment
    for (const Command& c : read_shell(line)) fields.insert(fields.end(), c.words.begin(), c.words.end());
    if (fields.size() >= 2 && fields[0] == "config") {
      out.push_back({fields[1], fields.size() > 2 ? fields[2] : std::string(), at, {}});
    } else if (fields.size() >= 3 && (fields[0] == "option" || fields[0] == "list") && !out.empty() &&
               out.back().options.size() < 1000) {
      out.back().options.push_back({fields[1], fields[2], at, line.size()});
    }
  });
  return out;
}

}  // namespace assay::inspect
