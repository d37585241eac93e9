// The crosswalk: how requirements of standards, laws, labels and codes relate. Read once from data/crosswalk/, the
// `carry` of data/schemes/ and the pairs of editions; a relation stands in one place only. docs/crosswalk.md describes
// the files. Everything lives as long as the process.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"
#include "base/result.h"
#include "model/requirement.h"

namespace assay::crosswalk {

// `from` (several: all together) against `to`. The edition of EN 303 645 is part of its ids.
struct Link {
  std::vector<std::string> from;  // "en303645:3.1.3:5.1-1", sorted
  std::string to;                 // "nistir8425:IAC.1"
  Relation relation = Relation::overlaps;
  bool whole = false;    // `to` is a whole and `from` are all its parts
  bool yields = false;   // speaks of whole paragraphs: finer relations decide where they say more
  int strength = 0;      // 1 to 10: how much of `to` is settled by `from`, our judgement; 0: not said
  std::string residual;  // what `to` asks beyond, in our words; empty: not spelled out
  std::string note;
  Backing backing;
  std::string where;  // "data/crosswalk/nistir8425.yaml:9:3"
};

struct Item {  // a requirement
  std::string id;
  std::string title;  // our own words
};

struct Standard {
  std::string id;       // "nistir8425", "en303645:2.1.1", "uk-psti"
  std::string title;    // "NIST IR 8425"
  std::string edition;  // "2022-09"; empty: not known
  std::vector<Item> items;
};

struct Gap {  // a remark on what one standard asks that another does not
  std::string from, to, text;
  Backing backing;
};
struct Unmatched {  // a requirement for which a counterpart was looked for and not found
  std::string id, standard, note;
  Confidence confidence = Confidence::low;
};

struct Crosswalk {
  std::vector<Standard> standards;  // by id
  std::vector<Link> links;          // by from, then to
  std::vector<Gap> gaps;
  std::vector<Unmatched> unmatched;

  const Standard* standard(std::string_view id) const;
  const Item* item(std::string_view id) const;  // a requirement by its full id
  // The links in which this id stands on either side, in their order.
  std::vector<const Link*> about(std::string_view id) const;
};

// The error names file, line and column: an unknown id, a relation that stands twice, editions that contradict each
// other, a missing source.
Result<const Crosswalk*> load();
// The same from other files: `file` gives the tree of one, by its name below data/.
Result<Crosswalk> read_crosswalk(const std::function<Result<const Node*>(const std::string& name)>& file);

// "en303645:2.1.1" of "en303645:2.1.1:5.3-8", "uk-psti" of "uk-psti:S1P1.2".
std::string_view standard_of(std::string_view id);
// "5.3-8", "S1P1.2".
std::string_view number_of(std::string_view id);

}  // namespace assay::crosswalk
