// The cases of tests/cases/inspect: a small tree, and the facts that a detector has to find in it. README.md there says
// how they look.
#include <gtest/gtest.h>

#include <set>

#include "base/node.h"
#include "inspect/detectors/testing.h"

namespace assay::inspect {
namespace {

std::filesystem::path folder() { return std::filesystem::path(ASSAY_SOURCE_DIR) / "tests" / "cases" / "inspect"; }

std::string from_hex(std::string_view hex_text) {
  std::string out;
  int half = -1;
  for (char c : hex_text) {
    const int v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (v < 0) continue;
    if (half < 0) {
      half = v;
    } else {
      out += static_cast<char>(half << 4 | v);
      half = -1;
    }
  }
  return out;
}

const Detector* detector_named(std::string_view name) {
  for (const Detector* d : detectors())
    if (d->name == name) return d;
  return nullptr;
}

Facts run(const Detector& d, const std::filesystem::path& root, const Node& links) {
  Tree tree;
  tree.place = "case";
  Facts out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::string path = std::filesystem::relative(entry.path(), root).string();
    std::string content = read_file(entry.path(), 1u << 20).value();
    if (path.size() > 4 && path.substr(path.size() - 4) == ".hex") {
      path.resize(path.size() - 4);
      content = from_hex(content);
    }
    put_file(tree, path, content);
    const TreeFile& f = tree.files[path];
    if (d.file) d.file({tree.place, path, f.entry, f.kind, as_bytes(content)}, out);
  }
  for (const Node::Member& l : links.members()) put_link(tree, l.key, l.value.text());
  if (d.tree) d.tree(tree, out);
  return out;
}

bool is(const Fact& fact, const Node& expected) {
  for (const Node::Member& m : expected.members()) {
    if (m.key == "table") {
      if (fact.table != m.value.text()) return false;
    } else if (m.key == "place") {
      if (fact.place != "case > /" + m.value.text()) return false;
    } else if (m.key == "at") {
      if (!fact.at || std::to_string(*fact.at) != m.value.text()) return false;
    } else if (m.key == "confidence") {
      if (fact.confidence != m.value.text()) return false;
    } else if (text(fact, m.key) != m.value.text()) {
      return false;
    }
  }
  return true;
}

std::string show(const Facts& facts) {
  std::string out;
  for (const Fact& f : facts.facts) {
    out += f.table + " " + f.place + " at " + std::to_string(f.at.value_or(0));
    for (const auto& v : f.values) out += " " + v.first + "=" + text(f, v.first);
    out += "\n";
  }
  return out;
}

TEST(InspectCases, FindWhatTheyAreAbout) {
  std::set<std::string_view> covered;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    if (!entry.is_directory()) continue;
    const std::string name = entry.path().filename().string();
    SCOPED_TRACE(name);
    const auto source = read_file(entry.path() / "expected.yaml", 1u << 20);
    ASSERT_TRUE(source.has_value()) << "no expected.yaml";
    const Result<Node> expected = parse_yaml(*source, name + "/expected.yaml");
    ASSERT_TRUE(expected.has_value()) << expected.error().text();
    EXPECT_TRUE(std::filesystem::exists(entry.path() / "README.md")) << "no README.md that says what the case is about";
    const Detector* d = detector_named((*expected)["detector"].text());
    ASSERT_NE(d, nullptr) << (*expected)["detector"].text();
    covered.insert(d->name);
    // A case that expects nothing proves nothing.
    ASSERT_FALSE((*expected)["facts"].items().empty()) << "expects no fact";
    ASSERT_FALSE((*expected)["rows"].members().empty()) << "expects no number of rows";
    const Facts facts = run(*d, entry.path() / "tree", (*expected)["links"]);
    for (const Node& f : (*expected)["facts"].items()) {
      ASSERT_GE(f.members().size(), 3u) << "a fact of fewer than three cells";
      const auto found = std::count_if(facts.facts.begin(), facts.facts.end(), [&](const Fact& x) { return is(x, f); });
      EXPECT_EQ(found, 1) << "expected.yaml:" << f.mark().line << " is met by " << found << " of\n" << show(facts);
    }
    for (const Node::Member& m : (*expected)["rows"].members())
      EXPECT_EQ(std::to_string(rows(facts, m.key).size()), m.value.text()) << m.key << "\n" << show(facts);
    const std::string shown = all_excerpts(facts) + show(facts);
    for (const std::string& secret : (*expected)["hidden"].texts())
      EXPECT_EQ(shown.find(secret), std::string::npos) << secret;
  }
  for (const Detector* d : detectors()) EXPECT_EQ(covered.count(d->name), 1u) << d->name << " has no case";
}

}  // namespace
}  // namespace assay::inspect
