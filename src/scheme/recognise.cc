// A mark counts while it is live, for the product groups of the arrangement, under the edition that the text names, and
// only one step far.
#include "scheme/recognise.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"

namespace assay::scheme {
namespace {

// Of the strengths of data/assessment_steps.yaml.
constexpr int kSomebodyElse = 1, kLaboratoryTest = 3;

std::string mark_name(const HeldMark& mark) {
  return mark.level.empty() || mark.level == "single" ? mark.scheme : mark.scheme + " " + mark.level;
}
bool holds(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool by_recognition(const LiveMark& mark) { return mark.mark->basis == "recognition"; }

bool may_rest_on(const Register& all, const LiveMark& mark, const LiveMark& base) {
  for (const Arrangement& a : all.arrangements)
    for (const Rule& r : a.rules)
      if (r.from_scheme == base.mark->scheme && holds(r.from_levels, base.mark->level) &&
          r.to_scheme == mark.mark->scheme && r.to_level == mark.mark->level)
        return true;
  return false;
}

// Whether `a` is the better ground: the surer, then the longer.
bool better(Confidence a, const std::optional<Date>& a_until, Confidence b, const std::optional<Date>& b_until) {
  if (a != b) return a > b;
  return b_until && (!a_until || *a_until > *b_until);
}

// Marks whose holder says they came by recognition end with the mark they rest on. That has to lead, through others or
// not, to one that was issued on an application or declaration: marks that rest on one another rest on nothing.
void shorten_to_base(const Register& all, const DecideInput& input, std::vector<LiveMark>& marks,
                     std::set<std::string>& notes) {
  std::set<const HeldMark*> grounded;
  for (const LiveMark& mark : marks)
    if (!by_recognition(mark)) grounded.insert(mark.mark);
  // The best ground first, so that no later one would have served a mark better.
  for (;;) {
    LiveMark* next = nullptr;
    Confidence confidence = Confidence::none;
    std::optional<Date> until;
    for (LiveMark& mark : marks) {
      if (grounded.contains(mark.mark)) continue;
      for (const LiveMark& base : marks) {
        if (!grounded.contains(base.mark) || !may_rest_on(all, mark, base)) continue;
        const Confidence sure = std::min(mark.confidence, base.confidence);
        std::optional<Date> end = mark.until;
        if (base.until && (!end || *base.until < *end)) end = base.until;
        if (next != nullptr && !better(sure, end, confidence, until)) continue;
        next = &mark;
        confidence = sure;
        until = end;
      }
    }
    if (next == nullptr) break;
    next->confidence = confidence;
    next->until = until;
    grounded.insert(next->mark);
  }
  // What is left has no ground that is given. Where another mark may be the ground and is none, it does not count.
  for (bool changed = true; changed;) {
    changed = false;
    std::set<const HeldMark*> dropped;
    for (LiveMark& mark : marks) {
      if (grounded.contains(mark.mark)) continue;
      const auto drop = [&](std::string_view why) {
        notes.insert(fmt::format("held mark {}: {}, so it is not counted", mark_name(*mark.mark), why));
        dropped.insert(mark.mark);
      };
      if (std::any_of(marks.begin(), marks.end(), [&](const LiveMark& other) {
            return &other != &mark && !grounded.contains(other.mark) && may_rest_on(all, mark, other);
          })) {
        drop("the marks it may rest on rest on no mark held by application or declaration");
        continue;
      }
      // Any mark that is held no longer, or not yet, may be the one: what cannot be told apart never helps.
      if (std::any_of(input.held.begin(), input.held.end(), [&](const HeldMark& held) {
            return held.scheme != mark.mark->scheme &&
                   std::none_of(marks.begin(), marks.end(), [&](const LiveMark& live) { return live.mark == &held; });
          })) {
        drop("it rests on a mark that is not current on " + input.at.iso());
        continue;
      }
      mark.confidence = Confidence::low;
    }
    changed = std::erase_if(marks, [&](const LiveMark& mark) { return dropped.contains(mark.mark); }) > 0;
  }
  for (const LiveMark& mark : marks)
    if (!grounded.contains(mark.mark))
      notes.insert(fmt::format("held mark {}: the mark it rests on is not given, so its own end may come earlier",
                               mark_name(*mark.mark)));
}

}  // namespace

bool same_edition(std::string_view named, std::string_view given) {
  constexpr std::string_view kMonths[] = {"january", "february", "march",     "april",   "may",      "june",
                                          "july",    "august",   "september", "october", "november", "december"};
  const auto tokens = [&](std::string_view text) {
    std::vector<std::string> all(1), out;
    for (const char c : lower(text)) {
      if (is_alnum(c) || c == '-' || c == '.')
        all.back() += c;
      else if (!all.back().empty())
        all.emplace_back();
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      std::string& token = all[i];
      if (token.size() > 1 && token[0] == 'v' && is_digit(token[1])) token.erase(0, 1);
      if (token.empty() || token == "ccc" || token == "version" || token == "v") continue;
      // The month an edition is of says no more than its version.
      if (i + 1 < all.size() && all[i + 1].size() == 4 &&
          std::all_of(all[i + 1].begin(), all[i + 1].end(), [](char c) { return is_digit(c); }) &&
          std::find(std::begin(kMonths), std::end(kMonths), token) != std::end(kMonths)) {
        ++i;
        continue;
      }
      out.push_back(std::move(token));
    }
    return out;
  };
  return tokens(named) == tokens(given);
}

std::vector<LiveMark> live_marks(const Register& all, const DecideInput& input, std::set<std::string>& notes) {
  std::vector<LiveMark> out;
  for (const HeldMark& held : input.held) {
    const std::string what = "held mark " + mark_name(held);
    const auto refuse = [&](std::string_view why) { notes.insert(fmt::format("{}: {}", what, why)); };
    LiveMark mark;
    mark.mark = &held;
    mark.scheme = all.scheme(held.scheme);
    if (mark.scheme == nullptr) {
      refuse("no such scheme, no recognition");
      continue;
    }
    mark.level = mark.scheme->level(held.level);
    if (mark.level == nullptr) {
      refuse(fmt::format("the scheme has no level '{}', no recognition", held.level));
      continue;
    }
    if (!holds(mark.scheme->bases, held.basis)) {
      refuse(fmt::format("a mark of this scheme does not come by {}, no recognition", held.basis));
      continue;
    }
    std::optional<Date> from, until;
    if (!held.from.empty()) from = *Date::parse(held.from);
    if (!held.until.empty()) until = *Date::parse(held.until);
    if (!until && !mark.scheme->is_law()) {
      refuse("its last day is not given, so it is not shown to be current");
      continue;
    }
    if (from && *from > input.at) {
      refuse(fmt::format("it begins on {}, after {}", from->iso(), input.at.iso()));
      continue;
    }
    if (mark.scheme->term_months > 0) {
      if (!from) {
        refuse("its first day is not given, so its term cannot be checked");
        mark.confidence = Confidence::low;
      }
      // At the latest it began today.
      const Date last = from.value_or(input.at).plus_months(mark.scheme->term_months).plus_days(-1);
      if (until && *until > last) {
        refuse(fmt::format("{} lies beyond the longest term of {} months; {} is taken as its last day", until->iso(),
                           mark.scheme->term_months, last.iso()));
        until = last;
      }
    }
    if (until && *until < input.at) {
      refuse(fmt::format("it ended on {} and gives nothing on {}", until->iso(), input.at.iso()));
      continue;
    }
    mark.until = until;
    out.push_back(mark);
  }
  shorten_to_base(all, input, out, notes);
  return out;
}

std::vector<Recognition> recognise(const Register& all, const DecideInput& input, const Category* category,
                                   const std::vector<LiveMark>& marks, std::set<std::string>& notes) {
  std::vector<Recognition> out;
  for (const LiveMark& live : marks) {
    const HeldMark& held = *live.mark;
    for (const Arrangement& a : all.arrangements) {
      // Rules of one arrangement from this scheme to one other, of which one may name the level.
      for (std::size_t i = 0; i < a.rules.size(); ++i) {
        const Rule& r = a.rules[i];
        if (r.from_scheme != held.scheme) continue;
        const std::string what = fmt::format("{} to {} ({})", mark_name(held), r.to_scheme, a.id);
        if (r.from_levels.empty()) {
          notes.insert(fmt::format("{}: the levels that count are not stated, no recognition", what));
          continue;
        }
        Recognition row;
        row.from_scheme = held.scheme;
        row.from_level = held.level;
        row.to_scheme = r.to_scheme;
        row.to_level = r.to_level;
        row.by = a.id;
        row.usable = r.usable;
        Confidence confidence = std::min({r.backing.confidence, live.confidence, a.backing.confidence});
        const auto nothing = [&](std::string why) {
          row.effect = "none";
          row.usable = "false";
          row.conditions = {std::move(why)};
          row.confidence = name(std::min(r.backing.confidence, a.backing.confidence));
          row.valid_until.clear();
          out.push_back(row);
        };
        if (!a.live || r.usable == "false") {
          notes.insert(fmt::format("{}: the route is closed{}", what, r.note.empty() ? "" : ", " + r.note));
          continue;
        }
        const std::optional<PartialDate>& from = r.from ? r.from : a.from;
        const std::optional<PartialDate>& until = r.until ? r.until : a.until;
        if (!from) {
          notes.insert(fmt::format("{}: no day known from which it holds, no recognition", what));
          continue;
        }
        if (input.at < from->first) {
          notes.insert(fmt::format("{}: holds from {}, not yet on {}", what, from->text, input.at.iso()));
          continue;
        }
        if (until && input.at > until->last) {
          notes.insert(fmt::format("{}: ended {}", what, until->text));
          continue;
        }
        if (!holds(r.from_levels, held.level)) {
          const bool other = std::any_of(a.rules.begin(), a.rules.end(), [&](const Rule& o) {
            return o.from_scheme == r.from_scheme && o.to_scheme == r.to_scheme && holds(o.from_levels, held.level);
          });
          if (!other)
            nothing(fmt::format("level {} is not covered; covered: {}", held.level, join(r.from_levels, ", ")));
          continue;
        }
        // What nobody but its maker looked at is no answer where a laboratory's test is asked for.
        const Scheme* goal = all.scheme(r.to_scheme);
        const Level* goal_level = goal == nullptr ? nullptr : goal->level(r.to_level);
        const bool counts_as_proof = r.effect == "recognised_as" || r.effect == "evidence_accepted";
        if (counts_as_proof && goal_level != nullptr && !live.level->steps.empty()) {
          const int have = held.basis == "declaration" ? 0 : all.assessment_strength(*live.level, input.at);
          const int asked = all.assessment_strength(*goal_level, input.at);
          if (have < kSomebodyElse && asked >= kLaboratoryTest) {
            nothing("the mark rests on its maker's own word, and a laboratory's test is asked for");
            continue;
          }
        }
        const std::string& scope = r.scope.empty() ? a.scope : r.scope;
        if (!scope.empty() && category != nullptr) {
          const ScopeList& list = all.scopes.at(scope);
          const auto entry = list.entries.find(category->id);
          const bool early = entry != list.entries.end() && entry->second.from && input.at < entry->second.from->first;
          std::optional<bool> in = list.others;
          if (entry != list.entries.end() && !early) in = entry->second.in;
          if (early) in = !entry->second.in;
          if (in && !*in) {
            nothing(fmt::format("product group {} is not covered{}", category->id,
                                early ? " before " + entry->second.from->text : ""));
            continue;
          }
          if (!in) {
            row.conditions.push_back(
                fmt::format("product group {} is not named in the arrangement; ask", category->id));
            confidence = Confidence::low;
          }
        } else if (!scope.empty()) {
          row.conditions.push_back("the product has to belong to a product group of the arrangement");
          confidence = Confidence::low;
        }
        if (!r.edition.empty()) {
          if (!held.edition.empty() && !same_edition(r.edition, held.edition)) {
            nothing(fmt::format("the text names {}; the mark is under {}", r.edition, held.edition));
            notes.insert(fmt::format("{}: the mark is under {}, the text names {}", what, held.edition, r.edition));
            continue;
          }
          if (held.edition.empty()) {
            row.conditions.push_back(fmt::format("the mark has to be issued under {}, which is not given", r.edition));
            confidence = std::min(confidence, Confidence::medium);
          } else {
            row.conditions.push_back(fmt::format("issued under {}", r.edition));
          }
        }
        row.effect = r.effect;
        if (!r.to_level.empty() && !r.covers.empty()) row.conditions.push_back("covers: " + join(r.covers, ", "));
        if (r.to_level.empty()) {
          row.conditions.push_back("the level it counts for is not stated");
          notes.insert(fmt::format("{}: the level it counts for is not stated", what));
        }
        row.conditions.insert(row.conditions.end(), r.conditions.begin(), r.conditions.end());
        row.conditions.insert(row.conditions.end(), a.conditions.begin(), a.conditions.end());
        if (!r.note.empty()) row.conditions.push_back(r.note);
        if (held.basis == "recognition") {
          row.conditions.push_back(
              "whether a mark that itself came by recognition counts is not answered in the texts");
          confidence = Confidence::low;
          notes.insert(
              fmt::format("{}: the mark came by recognition; whether it counts further is not answered", what));
        }
        const Scheme* to = all.scheme(r.to_scheme);
        if (to != nullptr && to->status == Status::closed) {
          notes.insert(fmt::format("{}: {} is closed", what, to->title));
          continue;
        }
        std::optional<Date> last = live.until;
        if (until && (!last || until->first < *last)) last = until->first;
        if (last) row.valid_until = last->iso();
        row.confidence = name(confidence);
        if (confidence <= Confidence::low)
          notes.insert(fmt::format("{}: confidence is low, read the texts before relying on it", what));
        out.push_back(std::move(row));
      }
    }
  }
  std::sort(out.begin(), out.end(), [](const Recognition& a, const Recognition& b) {
    return std::tie(a.from_scheme, a.from_level, a.to_scheme, a.to_level, a.by, a.effect, a.valid_until) <
           std::tie(b.from_scheme, b.from_level, b.to_scheme, b.to_level, b.by, b.effect, b.valid_until);
  });
  return out;
}

}  // namespace assay::scheme
