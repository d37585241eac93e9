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

// Marks whose holder says they came by recognition end with the mark they rest on.
void shorten_to_base(const Register& all, const DecideInput& input, std::vector<LiveMark>& marks,
                     std::set<std::string>& notes) {
  for (std::size_t pass = 0; pass <= marks.size(); ++pass) {
    bool changed = false;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      LiveMark& mark = marks[i];
      if (mark.mark->basis != "recognition") continue;
      const auto is_base = [&](const std::string& scheme, const std::string& level) {
        for (const Arrangement& a : all.arrangements)
          for (const Rule& r : a.rules)
            if (r.from_scheme == scheme && holds(r.from_levels, level) && r.to_scheme == mark.mark->scheme &&
                r.to_level == mark.mark->level)
              return true;
        return false;
      };
      const LiveMark* base = nullptr;
      bool named = false;
      // Any mark that is held no longer, or not yet, may be the one: what cannot be told apart never helps.
      for (const HeldMark& held : input.held)
        named |= held.scheme != mark.mark->scheme &&
                 std::none_of(marks.begin(), marks.end(), [&](const LiveMark& live) { return live.mark == &held; });
      for (const LiveMark& other : marks)
        if (&other != &mark && is_base(other.mark->scheme, other.mark->level) &&
            (base == nullptr || !other.until || (base->until && *other.until > *base->until)))
          base = &other;
      if (base == nullptr && named) {
        notes.insert(fmt::format("held mark {}: it rests on a mark that is not current on {}, so it is not counted",
                                 mark_name(*mark.mark), input.at.iso()));
        marks.erase(marks.begin() + static_cast<std::ptrdiff_t>(i));
        changed = true;
        break;
      }
      if (base == nullptr) {
        mark.confidence = Confidence::low;
        notes.insert(fmt::format("held mark {}: the mark it rests on is not given, so its own end may come earlier",
                                 mark_name(*mark.mark)));
        continue;
      }
      mark.confidence = std::min(mark.confidence, base->confidence);
      if (base->until && (!mark.until || *base->until < *mark.until)) {
        mark.until = base->until;
        changed = true;
      }
    }
    if (!changed) return;
  }
}

}  // namespace

bool same_edition(std::string_view named, std::string_view given) {
  const auto tokens = [](std::string_view text) {
    std::vector<std::string> out(1);
    for (const char c : lower(text)) {
      if (is_alnum(c) || c == '-' || c == '.')
        out.back() += c;
      else if (!out.back().empty())
        out.emplace_back();
    }
    for (std::string& token : out)
      if (token.size() > 1 && token[0] == 'v' && is_digit(token[1])) token.erase(0, 1);
    return out;
  };
  const std::vector<std::string> have = tokens(given);
  for (const std::string& token : tokens(named))
    if (!token.empty() && token != "ccc" && !holds(have, token)) return false;
  return true;
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
      } else {
        const Date last = from->plus_months(mark.scheme->term_months).plus_days(-1);
        if (*until > last) {
          refuse(fmt::format("{} lies beyond the longest term of {} months; {} is taken as its last day", until->iso(),
                             mark.scheme->term_months, last.iso()));
          until = last;
        }
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
