#include "intake/lint.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/text.h"

namespace assay::intake {
namespace {

TEST(Lint, TheExampleIsClean) {
  const auto problems = lint(std::filesystem::path(ASSAY_SOURCE_DIR) / "examples/doorbell");
  ASSERT_TRUE(problems.has_value()) << problems.error().text();
  for (const Problem& p : *problems) ADD_FAILURE() << show(p, "examples/doorbell");
}

}  // namespace
}  // namespace assay::intake
