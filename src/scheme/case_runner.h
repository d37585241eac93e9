// For the tests: one decision of tests/cases/scheme/, and data files with an edit in them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/data.h"
#include "base/file.h"
#include "base/node.h"
#include "base/text.h"
#include "scheme/decide.h"
#include "scheme/scheme.h"

namespace assay::scheme::test {

inline const Date kToday{2026, 11, 22};
inline std::filesystem::path source_dir() { return ASSAY_SOURCE_DIR; }

struct Case {
  std::string file;  // "golden.yaml"
  Node test;
  std::string name() const { return file + ": " + test["case"].text(); }
};
// All of tests/cases/scheme/, by file.
inline Result<std::vector<Case>> all_cases() {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir() / "tests/cases/scheme"))
    if (entry.path().extension() == ".yaml") files.insert(entry.path());
  std::vector<Case> out;
  for (const std::filesystem::path& file : files) {
    const std::string text = ASSAY_TRY(read_file(file, 1u << 20));
    const Node tree = ASSAY_TRY(parse_yaml(text, file.filename().string()));
    for (const Node& test : tree["cases"].items()) out.push_back({file.filename().string(), test});
  }
  return out;
}

// What does not hold of a case under a register; empty: all of it holds.
class CaseRunner {
 public:
  explicit CaseRunner(const Register& all) : all_(all) {}

  std::vector<std::string> run(const Node& test) {
    failures_.clear();
    checks_ = 0;
    keys(test, {"case", "why", "rests_on", "line", "mandatory", "conformity", "recognition", "no_recognition_to",
                "recognitions", "notes_has", "notes_lacks", "rows", "error"});
    auto input = read_decide_line(trim(test["line"].text()), 7, kToday);
    if (const Node* error = test.find("error")) {
      if (input) return {"an error was expected"};
      const std::string line = write_decide_error(7, input.error());
      const auto tree = parse_json(line, "error");
      if (!tree || (*tree)["error"]["line"].integer() != 7) fail("the error names no line: " + line);
      if (error->has("at") && (*tree)["error"]["at"].integer() != (*error)["at"].integer()) fail(line);
      if ((*tree)["error"]["what"].text().find((*error)["what"].text()) == std::string::npos) fail(line);
      return failures_;
    }
    if (!input) return {input.error().text()};
    // Every mandatory provision of an edition that the line does not name passes.
    if (const Node* edition = test.find("mandatory")) {
      const Edition* e = all_.edition(edition->text());
      if (e == nullptr) return {"no edition " + edition->text()};
      for (const std::string& id : e->mandatory)
        input->verdicts.emplace("en303645:" + e->edition + ":" + id, Verdict::pass);
    }
    const Decision decision = decide(all_, *input);
    if (!parse_json(write_decision(*input, decision), "decision")) fail("the decision is no JSON");
    conformity(test, decision);
    recognition(test, decision);
    list(test, "notes", decision.notes);
    if (checks_ == 0) fail("a case that asserts nothing");
    return failures_;
  }

