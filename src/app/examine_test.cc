#include "app/examine.h"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <unistd.h>
#include <csignal>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "app/extract.h"
#include "app/frames.h"
#include "app/received.h"
#include "base/file.h"
#include "base/json.h"

namespace assay::app {
namespace {

namespace fs = std::filesystem;

class Examine : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(dir_);
    write("image", cpio({{"etc/passwd", "root:x:0:0:root:/root:/bin/ash\n"},
                         {"etc/shadow", "root::0:0:99999:7:::\n"},
                         {"etc/inittab", "::respawn:/usr/sbin/telnetd -F\n"},
                         {"bin/tool", std::string(100, '\1')}}));
  }
  void TearDown() override { fs::remove_all(dir_); }
  void write(const std::string& name, const std::string& content) const {
    ASSERT_TRUE(write_file(dir_ / name, content).has_value());
  }

  // cpio, "newc": a header of 13 numbers of 8 hexadecimal digits, name and content filled up to 4 bytes.
  static std::string cpio(std::vector<std::pair<std::string, std::string>> files) {
    std::string out;
    files.emplace_back("TRAILER!!!", "");
    for (const auto& [name, content] : files) {
      out += fmt::format("070701{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}", 1,
                         0100644, 0, 0, 1, 0, content.size(), 0, 0, 0, 0, name.size() + 1, 0);
      out += name + '\0';
      while (out.size() % 4) out += '\0';
      out += content;
      while (out.size() % 4) out += '\0';
    }
    return out;
  }

