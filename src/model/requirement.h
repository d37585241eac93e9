// How requirements of laws, labels and standards relate, and how sure a fact about them is.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay {

// How a source stands to its target; always seen from the source.
enum class Relation : unsigned char {
  equal,       // pass and fail carry
  covers,      // the source asks at least as much: a pass carries
  covered_by,  // the source asks less: a fail carries
  overlaps,    // evidence only
};
inline constexpr std::array<std::pair<std::string_view, Relation>, 4> kRelations = {
    {{"equal", Relation::equal},
     {"covers", Relation::covers},
     {"covered_by", Relation::covered_by},
     {"overlaps", Relation::overlaps}}};
std::string_view name(Relation relation);
Relation reversed(Relation relation);  // seen from the target

enum class Confidence : unsigned char { none, low, medium, high };
inline constexpr std::array<std::pair<std::string_view, Confidence>, 4> kConfidences = {
    {{"none", Confidence::none}, {"low", Confidence::low}, {"medium", Confidence::medium}, {"high", Confidence::high}}};
std::string_view name(Confidence confidence);

// Where a fact comes from and how sure it is; goes with it everywhere.
struct Backing {
  Confidence confidence = Confidence::low;
  std::vector<std::string> source;  // ids of data/sources.yaml
};

}  // namespace assay
