// The two ends of a question to the crosswalk, and the answer before it is printed. Shared inside app/ by the map's
// sources.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crosswalk/crosswalk.h"
#include "crosswalk/travel.h"
#include "scheme/scheme.h"

namespace assay::app {

struct MapEnd {
  enum class Kind : unsigned char { requirement, standard, level };
  Kind kind = Kind::requirement;
  std::string id, title, edition;
  std::vector<std::string> items;        // requirements: what is held, or what is asked
  const scheme::Level* level = nullptr;  // of a level: the tree of what it asks
  const scheme::Scheme* scheme = nullptr;
};

// "nistir8425", "en303645:2.1.1:5.3-8", "sg-cls:L2", "uk-cop:3". The error names what is near. Of a level that is held
// only what each of its ways asks is known to be met; of one that is asked about every way counts.
Result<MapEnd> map_end(std::string_view word, bool held);

// What stands for one requirement of the target.
struct MapRow {
  std::string id, title;
  bool held = false;  // the target itself is among what is held
  const crosswalk::Way* way = nullptr;
  const crosswalk::Share* share = nullptr;
};
enum class MapState : unsigned char { nothing, share, evidence, pass };
MapState state_of(const MapRow& row);

struct MapAnswer {
  MapEnd from, to;
  crosswalk::Reach reach;
  std::vector<MapRow> rows;  // of `to`, in its order; rows point into `reach`
};
MapRow map_row(const crosswalk::Crosswalk& all, const MapEnd& from, const crosswalk::Reach& reach, std::string_view id);
// Of a level's tree: all parts, or the best of its ways.
MapState state_of(const scheme::Clause& clause, const crosswalk::Crosswalk& all, const MapAnswer& answer);

// Requirements of `from` that a way begins with.
std::vector<std::string> begins_with(const MapEnd& from, const crosswalk::Way& way);
// What can be asked of the map: every end that is no single requirement, by id.
std::vector<std::pair<std::string, std::string>> map_ends();

std::string map_text(const crosswalk::Crosswalk& all, const MapAnswer& answer, bool colour, bool unicode);
std::string map_json(const crosswalk::Crosswalk& all, const MapAnswer& answer);
std::string map_csv(const MapAnswer& answer);
// The edition in which a requirement stands, or empty.
std::string edition_of(const crosswalk::Crosswalk& all, std::string_view id);
std::string title_of(const crosswalk::Crosswalk& all, std::string_view id);

}  // namespace assay::app
