#include "app/steps.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "catalogue/catalogue.h"
#include "evidence/claims.h"
#include "judge/rule.h"
#include "scheme/decide.h"
#include "scheme/scheme.h"

namespace assay::app {

using std::string;
using std::string_view;

namespace {

constexpr string_view kEdition = "2.1.1";  // the one that laws and labels cite

bool has(const std::vector<string>& list, string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

string level_id(const string& scheme, const string& level) { return level == "single" ? scheme : scheme + ":" + level; }

class Planner {
 public:
  Planner(const intake::Dossier& dossier, const begin::Kit& kit, const std::vector<string>& markets, Date at)
      : d_(dossier), kit_(kit), at_(at), markets_(markets) {}

  Result<std::vector<FirstStep>> run() {
    edition_ = ASSAY_TRY(catalogue::edition(kEdition));
    rules_ = ASSAY_TRY(judge::load_rules());
    schemes_ = ASSAY_TRY(scheme::schemes());
    for (std::size_t i = 0; i < kit_.themes.size(); ++i)
      if (is_open(kit_.themes[i])) open_.insert(i);
    for (const catalogue::Provision& p : edition_->provisions) needs_[p.id] = needs(p);
    return ordered();
  }

 private:
  // A table is done where every file that gives it is confirmed and holds nothing that is still to be said.
  bool table_open(const evidence::ClaimTable& t) const {
    if (!t.in(edition_->ts)) return false;
    bool given = false;
    for (const intake::Given& g : d_.given) {
      if (g.table != t.table || !has(g.editions, edition_->ts)) continue;
      given = true;
      if (!g.confirmed || !d_.files[g.file]->gaps.empty()) return true;
    }
    return !given;
  }

  bool is_open(const begin::Theme& theme) const {
    if (theme.firmware) return d_.firmware.empty();
    if (theme.product)
      return std::any_of(d_.files.begin(), d_.files.end(), [](const auto& f) {
        return f->name == "product.yaml" && std::any_of(f->gaps.begin(), f->gaps.end(), [](const intake::Gap& g) {
                 return has({"name", "model", "maker", "markets", "constrained"}, g.key);
               });
      });
    return std::any_of(theme.tables.begin(), theme.tables.end(), [&](const string& label) {
      const evidence::ClaimTable* t = evidence::claim_table_named(label);
      return t != nullptr && table_open(*t);
    });
  }

  // Whether the theme matters to the tests of a provision.
  bool concerns(const begin::Theme& theme, const catalogue::Provision& p) const {
    if (theme.product)
      return std::any_of(p.conditions.begin(), p.conditions.end(), [&](const string& ref) {
        const judge::Condition* c = rules_.condition(edition_->ts, ref);
        return c != nullptr && has(c->claims, "claim_product");
      });
    for (const catalogue::Unit& u : edition_->units) {
      if (u.provision != p.id) continue;
      if (theme.firmware) {
        const judge::Rule* rule = rules_.for_unit(u.id);
        if (rule != nullptr && std::any_of(rule->needs.begin(), rule->needs.end(), [&](const judge::Need& n) {
              return n.source == "firmware" && n.concerns(u.id);
            }))
          return true;
        continue;
      }
      for (const string& read : u.reads) {
        const evidence::ClaimTable* t = evidence::claim_table_named(read.substr(0, read.find('.')));
        if (t == nullptr || !t->in(edition_->ts) || !table_open(*t)) continue;
        if (std::any_of(theme.tables.begin(), theme.tables.end(),
                        [&](const string& label) { return evidence::claim_table_named(label) == t; }))
          return true;
      }
    }
    return false;
  }

  bool not_applicable(const string& provision) const {
    return std::any_of(d_.ics.begin(), d_.ics.end(), [&](const intake::IcsRow& row) {
      return row.edition == kEdition && row.provision == provision && row.confirmed && row.support == "N/A";
    });
  }

  std::set<std::size_t> needs(const catalogue::Provision& p) const {
    std::set<std::size_t> out;
    for (const std::size_t i : open_)
      if (concerns(kit_.themes[i], p)) out.insert(i);
    return out;
  }

  // What would be decided if all that these steps open passed its tests.
  Result<scheme::Decision> decided(const std::set<std::size_t>& done) const {
    scheme::DecideInput in;
    in.product = d_.product.id;
    in.category = d_.product.category;
    in.at = at_;
    in.markets = markets_;
    for (const catalogue::Provision& p : edition_->provisions) {
      const std::set<std::size_t>& needed = needs_.at(p.id);
      const string id = fmt::format("en303645:{}:{}", kEdition, p.id);
      if (std::includes(done.begin(), done.end(), needed.begin(), needed.end()))
        in.verdicts[id] = not_applicable(p.id) ? Verdict::not_applicable : Verdict::pass;
    }
    return scheme::decide(in);
  }

  // Laws and labels that are in effect: private marks are left to the planner of marks.
  bool counts(const Conformity& c) const {
    const scheme::Scheme* s = schemes_->scheme(c.scheme);
    if (s == nullptr || (s->kind != "law" && s->kind != "label")) return false;
    const scheme::Level* level = s->level(c.level);
    return level != nullptr && scheme::not_in_effect(*s, *level, at_).empty();
  }

  static bool on_paper(const Conformity& c) { return c.result == "conforms" || c.result == "conforms_with_residual"; }

  Result<std::vector<FirstStep>> ordered() {
    const scheme::Decision none = ASSAY_TRY(decided({}));
    const scheme::Decision all = ASSAY_TRY(decided(open_));
    ASSAY_CHECK(none.conformity.size() == all.conformity.size());
    // Of each level: which steps it waits for.
    struct Goal {
      string id;
      bool law = false;
      std::set<std::size_t> waits;
    };
    std::vector<Goal> goals;
    for (std::size_t i = 0; i < none.conformity.size(); ++i) {
      const Conformity& c = none.conformity[i];
      if (!counts(c) || on_paper(c) || !on_paper(all.conformity[i])) continue;
      Goal goal{level_id(c.scheme, c.level), schemes_->scheme(c.scheme)->is_law(), {}};
      for (const string& open : c.open)
        for (const auto& [provision, needed] : needs_)
          if (open == fmt::format("en303645:{}:{}", kEdition, provision))
            goal.waits.insert(needed.begin(), needed.end());
      if (goal.waits.empty()) goal.waits = ASSAY_TRY(waits_of(i));
      goals.push_back(std::move(goal));
    }
    std::vector<FirstStep> out;
    std::set<std::size_t> done;
    while (done.size() < open_.size()) {
      // The level that is nearest, laws first; of what it waits for, what matters to most provisions.
      const Goal* nearest = nullptr;
      std::set<std::size_t> left = open_;
      for (const Goal& g : goals) {
        std::set<std::size_t> wanted;
        std::set_difference(g.waits.begin(), g.waits.end(), done.begin(), done.end(),
                            std::inserter(wanted, wanted.end()));
        if (wanted.empty()) continue;
        if (nearest != nullptr &&
            std::tuple(!g.law, wanted.size(), g.id) >= std::tuple(!nearest->law, left.size(), nearest->id))
          continue;
        nearest = &g;
        left = std::move(wanted);
      }
      std::size_t best = 0;
      std::tuple<std::size_t, std::size_t> most{0, 0};
      bool any = false;
      // What the product is comes before all of it.
      for (const std::size_t i : open_)
        if (kit_.themes[i].product && !done.contains(i)) left = {i};
      for (const std::size_t i : left) {
        if (done.contains(i)) continue;
        const FirstStep step = step_of(i);
        const std::tuple rank{step.mandatory, step.provisions.size()};
        if (any && rank <= most) continue;
        any = true;
        best = i;
        most = rank;
      }
      if (!any) break;
      FirstStep step = step_of(best);
      const scheme::Decision before = ASSAY_TRY(decided(done));
      done.insert(best);
      const scheme::Decision after = ASSAY_TRY(decided(done));
      for (const string& p : step.provisions)
        if (std::includes(done.begin(), done.end(), needs_[p].begin(), needs_[p].end())) step.opens.push_back(p);
      for (std::size_t i = 0; i < before.conformity.size(); ++i)
        if (counts(after.conformity[i]) && !on_paper(before.conformity[i]) && on_paper(after.conformity[i]))
          step.turns.push_back(level_id(after.conformity[i].scheme, after.conformity[i].level));
      for (const Goal& g : goals)
        if (g.waits.contains(best)) step.helps.push_back(g.id);
      out.push_back(std::move(step));
    }
    return out;
  }

  // Where the open requirements of a level are its own and not the baseline's: tried out, step by step.
  Result<std::set<std::size_t>> waits_of(std::size_t conformity) const {
    std::set<std::size_t> out;
    for (const std::size_t i : open_) {
      std::set<std::size_t> without = open_;
      without.erase(i);
      const scheme::Decision d = ASSAY_TRY(decided(without));
      if (!on_paper(d.conformity[conformity])) out.insert(i);
    }
    return out;
  }

  FirstStep step_of(std::size_t i) const {
    const begin::Theme& theme = kit_.themes[i];
    FirstStep out{theme.id, theme.title, theme.how, {}, {}, {}, {}, {}, 0};
    if (theme.product || theme.firmware) out.files.push_back("product.yaml");
    std::set<string> files;
    for (const intake::Given& g : d_.given)
      for (const string& label : theme.tables)
        if (const evidence::ClaimTable* t = evidence::claim_table_named(label); t != nullptr && t->table == g.table)
          if (!g.confirmed || !d_.files[g.file]->gaps.empty()) files.insert(d_.files[g.file]->name);
    out.files.insert(out.files.end(), files.begin(), files.end());
    for (const catalogue::Provision& p : edition_->provisions) {
      if (!needs_.at(p.id).contains(i)) continue;
      out.provisions.push_back(p.id);
      out.mandatory += p.mandatory ? 1 : 0;
    }
    return out;
  }

  const intake::Dossier& d_;
  const begin::Kit& kit_;
  Date at_;
  std::vector<string> markets_;
  const catalogue::Edition* edition_ = nullptr;
  judge::RuleSet rules_;
  const scheme::Register* schemes_ = nullptr;
  std::set<std::size_t> open_;
  std::map<string, std::set<std::size_t>> needs_;
};

}  // namespace

Result<std::vector<FirstStep>> first_steps(const intake::Dossier& dossier, const begin::Kit& kit,
                                           const std::vector<string>& markets, Date at) {
  return Planner(dossier, kit, markets, at).run();
}

}  // namespace assay::app
