// One file of the register while it is read: facts with their backing, dates that fit together. Inside scheme/ only.
#pragma once

#include <set>
#include <string>

#include "base/data_file.h"
#include "scheme/scheme.h"

namespace assay::scheme {

class Reader : public DataFile {
 public:
  // `sources`: the ids that may stand behind a fact; outlives the reader.
  Reader(std::string name, const std::vector<std::string>& sources) : DataFile(std::move(name)), sources_(sources) {}

  // A fact that says something has a source, and every source is one of data/sources.yaml.
  Result<Backing> backing(const Node& node) const;
  Result<Said> said(const Node& node, std::string_view key) const;
  Result<std::optional<std::int64_t>> number(const Node& node, std::string_view key, std::int64_t least,
                                             std::int64_t most) const;
  // `from` or `since`, and `until`: the last day not before the first.
  Result<void> days(const Node& node, std::string_view from_key, std::optional<PartialDate>& from,
                    std::optional<PartialDate>& until) const;

 private:
  const std::vector<std::string>& sources_;
};

// Whether two spans of days share one; an open side reaches on for ever.
bool overlap(const std::optional<PartialDate>& from_a, const std::optional<PartialDate>& until_a,
             const std::optional<PartialDate>& from_b, const std::optional<PartialDate>& until_b);

// Needs the levels of `out`.
Result<void> read_facts(const Reader& file, const Node& node, Scheme& out);
// `steps` and `assessment` of a level.
Result<void> read_steps(const Reader& file, const Node& node, const Register& all, Level& out);
// After the schemes that it names.
Result<void> read_remarks(const Node& node, Register& all);
Result<Against> read_against(const Reader& file, const Node& node, const Scheme& scheme, const Register& all);

}  // namespace assay::scheme
