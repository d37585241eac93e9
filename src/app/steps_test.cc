#include "app/steps.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "app/init.h"
#include "base/file.h"
#include "base/text.h"

namespace assay::app {
namespace {

namespace fs = std::filesystem;

class Steps : public testing::Test {
 protected:
  Steps() {
    std::string name = (fs::temp_directory_path() / "assay-steps-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Steps() override { fs::remove_all(path_); }

  Begun begin(const std::string& name) {
    InitOptions o;
    o.dossier = path_ / name;
    o.template_id = name;
    o.markets = {"GB", "SG"};
    o.at = *Date::parse("2026-11-24");
    auto begun = init(o, {});
    EXPECT_TRUE(begun) << begun.error().text();
    return begun ? *begun : Begun();
  }
  // Confirms everything in the files that a step names, and says something for each gap.
  void take(const FirstStep& step, const std::string& name) {
    for (const std::string& file : step.files) {
      const fs::path at = path_ / name / file;
      std::string text = *read_file(at, 1 << 20), out;
      each_line(text, [&](std::string_view line, std::size_t) {
        if (trim(line) == "confirmed: no") return;
        std::string l(line);
        const bool image = l.starts_with("firmware: TODO");
        if (const std::size_t todo = l.find(": TODO"); todo != std::string::npos && (!image || step.id == "firmware"))
          l = image                      ? "firmware: [{version: 1.0.0, file: firmware/image.bin}]"
              : l.starts_with("entries") ? "entries: []"
                                         : l.substr(0, todo + 1);  // open, and no gap any more
        out += l + "\n";
      });
      EXPECT_TRUE(write_file(at, out));
    }
  }
  std::vector<FirstStep> steps(const std::string& name) {
    const auto dossier = intake::read_dossier(path_ / name);
    const auto kit = begin::kit();
    const auto out = first_steps(*dossier, **kit, {"GB", "SG"}, *Date::parse("2026-11-24"));
    EXPECT_TRUE(out) << out.error().text();
    return out ? *out : std::vector<FirstStep>();
  }

  fs::path path_;
};

TEST_F(Steps, OfATemplate) {
  const Begun begun = begin("camera");
  ASSERT_EQ(begun.steps.size(), 12u);
  EXPECT_EQ(begun.steps.front().id, "product");
  std::set<std::string> turned, seen, opened;
  std::size_t law = 0, label = 0;
  for (std::size_t i = 0; i < begun.steps.size(); ++i) {
    const FirstStep& s = begun.steps[i];
    EXPECT_TRUE(seen.insert(s.id).second) << s.id;
    EXPECT_FALSE(s.files.empty()) << s.id;
    for (const std::string& p : s.opens) EXPECT_TRUE(opened.insert(p).second) << p << " is opened twice";
    for (const std::string& level : s.turns) {
      EXPECT_TRUE(turned.insert(level).second) << level << " is turned twice";
      if (level == "uk-psti") law = i;
      if (level == "sg-cls:L2") label = i;
    }
  }
  EXPECT_TRUE(turned.contains("uk-psti"));
  EXPECT_TRUE(turned.contains("sg-cls:L1"));
  EXPECT_LT(law, label);  // the nearest first
  // The password rule of the United Kingdom needs the logins; nothing of it needs personal data.
  for (const FirstStep& s : begun.steps) {
    const auto helps = [&](const char* level) { return std::count(s.helps.begin(), s.helps.end(), level) > 0; };
    if (s.id == "login" || s.id == "users" || s.id == "firmware") {
      EXPECT_TRUE(helps("uk-psti")) << s.id;
    }
    if (s.id == "data" || s.id == "inside") {
      EXPECT_FALSE(helps("uk-psti")) << s.id;
    }
  }
}

TEST_F(Steps, WhatIsDoneIsNoStepAnyMore) {
  Begun begun = begin("plug");
  std::vector<FirstStep> left = begun.steps;
  std::size_t guard = 0;
  while (!left.empty() && ++guard < 30) {
    const FirstStep first = left.front();
    take(first, "plug");
    const std::vector<FirstStep> now = steps("plug");
    EXPECT_EQ(std::count_if(now.begin(), now.end(), [&](const FirstStep& s) { return s.id == first.id; }), 0)
        << first.id;
    EXPECT_LT(now.size(), left.size());
    // What comes next does not change its order because a step was taken.
    for (std::size_t i = 0; i < std::min(now.size(), left.size() - 1); ++i) EXPECT_EQ(now[i].id, left[i + 1].id);
    left = now;
  }
  EXPECT_TRUE(left.empty());
}

TEST_F(Steps, OfTheExampleOnlyWhatIsOpen) {
  const auto dossier = intake::read_dossier(fs::path(ASSAY_SOURCE_DIR) / "examples/doorbell");
  const auto out = first_steps(*dossier, **begin::kit(), {}, *Date::parse("2026-11-24"));
  ASSERT_TRUE(out) << out.error().text();
  EXPECT_TRUE(out->empty()) << out->front().id;
}

}  // namespace
}  // namespace assay::app
