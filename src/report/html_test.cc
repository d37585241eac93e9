#include "report/html.h"

#include <gtest/gtest.h>

namespace assay::report {
namespace {

TEST(Html, NothingHiddenReachesAPage) {
  Html h;
  h.add("<p>", std::string("a\xe2\x80\xae<b>\xe2\x80\x8b\x7f\xc2\x85\xef\xbb\xbf\n\xff"), "</p>");
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(h.take(), "<p>a" + r + "&lt;b&gt;" + r + r + r + r + "\n" + r + "</p>");
}

}  // namespace
}  // namespace assay::report