  struct Seen {
    Examined examined;
    evidence::Evidence evidence;
    std::string json;
  };
  Seen examine(const ExamineOptions& options, const std::string& name = "image") const {
    Seen seen;
    auto done = examine_firmware(dir_ / name, options, seen.evidence);
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().text());
    if (done) seen.examined = *done;
    seen.evidence.finish();
    JsonWriter w;
    w.object();
    seen.evidence.write_json(w);
    w.end_object();
    seen.json = w.take();
    return seen;
  }
  static std::vector<std::string> gaps(const Seen& seen) {
    std::vector<std::string> out;
    for (const auto& row : seen.evidence.rows("unexamined")) {
      const auto text = [&](std::string_view c) { return evidence::Evidence::text("unexamined", row, c); };
      out.push_back(text("place") + " | " + text("tbl") + " | " + text("examiner") + " | " + text("reason"));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  static std::size_t complete(const Seen& seen) {
    std::size_t n = 0;
    for (const auto& row : seen.evidence.rows("examined"))
      n += evidence::Evidence::text("examined", row, "complete") == "1";
    return n;
  }
  static bool has_user(const Seen& seen) {
    for (const auto& row : seen.evidence.rows("account"))
      if (evidence::Evidence::text("account", row, "user") == "root") return true;
    return false;
  }

  const fs::path dir_ = fs::temp_directory_path() / fmt::format("assay-examine-{}", ::getpid());
};

void die_at(const Step& step, std::string_view place_end, std::string_view examiner) {
  if (step.place.ends_with(place_end) && step.examiner.starts_with(examiner)) std::raise(SIGSEGV);
}

TEST_F(Examine, NothingIsLeftOutOfASoundImage) {
  const Seen one = examine({.jobs = 1}), two = examine({.jobs = 2}), open = examine({.jobs = 1, .sandbox = false});
  EXPECT_EQ(gaps(one), std::vector<std::string>{});
  EXPECT_EQ(complete(one), firmware_looks().size());
  EXPECT_TRUE(has_user(one));
  EXPECT_EQ(one.json, two.json);
  EXPECT_EQ(one.json, open.json);
}

TEST_F(Examine, ACrashCostsThePartItHappenedAt) {
  struct Case {
    const char* place;
    const char* examiner;
    std::vector<std::string> gaps;
    bool user;
    std::size_t files;
  };
  const std::string segv = "the examiner was ended by signal 11 (Segmentation fault) here";
  const std::vector<Case> cases = {
      // One detector on one file: its tables have a gap there, everything else is as it was.
      {"/bin/tool", "binaries/", {"cpio > /bin/tool | binary | binaries/1 | " + segv}, true, 4},
      // One detector on the whole tree.
      {"cpio",
       "accounts/",
       {"cpio | account | accounts/1 | " + segv, "cpio | secret | accounts/1 | " + segv},
       false,
       4},
      // What every detector stands on: the file has its row, without digest or kind.
      {"/etc/inittab", "unpack/", {"cpio > /etc/inittab |  | unpack/1 | " + segv}, true, 4},
  };
  for (const Case& c : cases) {
    const Seen seen = examine({.jobs = 1, .watch = [&](const Step& s) { die_at(s, c.place, c.examiner); }});
    EXPECT_EQ(gaps(seen), c.gaps) << c.place;
    EXPECT_EQ(has_user(seen), c.user) << c.place;
    EXPECT_EQ(seen.evidence.rows("file").size(), c.files) << c.place;
    EXPECT_EQ(complete(seen), firmware_looks().size()) << c.place;
    EXPECT_EQ(seen.examined.remarks.size(), 1u);
    // The same for any number of threads, where the worker of several dies too.
    const Seen two = examine({.jobs = 2, .watch = [&](const Step& s) { die_at(s, c.place, c.examiner); }});
    if (!two.examined.remarks.empty()) {
      EXPECT_EQ(seen.json, two.json) << c.place;
    }
  }
}

TEST_F(Examine, ACrashInAContainerCostsTheEntryItHappenedAt) {
  struct Case {
    const char* place;  // of the step: what the container lies in while it is measured, itself while it is unpacked
    std::uint64_t handed;
    std::size_t files;
    std::string gap;
  };
  const std::string segv = "the examiner was ended by signal 11 (Segmentation fault) here";
  const Case cases[] = {
      {"image", 0, 3, "image |  | unpack/1 | cpio at 0x0: " + segv},
      {"cpio", 0, 3, "cpio |  | unpack/1 | cpio at 0x0: " + segv},
      {"cpio", 2, 4, "cpio |  | unpack/1 | cpio at 0x0 behind 2 entries: " + segv},
  };
  for (const Case& c : cases) {
    std::string json;
    for (const unsigned jobs : {1u, 2u}) {
      const Seen seen = examine({.jobs = jobs, .watch = [&](const Step& s) {
                                   if (s.what == "cpio" && s.at == 0 && s.place == c.place && s.handed == c.handed)
                                     std::raise(SIGSEGV);
                                 }});
      EXPECT_EQ(seen.evidence.rows("file").size(), c.files);
      const std::vector<std::string> all = gaps(seen);
      EXPECT_EQ(std::count(all.begin(), all.end(), c.gap), 1) << testing::PrintToString(all);
      if (jobs == 1)
        json = seen.json;
      else
        EXPECT_EQ(json, seen.json);
    }
  }
}

TEST_F(Examine, SeveralCrashesCostSeveralParts) {
  const Seen seen = examine({.jobs = 1, .watch = [](const Step& s) {
                               die_at(s, "/bin/tool", "binaries/");
                               die_at(s, "/etc/passwd", "components/");
                               die_at(s, "cpio", "services/");
                             }});
  EXPECT_EQ(seen.examined.remarks.size(), 3u);
  EXPECT_TRUE(has_user(seen));
  EXPECT_EQ(complete(seen), firmware_looks().size());
}

TEST_F(Examine, CrashesWithoutEndEnd) {
  const Seen seen = examine({.jobs = 1, .watch = [](const Step& s) {
                               if (s.what.empty()) std::raise(SIGSEGV);
                             }});
  EXPECT_EQ(complete(seen), 0u);
  bool told = false;
  for (const std::string& g : gaps(seen)) told = told || g.starts_with(" |  | unpack/1 | the examiner was ended by");
  EXPECT_TRUE(told);
}

TEST_F(Examine, AStuckWorkerIsStoppedAndLeftBehind) {
  const Seen seen = examine({.jobs = 1, .stuck_seconds = 1, .watch = [](const Step& s) {
                               if (s.place.ends_with("/bin/tool") && s.examiner.starts_with("binaries/"))
                                 std::this_thread::sleep_for(std::chrono::seconds(30));
                             }});
  ASSERT_EQ(gaps(seen).size(), 1u);
  EXPECT_EQ(gaps(seen)[0],
            "cpio > /bin/tool | binary | binaries/1 | the examiner did not answer for 1 s and was stopped here");
}

TEST_F(Examine, AFileIsLaidOutOnceThoughItsExaminerCrashed) {
  const auto watch = [](const Step& s) { die_at(s, "/bin/tool", "binaries/"); };
  const Seen seen = examine({.jobs = 1, .extract = dir_ / "tree", .watch = watch});
  EXPECT_EQ(seen.examined.remarks.size(), 1u);
  EXPECT_TRUE(fs::exists(dir_ / "tree/000-cpio/bin/tool"));
  const auto manifest = read_file(dir_ / "tree/manifest.jsonl", 1 << 20);
  ASSERT_TRUE(manifest.has_value());
  EXPECT_EQ(std::count(manifest->begin(), manifest->end(), '\n'), 4);
}

TEST_F(Examine, WhatIsToldOfOneImageIsBounded) {
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 2000; ++i) files.emplace_back(fmt::format("etc/{}", i), "x");
  write("many", cpio(files));
  std::string json;
  for (const unsigned jobs : {1u, 2u}) {
    const Seen seen = examine({.jobs = jobs, .ceiling = {.rows = 100, .bytes = 1 << 20}}, "many");
    EXPECT_EQ(complete(seen), 0u);
    bool told = false;
    for (const std::string& g : gaps(seen)) told = told || g.find("more in it than is told") != std::string::npos;
    EXPECT_TRUE(told) << jobs << testing::PrintToString(gaps(seen));
    EXPECT_EQ(seen.evidence.rows("file").size(), 100u);
    if (jobs > 1) {
      EXPECT_EQ(json, seen.json);
    }
    json = seen.json;
  }
}

