// The world's guidance on consumer products: documents, and which of their sections speak to which of the 13 guidelines
// of the UK Code of Practice. From data/guidance/. Everything lives as long as the process.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/requirement.h"

namespace assay::catalogue {

struct GuidanceReference {
  int guideline = 0;    // 1 to 13
  std::string section;  // as cited; empty: the source names none
};

struct GuidanceDocument {
  std::string id, organisation, title;
  std::vector<std::string> links;  // may be dead
  std::vector<GuidanceReference> references;
};

struct Guideline {
  int number = 0;
  std::string title, words;          // own words
  std::vector<std::string> clauses;  // of EN 303 645 that carry it
  std::vector<std::string> also;     // provisions outside its clauses that its supporting text touches
  bool first = false;                // one of the three to be done first
};

// Why a guideline is the key to a provision.
struct GuidelineOfProvision {
  const Guideline* guideline = nullptr;
  bool by_clause = true;  // false: the Code's supporting text touches the provision itself
};

struct Guidance {
  std::string title, made_by, taken_from, not_taken, cleaning;
  std::size_t source_rows = 0, repeats_dropped = 0;  // before cleaning
  PartialDate as_of;
  std::vector<std::string> limits;
  Backing mapping;                       // of the references
  std::string edition;                   // of EN 303 645 that guidelines and provisions were compared in
  Backing relation;                      // of guideline to clause
  std::vector<std::string> not_in_code;  // provisions of that edition that the Code's own text does not speak of
  Confidence not_in_code_confidence = Confidence::low;
  std::vector<Guideline> guidelines;        // by number
  std::vector<GuidanceDocument> documents;  // by id

  const GuidanceDocument* document(std::string_view id) const;
  const Guideline* guideline(int number) const;
  // Those whose supporting text touches it first, then those whose clause it stands in; empty: none. `clause` as the
  // catalogue has it.
  std::vector<GuidelineOfProvision> guidelines_of(std::string_view provision, std::string_view clause) const;
  bool code_speaks_of(std::string_view provision) const;
};

Result<const Guidance*> guidance();

// What a search found in one document.
struct GuidanceHit {
  const GuidanceDocument* document = nullptr;
  std::size_t words = 0;  // how many of the words were found
  unsigned score = 0;
  std::vector<std::size_t>
      references;  // of the document, those whose section (or else guideline) has most of the words
};

// Each word is looked for in titles, organisations, sections, and our own words for the guideline and its provisions; a
// word finds what it begins, plural or not. Only documents that have the most words; best first, then by id. Words that
// hold no letter or figure are left out; no words: nothing.
Result<std::vector<GuidanceHit>> search_guidance(const Guidance& guidance, std::string_view words);

}  // namespace assay::catalogue
