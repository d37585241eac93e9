#include "app/data_check.h"

#include <gtest/gtest.h>

#include <set>

#include "base/data.h"

namespace assay::app {
namespace {

// tests/e2e/data.sh plants one mistake of each kind; here: our own data has none.
TEST(DataCheck, OurDataIsSoundAndEveryFileIsRead) {
  const DataCheck check = check_data("data");
  for (const DataCheck::Mistake& m : check.mistakes) ADD_FAILURE() << m.loader << ": " << m.error.text();
  EXPECT_EQ(check.files, data::list("").size());
  EXPECT_GT(check.files, 100u);
  std::set<std::string_view> names;
  for (const DataCheck::Loaded& l : check.loaders) {
    EXPECT_TRUE(names.insert(l.name).second) << l.name;
    EXPECT_GT(l.files, 0u) << l.name << " reads nothing: its line in data_check.cc names no file that is there";
    EXPECT_FALSE(l.skipped) << l.name;
  }
  EXPECT_EQ(names.size(), data_loaders().size());
}

}  // namespace
}  // namespace assay::app
