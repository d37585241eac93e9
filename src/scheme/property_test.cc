// What has to hold of every decision, whatever comes in: thousands of random inputs over all schemes, from a fixed
// seed.
#include <random>

#include <gtest/gtest.h>

#include "scheme/case_runner.h"

namespace assay::scheme::test {
namespace {

const Register& all() {
  const auto read = schemes();
  if (!read) ADD_FAILURE() << read.error().text();
  static const Register empty;
  return read ? **read : empty;
}

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {
    for (const Edition& e : all().editions)
      for (const auto* list : {&e.mandatory, &e.recommended})
        for (const std::string& id : *list) ids_.push_back("en303645:" + e.edition + ":" + id);
    for (const Scheme& s : all().schemes)
      for (const Requirement& r : s.requirements) ids_.push_back(r.id);
    ids_.insert(ids_.end(), all().elsewhere.begin(), all().elsewhere.end());
    for (const Scheme& s : all().schemes)
      for (const Level& l : s.levels) levels_.emplace_back(&s, &l);
  }
  std::size_t below(std::size_t n) { return engine_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  const std::string& id() { return ids_[below(ids_.size())]; }
  Date day() { return Date{2019, 1, 1}.plus_days(static_cast<std::int64_t>(below(4200))); }
  HeldMark mark() {
    const auto& [scheme, level] = levels_[below(levels_.size())];
    HeldMark m;
    m.scheme = scheme->id;
    m.level = level->id;
    const Date from = day();
    if (!one_in(8)) m.from = from.iso();
    if (!one_in(8)) m.until = from.plus_days(static_cast<std::int64_t>(below(1200))).iso();
    if (one_in(2))
      m.edition = one_in(3)                ? "CCC SP-151-2 v1.3"
                  : scheme->id == "sg-cls" ? "CCC SP-151-2 v1.4"
                                           : "JST-CR-01-01-2024R1";
    m.basis = one_in(4) ? "recognition" : one_in(4) ? "declaration" : "application";
    return m;
  }
  DecideInput input() {
    DecideInput in;
    in.at = day();
    if (!one_in(10)) in.category = all().categories[below(all().categories.size())].id;
    // From hardly anything to nearly everything, mostly passes.
    const std::size_t share = 1 + below(4);
    const bool good = one_in(2);
    for (const std::string& id : ids_) {
      if (!one_in(share)) continue;
      in.verdicts[id] = one_in(good ? 60 : 4) ? kVerdicts[below(kVerdicts.size())] : Verdict::pass;
    }
    for (std::size_t i = below(4); i > 0; --i) in.held.push_back(mark());
    return in;
  }

 private:
  std::mt19937 engine_;
  std::vector<std::string> ids_;
  std::vector<std::pair<const Scheme*, const Level*>> levels_;
};

int rank(std::string_view result) {
  constexpr std::string_view kOrder[] = {"does_not_conform", "undetermined", "conforms_with_residual", "conforms"};
  const auto it = std::find(std::begin(kOrder), std::end(kOrder), result);
  return it == std::end(kOrder) ? -1 : static_cast<int>(it - std::begin(kOrder));  // out_of_scope stays what it is
}
int rank_of_effect(std::string_view effect) {
  if (effect == "none") return 0;
  return effect == "application_possible" ? 1 : 2;  // met, deemed or presumed
}
bool same_mark(const HeldMark& a, const HeldMark& b) { return a.scheme == b.scheme && a.level == b.level; }

// Nothing of `after` is worse, or with `better` false nothing is better, than `before`.
void expect_order(const Decision& before, const Decision& after, bool better, const std::string& what) {
  ASSERT_EQ(before.conformity.size(), after.conformity.size());
  for (std::size_t i = 0; i < after.conformity.size(); ++i) {
    const Conformity& low = better ? before.conformity[i] : after.conformity[i];
    const Conformity& high = better ? after.conformity[i] : before.conformity[i];
    EXPECT_LE(rank(low.result), rank(high.result))
        << what << ", " << low.scheme << " " << low.level << ": " << before.conformity[i].result << " to "
        << after.conformity[i].result;
    EXPECT_LE(rank_of_effect(low.legal_effect), rank_of_effect(high.legal_effect))
        << what << ", " << low.scheme << " " << low.level;
  }
}
// What marks give, without days and words.
std::multiset<std::string> gives(const Decision& d) {
  std::multiset<std::string> out;
  for (const Recognition& r : d.recognition)
    if (r.effect != "none")
      out.insert(join({r.from_scheme, r.from_level, r.to_scheme, r.to_level, r.effect, r.by}, " "));
  return out;
}

constexpr int kRounds = 1500;

TEST(Properties, AnotherPassNeverMakesADecisionWorse) {
  Random random(1);
  for (int round = 0; round < kRounds; ++round) {
    DecideInput in = random.input();
    const Decision before = decide(all(), in);
    const std::string id = random.id();
    const auto it = in.verdicts.find(id);
    const std::string was = it == in.verdicts.end() ? "nothing" : std::string(words(it->second));
    in.verdicts[id] = Verdict::pass;
    expect_order(before, decide(all(), in), true, fmt::format("round {}, {} from {} to pass", round, id, was));
    if (HasFailure()) return;
  }
}

TEST(Properties, NotAssessedIsNothingAndNeverHelps) {
  Random random(2);
  for (int round = 0; round < kRounds; ++round) {
    DecideInput in = random.input();
    const std::string id = random.id();
    in.verdicts.erase(id);
    const Decision without = decide(all(), in);
    in.verdicts[id] = Verdict::pass;
    const Decision passed = decide(all(), in);
    in.verdicts[id] = Verdict::not_assessed;
    const Decision looked_away = decide(all(), in);
    EXPECT_TRUE(write_decision(in, without) == write_decision(in, looked_away)) << "round " << round << ", " << id;
    expect_order(passed, looked_away, false, fmt::format("round {}, {}", round, id));
    if (HasFailure()) return;
  }
}

TEST(Properties, NothingAssessedIsNothingMet) {
  Random random(3);
  for (int round = 0; round < kRounds; ++round) {
    DecideInput in = random.input();
    in.held.clear();
    for (auto& verdict : in.verdicts) verdict.second = Verdict::not_assessed;
    for (const Conformity& c : decide(all(), in).conformity) {
      EXPECT_EQ(c.legal_effect, "none") << c.scheme << " " << c.level;
      EXPECT_TRUE(c.result == "undetermined" || c.result == "out_of_scope")
          << c.scheme << " " << c.level << " " << c.result;
    }
    if (HasFailure()) return;
  }
}

TEST(Properties, AMarkOfAnotherDayNeverHelps) {
  Random random(4);
  int expired = 0, future = 0;
  for (int round = 0; round < kRounds; ++round) {
    DecideInput in = random.input();
    const Decision before = decide(all(), in);
    HeldMark mark = random.mark();
    // Where it is the mark that another rests on, it ends that one: less, never more.
    if (random.one_in(2)) {
      mark.from = in.at.plus_days(-900).iso();
      mark.until = in.at.plus_days(-1 - static_cast<std::int64_t>(random.below(800))).iso();
      ++expired;
    } else {
      mark.from = in.at.plus_days(1 + static_cast<std::int64_t>(random.below(800))).iso();
      mark.until = in.at.plus_days(900).iso();
      ++future;
    }
    in.held.push_back(mark);
    const Decision after = decide(all(), in);
    expect_order(before, after, false, fmt::format("round {}, {} {}", round, mark.scheme, mark.level));
    const auto was = gives(before), is = gives(after);
    EXPECT_TRUE(std::includes(was.begin(), was.end(), is.begin(), is.end())) << "round " << round;
    if (HasFailure()) return;
  }
  EXPECT_GT(expired, kRounds / 3);
  EXPECT_GT(future, kRounds / 3);
}

TEST(Properties, AMarkOfAProductOutOfScopeNeverHelps) {
  Random random(5);
  int seen = 0;
  for (int round = 0; round < kRounds; ++round) {
    DecideInput in = random.input();
    // Live marks of the schemes that arrangements speak of, so that there is something to refuse.
    in.held.push_back({"sg-cls", random.one_in(2) ? "L2" : "L4", in.at.iso(), in.at.plus_days(300).iso(),
                       "CCC SP-151-2 v1.4", "application"});
    in.held.push_back({"kr-cic", "basic", in.at.iso(), in.at.plus_days(300).iso(), "", "application"});
    const Category* category = all().category(in.category);
    const Decision decision = decide(all(), in);
    for (const Recognition& r : decision.recognition) {
      if (category == nullptr) continue;
      for (const Arrangement& a : all().arrangements)
        for (const Rule& rule : a.rules) {
          if (a.id != r.by || rule.from_scheme != r.from_scheme || rule.to_scheme != r.to_scheme) continue;
          const std::string& scope = rule.scope.empty() ? a.scope : rule.scope;
          if (scope.empty()) continue;
          const ScopeList& list = all().scopes.at(scope);
          const auto entry = list.entries.find(category->id);
          const bool out = entry != list.entries.end() ? !entry->second.in : list.others && !*list.others;
          if (!out) continue;
          ++seen;
          EXPECT_EQ(r.effect, "none") << r.by << ", " << category->id;
        }
    }
    // A product that a law does not mean has no duty, met or not.
    for (const Conformity& c : decision.conformity)
      if (c.result == "out_of_scope") {
        EXPECT_EQ(c.legal_effect, "none") << c.scheme;
      }
    if (HasFailure()) return;
  }
  EXPECT_GT(seen, 200);
}

TEST(Properties, RemovingAnArrangementNeverAddsARecognition) {
  Random random(6);
  std::vector<Register> without;
  for (std::size_t i = 0; i < all().arrangements.size(); ++i) {
    without.push_back(all());
    without.back().arrangements.erase(without.back().arrangements.begin() + static_cast<std::ptrdiff_t>(i));
  }
  int lost = 0;
  for (int round = 0; round < kRounds; ++round) {
    DecideInput in = random.input();
    in.schemes = {"uk-psti", "eu-cra", "sg-cls"};
    for (int i = 0; i < 3; ++i) in.held.push_back(random.mark());
    in.held.push_back({"sg-cls", "L3", in.at.iso(), in.at.plus_days(300).iso(), "CCC SP-151-2 v1.4", "application"});
    const Register& fewer = without[random.below(without.size())];
    const Decision before = decide(all(), in), after = decide(fewer, in);
    const auto was = gives(before), is = gives(after);
    EXPECT_TRUE(std::includes(was.begin(), was.end(), is.begin(), is.end())) << "round " << round;
    lost += was.size() > is.size();
    expect_order(before, after, false, fmt::format("round {}", round));
    if (HasFailure()) return;
  }
  EXPECT_GT(lost, 20);
}

// The marks of a product are a set: their order says nothing.
TEST(Properties, TheOrderOfMarksSaysNothing) {
  Random random(7);
  for (int round = 0; round < 300; ++round) {
    DecideInput in = random.input();
    for (int i = 0; i < 3; ++i) in.held.push_back(random.mark());
    // Two of one scheme and level are one mark renewed; which days count is then a matter of both.
    for (std::size_t i = in.held.size(); i-- > 1;)
      if (std::any_of(in.held.begin(), in.held.begin() + static_cast<std::ptrdiff_t>(i),
                      [&](const HeldMark& m) { return same_mark(m, in.held[i]); }))
        in.held.erase(in.held.begin() + static_cast<std::ptrdiff_t>(i));
    const std::string one = write_decision(in, decide(all(), in));
    std::reverse(in.held.begin(), in.held.end());
    EXPECT_TRUE(one == write_decision(in, decide(all(), in))) << "round " << round;
  }
}

}  // namespace
}  // namespace assay::scheme::test
