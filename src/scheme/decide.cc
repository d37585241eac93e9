// Verdicts and marks to what they are worth. `result` says what the verdicts say; `legal_effect` comes from the
// register alone.
#include "scheme/decide.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "scheme/evaluate.h"
#include "scheme/recognise.h"
#include "scheme/scheme.h"

namespace assay::scheme {
namespace {

constexpr std::string_view kEu[] = {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
                                    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};

std::string row_name(const Scheme& scheme, const Level& level) {
  return level.id == "single" ? scheme.id : scheme.id + " " + level.id;
}

// ISO codes as the register has them; notes for what no scheme or list knows.
std::set<std::string> markets_of(const DecideInput& input, const Register& all, std::set<std::string>& notes) {
  for (const std::string& given : input.markets) {
    const std::vector<std::string> codes = market_codes({given});
    // One of two is EU, whose law holds in each member state.
    const bool known = codes.size() > 1 || std::any_of(all.schemes.begin(), all.schemes.end(), [&](const Scheme& s) {
                         return s.jurisdiction == codes.front();
                       });
    if (!known) notes.insert(fmt::format("market {}: no scheme of it is known here", given));
  }
  const std::vector<std::string> codes = market_codes(input.markets);
  return {codes.begin(), codes.end()};
}

bool wanted(const Scheme& scheme, const DecideInput& input, const std::set<std::string>& markets) {
  if (!input.schemes.empty() && std::find(input.schemes.begin(), input.schemes.end(), scheme.id) == input.schemes.end())
    return false;
  return markets.empty() || scheme.jurisdiction == "international" || markets.contains(scheme.jurisdiction);
}

struct InScope {
  bool out = false;
  std::string why;
};
InScope in_scope(const Register& all, const Scheme& scheme, const Category* category, Date at,
                 std::set<std::string>& notes) {
  if (scheme.scope.empty() || category == nullptr) return {};
  const ScopeList& list = all.scopes.at(scheme.scope);
  if (const auto depends = list.depends.find(category->id); depends != list.depends.end()) {
    notes.insert(fmt::format("{}: {}; taken as in scope here", scheme.id, depends->second));
    return {};
  }
  const auto entry = list.entries.find(category->id);
  if (entry == list.entries.end()) {
    if (list.others && !*list.others) return {true, fmt::format("{} is not a product of this scheme", category->id)};
    if (!list.others)
      notes.insert(fmt::format("{}: its scope list does not say whether {} is in", scheme.id, category->id));
    return {};
  }
  if (entry->second.in || (entry->second.from && at < entry->second.from->first)) return {};
  return {true, fmt::format("{} is out of scope{} ({}, confidence {})", category->id,
                            entry->second.why.empty() ? "" : ": " + entry->second.why, join(list.backing.source, ", "),
                            name(list.backing.confidence))};
}

// Verdicts that name nothing we know would otherwise be lost in silence.
void note_unknown_verdicts(const DecideInput& input, const Register& all, std::set<std::string>& notes) {
  for (const auto& [id, value] : input.verdicts) {
    static_cast<void>(value);
    if (all.elsewhere.contains(id)) continue;
    const std::size_t colon = id.find(':');
    const std::string_view head = std::string_view(id).substr(0, colon);
    if (head == "en303645") {
      const std::size_t second = colon == std::string::npos ? colon : id.find(':', colon + 1);
      if (second != std::string::npos) {
        const Edition* edition = all.edition(std::string_view(id).substr(colon + 1, second - colon - 1));
        if (edition != nullptr && edition->has(std::string_view(id).substr(second + 1))) continue;
      }
    } else if (const Scheme* s = all.scheme(head)) {
      if (s->requirement(id) != nullptr) continue;
    }
    notes.insert(fmt::format("verdict on {}: nothing by that name is known, it counts for nothing", id));
  }
}

struct Row {
  Conformity conformity;
  const Scheme* scheme = nullptr;
  const Level* level = nullptr;
};

// Notes that many levels share are said once: what is said, and of which levels.
using Grouped = std::map<std::string, std::vector<std::string>>;

Conformity decide_level(const Register& all, Evaluator& evaluator, const Scheme& scheme, const Level& level,
                        const DecideInput& input, const Category* category, std::set<std::string>& notes,
                        Grouped& grouped) {
  Conformity out;
  out.scheme = scheme.id;
  out.level = level.id;
  out.legal_effect = "none";
  const std::string row = row_name(scheme, level);
  const std::string asleep = not_in_effect(scheme, level, input.at);
  if (!asleep.empty()) grouped[asleep + ", no legal effect"].push_back(row);
  if (const InScope scope = in_scope(all, scheme, category, input.at, notes); scope.out) {
    out.result = "out_of_scope";
    out.why.push_back(scope.why);
    out.confidence = name(all.scopes.at(scheme.scope).backing.confidence);
    return out;
  }
  Confidence confidence = level.backing.confidence;
  if (!level.listed) {
    out.result = "undetermined";
    out.open.push_back(fmt::format("the requirements of {}, which are not listed here", row));
    out.why.push_back(
        "the scheme asks by a list of its own, which overlaps EN 303 645: verdicts on provisions are evidence, none "
        "carries");
  } else {
    const Outcome outcome = evaluator.level(scheme, level);
    out.failed = outcome.failed;
    out.open = outcome.open;
    out.residual = outcome.residual;
    out.why = outcome.why;
    confidence = std::min(confidence, outcome.confidence);
    out.residual.insert(out.residual.end(), level.beyond.begin(), level.beyond.end());
    if (!level.beyond_known)
      out.residual.push_back(fmt::format("what {} asks beyond EN 303 645 is not known here", row));
    if (!outcome.carried.empty()) {
      std::string editions;
      for (const std::string& id : outcome.carried) editions += (editions.empty() ? "" : ", ") + id;
      out.residual.push_back(
          fmt::format("EN 303 645 V{} is named; verdicts of another edition stand in: {}", scheme.edition, editions));
      grouped[fmt::format("EN 303 645 V{} is named; whether verdicts of another edition satisfy it is a legal question",
                          scheme.edition)]
          .push_back(row);
    }
    switch (outcome.state) {
      case State::failed:
        out.result = "does_not_conform";
        break;
      case State::open:
        out.result = "undetermined";
        break;
      case State::residual:
      case State::met:
        out.result = out.residual.empty() ? "conforms" : "conforms_with_residual";
        break;
    }
  }
  const auto tidy = [](std::vector<std::string>& list) {
    std::stable_sort(list.begin(), list.end(), natural_less);
    list.erase(std::unique(list.begin(), list.end()), list.end());
  };
  tidy(out.failed);
  tidy(out.open);
  tidy(out.residual);
  if (!level.note.empty()) out.why.push_back(level.note);
  if (const std::vector<const StepKind*> taken = all.steps_on(level, input.at); !taken.empty()) {
    std::vector<std::string> steps;
    for (const StepKind* step : taken) steps.push_back(replace_all(step->id, "_", " "));
    out.why.push_back(fmt::format("assessment asked for: {} (strength {} of 6, our own ranking)", join(steps, ", "),
                                  all.assessment_strength(level, input.at)));
  }
  out.why.push_back(fmt::format("what the level asks: {}, confidence {}", join(level.backing.source, ", "),
                                name(level.backing.confidence)));
  if (asleep.empty()) {
    const bool whole = out.result == "conforms";
    if (scheme.is_law()) {
      if (whole) out.legal_effect = "duty_met";
    } else if (scheme.kind == "label" || scheme.kind == "certification" || scheme.kind == "industry") {
      // Residual is what the application has still to show.
      if (whole || out.result == "conforms_with_residual") out.legal_effect = "application_possible";
    }
    for (const Scheme::Mandatory& m : scheme.mandatory)
      if (m.level == level.id && category != nullptr && input.at >= m.from.first &&
          std::find(m.categories.begin(), m.categories.end(), category->id) != m.categories.end())
        notes.insert(fmt::format("{}: {}", row, m.note));
  }
  out.confidence = name(confidence);
  return out;
}

Confidence confidence_of(const Recognition& r) {
  for (const auto& [text, value] : kConfidences)
    if (text == r.confidence) return value;
  return Confidence::none;
}

// A live mark by which a law takes the duty as met.
void apply_marks(Row& row, const std::vector<Recognition>& recognition, const std::vector<LiveMark>& marks, Date at,
                 std::set<std::string>& notes) {
  Conformity& c = row.conformity;
  const std::string name_of_row = row_name(*row.scheme, *row.level);
  if (c.result == "out_of_scope") return;
  const Recognition* best = nullptr;
  if (not_in_effect(*row.scheme, *row.level, at).empty()) {
    for (const Recognition& r : recognition) {
      if (r.to_scheme != c.scheme || r.to_level != c.level || r.usable == "false") continue;
      if (r.effect != "deemed_compliant" && r.effect != "presumption_of_conformity") continue;
      // The surer, then the longer; no end at all lasts longest.
      const Confidence sure = confidence_of(r);
      if (best == nullptr || sure > confidence_of(*best) ||
          (sure == confidence_of(*best) &&
           (r.valid_until.empty() || (!best->valid_until.empty() && r.valid_until > best->valid_until))))
        best = &r;
    }
  }
  if (best != nullptr) {
    const std::string mark =
        best->from_level == "single" ? best->from_scheme : best->from_scheme + " " + best->from_level;
    c.legal_effect = best->effect;
    c.deemed_by = best->valid_until.empty() ? mark : fmt::format("{} until {}", mark, best->valid_until);
    c.valid_until = best->valid_until;
    c.why.push_back(fmt::format("{}: {} by {} (arrangement {}, confidence {})", c.scheme,
                                replace_all(best->effect, "_", " "), c.deemed_by, best->by, best->confidence));
    if (best->confidence == "low") c.confidence = "low";
    if (!c.failed.empty())
      notes.insert(
          fmt::format("{}: {} fails although {} makes the duty met; a failing product puts the mark in question",
                      name_of_row, join(c.failed, ", "), mark));
  }
  if (best == nullptr && !marks.empty() && !row.scheme->no_recognition.empty())
    c.why.push_back(row.scheme->no_recognition);
  for (const LiveMark& live : marks) {
    if (live.scheme != row.scheme || live.level != row.level) continue;
    c.why.push_back(fmt::format("held{}", live.until ? " until " + live.until->iso() : ""));
    if (!c.failed.empty())
      notes.insert(fmt::format("{}: {} fails although the mark is held", name_of_row, join(c.failed, ", ")));
  }
}

}  // namespace

std::vector<std::string> market_codes(const std::vector<std::string>& markets) {
  std::set<std::string> out;
  for (const std::string& given : markets) {
    std::string code(trim(given));
    std::transform(code.begin(), code.end(), code.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    if (code == "UK") code = "GB";
    if (std::find(std::begin(kEu), std::end(kEu), code) != std::end(kEu)) out.insert("EU");
    out.insert(std::move(code));
  }
  return {out.begin(), out.end()};
}

Result<Decision> decide(const DecideInput& input) { return decide(*ASSAY_TRY(schemes()), input); }

Decision decide(const Register& all, const DecideInput& input) {
  std::set<std::string> notes;
  const Category* category = input.category.empty() ? nullptr : all.category(input.category);
  if (category == nullptr)
    notes.insert(input.category.empty()
                     ? "no category given: scope lists were not consulted"
                     : fmt::format("category '{}' is not known: scope lists were not consulted", input.category));
  note_unknown_verdicts(input, all, notes);
  for (const std::string& id : input.schemes)
    if (all.scheme(id) == nullptr) notes.insert(fmt::format("scheme {}: not known", id));

  const std::vector<LiveMark> marks = live_marks(all, input, notes);
  Decision out;
  out.recognition = recognise(all, input, category, marks, notes);

  const std::set<std::string> markets = markets_of(input, all, notes);
  Grouped grouped;
  Evaluator evaluator(all, input.verdicts, notes);
  for (const Scheme& scheme : all.schemes) {
    if (scheme.mark_only || !wanted(scheme, input, markets)) continue;
    if (scheme.levels.empty() && !markets.empty() && scheme.jurisdiction != "international")
      notes.insert(fmt::format("{}: nothing to decide; {}", scheme.id,
                               scheme.status_note.empty() ? scheme.name : scheme.status_note));
    for (const Level& level : scheme.levels) {
      Row row{decide_level(all, evaluator, scheme, level, input, category, notes, grouped), &scheme, &level};
      apply_marks(row, out.recognition, marks, input.at, notes);
      if (row.conformity.confidence == "low")
        grouped["confidence is low, read the texts before relying on it"].push_back(row_name(scheme, level));
      out.conformity.push_back(std::move(row.conformity));
    }
  }
  for (const auto& [note, rows] : grouped) notes.insert(join(rows, ", ") + ": " + note);
  std::stable_sort(out.conformity.begin(), out.conformity.end(), [](const Conformity& a, const Conformity& b) {
    return std::tie(a.scheme, a.level) < std::tie(b.scheme, b.level);
  });
  out.notes.assign(notes.begin(), notes.end());
  return out;
}

}  // namespace assay::scheme
