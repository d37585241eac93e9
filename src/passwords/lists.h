// The lists of data/passwords/ and data/credentials/, read once.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.h"

namespace assay::passwords {

struct Constant {
  std::string bytes;
  std::string about;  // "seed of ZyXEL …"; empty: a usual word of the field
};
struct NumberedList {
  std::string name;
  std::vector<std::string> words;
};

// An Error names file, line and column; call before the others, which are empty without it.
Result<void> load_lists();

const std::vector<Constant>& known_constants();
const std::vector<std::string>& known_alphabets();
const std::vector<NumberedList>& numbered_lists();
// The list of default credentials that has this password, exactly; empty: none.
std::string_view default_list(std::string_view password);
bool is_common(std::string_view password_in_small_letters);
// English words of four letters and more.
bool is_word(std::string_view small);

}  // namespace assay::passwords
