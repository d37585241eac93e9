#include "inspect/shell.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace assay::inspect {
namespace {

std::vector<std::string> lines(std::string_view script) {
  std::vector<std::string> out;
  for (const Command& c : read_shell(script))
    if (!c.words.empty()) out.push_back(join(c.words, " "));
  return out;
}
using Lines = std::vector<std::string>;

TEST(Shell, Words) {
  EXPECT_EQ(lines("echo 'a b' \"c d\" e\\ f # no\n"), (Lines{"echo a b c d e f"}));
  EXPECT_EQ(lines("telnetd -l /bin/sh &\nhttpd; dropbear -p 22 2>/dev/null >x"),
            (Lines{"telnetd -l /bin/sh", "httpd", "dropbear -p 22"}));
  EXPECT_EQ(lines("a \\\n  b\n"), (Lines{"a b"}));
  EXPECT_EQ(lines("cat <<EOF\ntelnetd\nEOF\nls"), (Lines{"cat", "ls"}));
}

TEST(Shell, Variables) {
  EXPECT_EQ(lines("PROG=/usr/sbin/dropbear\nPORT=22\n$PROG -p ${PORT} $1 ${LEVEL:-5} ${UNKNOWN} $(date)\n"),
            (Lines{"/usr/sbin/dropbear -p 22 $1 5 ${UNKNOWN} $(date)"}));
  EXPECT_EQ(lines("export A=x\necho \"$A-y\" '$A'"), (Lines{"export A=x", "echo x-y $A"}));
}

TEST(Shell, WhereACommandStands) {
  const auto all = read_shell(
      "start() {\n  telnetd\n}\nstop() {\n  killall telnetd\n}\ncase \"$1\" in\n  start)\n    httpd -p 80 &\n    ;;\n  "
      "stop|restart) kill 1;;\nesac\nls | sh\n[ -x /bin/x ] "
      "&& x -y\n");
  ASSERT_EQ(all.size(), 8u);
  EXPECT_EQ(all[0].function, "start");
  EXPECT_EQ(all[0].line, 2u);
  EXPECT_EQ(all[1].function, "stop");
  EXPECT_EQ(all[2].label, "start");
  EXPECT_TRUE(all[2].background);
  EXPECT_TRUE(all[2].conditional);
  EXPECT_EQ(all[3].label, "stop|restart");
  EXPECT_EQ(all[4].label, "");
  EXPECT_FALSE(all[4].piped);
  EXPECT_TRUE(all[5].piped);
  EXPECT_FALSE(all[6].conditional);
  EXPECT_TRUE(all[7].conditional);
  const auto braces = read_shell("a && {\n b\n}\nc\n");
  ASSERT_EQ(braces.size(), 3u);
  EXPECT_TRUE(braces[1].conditional);
  EXPECT_FALSE(braces[2].conditional);
}

TEST(Shell, OffsetsPointAtTheCommand) {
  const std::string script = "#!/bin/sh\n\n  telnetd -p 23\n";
  const auto all = read_shell(script);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(script.substr(all[0].at, all[0].size), "telnetd -p 23");
  EXPECT_EQ(all[0].line, 3u);
}

// Broken and hostile scripts end, whatever they hold.
TEST(Shell, EveryTruncationEnds) {
  const std::string script =
      "a() { case $1 in start) x \"$Y ${Z:-q} $(f `g`)\" <<E\nb\nE\n;; esac; }\nfor i in *; do z=(1 2) \\\n; done 2>&1 "
      "| sh &\n";
  for (std::size_t n = 0; n <= script.size(); ++n)
    EXPECT_LE(read_shell(std::string_view(script).substr(0, n)).size(), n + 1);
  EXPECT_LE(read_shell(std::string(100'000, '(')).size(), 1u);
  EXPECT_LE(read_shell(std::string(100'000, '{')).size(), 1u);
  std::string growing = "a=xxxxxxxxxx\n";
  for (int i = 0; i < 200; ++i) growing += "a=$a$a\n";
  growing += "echo $a";
  for (const Command& c : read_shell(growing))
    for (const std::string& w : c.words) EXPECT_LE(w.size(), 3 * 4096u);
}

}  // namespace
}  // namespace assay::inspect