TEST_F(Examine, AFileThatIsWrittenToMeanwhileIsAnError) {
  struct Case {
    const char* what;
    std::function<void(const fs::path&)> change;
  };
  const Case cases[] = {
      {"cut", [](const fs::path& p) { fs::resize_file(p, 100); }},
      {"emptied", [](const fs::path& p) { fs::resize_file(p, 0); }},
      {"grown", [](const fs::path& p) { fs::resize_file(p, fs::file_size(p) + 1); }},
      {"replaced", [](const fs::path& p) { ASSERT_TRUE(write_file(p, "another").has_value()); }},
      {"gone", [](const fs::path& p) { fs::remove(p); }},
  };
  std::string image = cpio({{"etc/passwd", "root:x:0:0:root:/root:/bin/ash\n"}});
  for (int i = 0; i < (8 << 20); ++i) image += static_cast<char>(i * 7 + i / 251);
  for (const Case& c : cases) {
    write("image", image);
    bool done = false;
    ExamineOptions options;
    options.progress = [&](const std::string&) {
      if (!std::exchange(done, true)) c.change(dir_ / "image");
    };
    evidence::Evidence evidence;
    const auto result = examine_firmware(dir_ / "image", options, evidence);
    ASSERT_FALSE(result.has_value()) << c.what;
    EXPECT_EQ(result.error().code, Errc::io) << c.what;
    EXPECT_EQ(result.error().where, (dir_ / "image").string());
    EXPECT_TRUE(evidence.rows("artefact").empty());
  }
}

TEST_F(Examine, TheSameBytesStandInTheResultsOnce) {
  write("copy", *read_file(dir_ / "image", 1 << 20));
  evidence::Evidence evidence;
  ASSERT_TRUE(examine_firmware(dir_ / "image", {}, evidence).has_value());
  const auto again = examine_firmware(dir_ / "copy", {}, evidence);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->remarks.size(), 1u);
  evidence.finish();
  EXPECT_EQ(evidence.rows("artefact").size(), 1u);
  EXPECT_EQ(evidence.rows("file").size(), 4u);
}

// What a worker that was taken over may send.
TEST(Taken, RowsAndBytesHaveACeiling) {
  Fact f;
  f.table = "account";
  f.set("user", "x");
  const std::string fact = FramePut().fact(f).bytes();
  Received rows({.rows = 100, .bytes = 1 << 20}, {}, 1000, nullptr);
  for (int i = 0; i < 150; ++i) ASSERT_TRUE(rows.take(kFact, as_bytes(fact)).has_value()) << i;
  EXPECT_EQ(rows.take(kFact, as_bytes(fact)).error().code, Errc::limit);

  const std::string gap = FramePut().text("").text("account").text("x/1").text(std::string(1000, 'x')).bytes();
  Received bytes({.rows = 1000, .bytes = 10'000}, {}, 1000, nullptr);
  int taken = 0;
  while (bytes.take(kUnexamined, as_bytes(gap)) && taken < 1000) ++taken;
  EXPECT_LT(taken, 16);
  EXPECT_GT(taken, 10);

  Received laid({}, {.bytes = 1000, .files = 10, .depth = 2}, 100, nullptr);
  const std::string piece(100, 'x');
  taken = 0;
  while (laid.take(kExtractData, as_bytes(piece)) && taken < 1000) ++taken;
  EXPECT_EQ(taken, 13);  // the budget, and the image once a level
}

TEST(Taken, RowsThatNobodySendsAreRefused) {
  struct Case {
    const char* what;
    std::uint8_t kind;
    std::string payload;
  };
  const auto fact = [](std::string_view table, std::string_view column) {
    Fact f;
    f.table = table;
    f.set(column, "x");
    return FramePut().fact(f).bytes();
  };
  const Case cases[] = {
      {"no such table", kFact, fact("nothing", "user")},
      {"a table that is not of facts", kFact, fact("examined", "complete")},
      {"no such column", kFact, fact("account", "nothing")},
      {"an id of its own", kFact, fact("account", "id")},
      {"another artefact", kFact, fact("account", "artefact")},
      {"another source", kFact, fact("account", "source")},
      {"a gap in no table", kUnexamined, FramePut().text("").text("nothing").text("").text("").bytes()},
      {"a part before its parent", kNode,
       FramePut().number(2).text("").text("").text("").number(0).number(0).text("").text("").bytes()},
      {"a ledger row of no part", kLedger, FramePut().number(1).number(0).number(0).text("").text("").text("").bytes()},
      {"no known kind", 99, ""},
      {"nothing", kFact, ""},
      {"half a summary", kSummary, FramePut().number(1).bytes()},
  };
  for (const Case& c : cases) {
    Received got({}, {}, 1000, nullptr);
    const auto taken = got.take(c.kind, as_bytes(c.payload));
    ASSERT_FALSE(taken.has_value()) << c.what;
  }
}

}  // namespace
}  // namespace assay::app