 private:
  static std::string row_name(const std::string& scheme, const std::string& level) { return scheme + " " + level; }
  void fail(std::string what) { failures_.push_back(where_ + what); }
  void keys(const Node& node, std::initializer_list<std::string_view> known) {
    for (const Node::Member& m : node.members())
      if (std::find(known.begin(), known.end(), m.key) == known.end()) fail("the case has an unknown key " + m.key);
  }
  // Lists are exact, `..._has` lists want each item to be part of some text.
  void list(const Node& expected, const std::string& key, const std::vector<std::string>& got) {
    const auto has = [&](const std::string& part) {
      return std::any_of(got.begin(), got.end(),
                         [&](const std::string& text) { return text.find(part) != std::string::npos; });
    };
    if (const Node* exact = expected.find(key)) {
      ++checks_;
      if (exact->texts() != got) fail(fmt::format("{} is [{}]", key, join(got, " | ")));
    }
    for (const std::string& part : expected[key + "_has"].texts()) {
      ++checks_;
      if (!has(part)) fail(fmt::format("{} has no '{}': {}", key, part, join(got, " | ")));
    }
    for (const std::string& part : expected[key + "_lacks"].texts()) {
      ++checks_;
      if (has(part)) fail(fmt::format("{} has '{}'", key, part));
    }
  }
  void text(const Node& expected, std::string_view key, const std::string& got) {
    if (const Node* wanted = expected.find(key)) {
      ++checks_;
      if (wanted->text() != got) fail(fmt::format("{} is '{}', not '{}'", key, got, wanted->text()));
    }
  }
  void conformity(const Node& test, const Decision& decision) {
    for (const Node::Member& member : test["conformity"].members()) {
      where_ = member.key + ": ";
      const Conformity* found = nullptr;
      for (const Conformity& c : decision.conformity)
        if (row_name(c.scheme, c.level) == member.key) found = &c;
      if (member.value.text() == "absent") {
        ++checks_;
        if (found != nullptr) fail("is there");
        continue;
      }
      if (found == nullptr) {
        fail("is not there");
        continue;
      }
      const Node& e = member.value;
      keys(e, {"result", "legal_effect", "deemed_by", "valid_until", "confidence", "failed", "failed_has", "open",
               "open_has", "open_lacks", "residual", "residual_has", "residual_lacks", "why_has"});
      text(e, "result", found->result);
      text(e, "legal_effect", found->legal_effect);
      text(e, "deemed_by", found->deemed_by);
      text(e, "valid_until", found->valid_until);
      text(e, "confidence", found->confidence);
      list(e, "failed", found->failed);
      list(e, "open", found->open);
      list(e, "residual", found->residual);
      list(e, "why", found->why);
    }
    where_.clear();
  }
  void recognition(const Node& test, const Decision& decision) {
    for (const Node& e : test["recognition"].items()) {
      keys(e, {"from", "to", "effect", "by", "usable", "valid_until", "confidence", "conditions_has"});
      where_ = e["from"].text() + " to " + e["to"].text() + ": ";
      const Recognition* found = nullptr;
      for (const Recognition& r : decision.recognition)
        if (row_name(r.from_scheme, r.from_level) == e["from"].text() &&
            row_name(r.to_scheme, r.to_level) == e["to"].text())
          found = &r;
      ++checks_;
      if (found == nullptr) {
        fail("is not there");
        continue;
      }
      text(e, "effect", found->effect);
      text(e, "by", found->by);
      text(e, "usable", found->usable);
      text(e, "valid_until", found->valid_until);
      text(e, "confidence", found->confidence);
      list(e, "conditions", found->conditions);
    }
    where_.clear();
    for (const std::string& to : test["no_recognition_to"].texts()) {
      ++checks_;
      for (const Recognition& r : decision.recognition)
        if (r.to_scheme == to && r.effect != "none") fail("recognised to " + to);
    }
    if (const Node* count = test.find("recognitions")) {
      ++checks_;
      if (static_cast<std::int64_t>(decision.recognition.size()) != count->integer())
        fail(fmt::format("{} recognitions", decision.recognition.size()));
    }
    if (const Node* rows = test.find("rows")) {
      ++checks_;
      std::vector<std::string> got;
      for (const Conformity& c : decision.conformity) got.push_back(row_name(c.scheme, c.level));
      if (rows->texts() != got) fail("rows are " + join(got, " | "));
    }
  }

  const Register& all_;
  std::vector<std::string> failures_;
  std::string where_;
  int checks_ = 0;
};

// data/ with one place of one file written otherwise.
class Edited {
 public:
  // The first place that has `from`; an Error where there is none.
  Result<void> edit(const std::string& file, const std::string& from, const std::string& to) {
    std::string& text = texts_[file];
    if (text.empty()) text = ASSAY_TRY(read_file(source_dir() / "data" / file, 4u << 20));
    const std::size_t at = text.find(from);
    if (at == std::string::npos) return assay::fail(Errc::not_found, file + " has no '" + from + "'");
    text.replace(at, from.size(), to);
    trees_[file] = std::make_unique<Node>(ASSAY_TRY(parse_yaml(text, "data/" + file)));
    return {};
  }
  // Another file beside the ones there are.
  Result<void> add(const std::string& file, const std::string& text) {
    added_.push_back(file);
    trees_[file] = std::make_unique<Node>(ASSAY_TRY(parse_yaml(text, "data/" + file)));
    return {};
  }
  void remove(const std::string& file) { removed_.insert(file); }
  Files files() const {
    return {[this](std::string_view prefix) {
              std::vector<std::string> out;
              for (const std::string& name : data::list(prefix))
                if (!removed_.contains(name)) out.push_back(name);
              for (const std::string& name : added_)
                if (name.starts_with(prefix)) out.push_back(name);
              std::sort(out.begin(), out.end());
              return out;
            },
            [this](const std::string& name) -> Result<const Node*> {
              const auto it = trees_.find(name);
              if (it == trees_.end()) return data::file(name);
              return const_cast<const Node*>(it->second.get());
            }};
  }

 private:
  std::map<std::string, std::string> texts_;
  std::map<std::string, std::unique_ptr<Node>> trees_;
  std::vector<std::string> added_;
  std::set<std::string> removed_;
};

}  // namespace assay::scheme::test
