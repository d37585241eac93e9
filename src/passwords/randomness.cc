#include "passwords/randomness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "passwords/lists.h"

namespace assay::passwords {
namespace {

using std::string;
using std::string_view;

const double kEach = kFamilyLog10 - std::log10(kTests);

// A generator of our own, so that every machine draws the same samples.
class Random {
 public:
  std::uint32_t below(std::uint32_t n) {
    s_ ^= s_ << 13, s_ ^= s_ >> 7, s_ ^= s_ << 17;
    return static_cast<std::uint32_t>((s_ >> 32) * n >> 32);
  }

 private:
  std::uint64_t s_ = 0x9e3779b97f4a7c15;
};

// Classes of a character; a position's alphabet is the class of all that is seen there.
double position_size(const std::set<char>& seen, std::size_t whole) {
  const string all(seen.begin(), seen.end());
  return static_cast<double>(std::min(alphabet_size(all), whole));
}

bool has_word(string_view t) {
  // Words of five letters and more; shorter ones stand in random text too often to tell anything.
  for (std::size_t i = 0; i < t.size(); ++i)
    for (std::size_t n = 5; n <= 10 && i + n <= t.size(); ++n)
      if (is_word(t.substr(i, n))) return true;
  return false;
}
// Letters that are a word from end to end, perhaps with digits behind: "maple42", "fuzzyriver381".
bool is_words(string_view t) {
  while (!t.empty() && is_digit(t.back())) t.remove_suffix(1);
  while (!t.empty() && is_digit(t.front())) t.remove_prefix(1);
  if (t.size() < 4) return false;
  std::vector<bool> reach(t.size() + 1);
  reach[0] = true;
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (!reach[i]) continue;
    for (std::size_t n = 3; n <= 12 && i + n <= t.size(); ++n)
      if (is_word(t.substr(i, n)) || (n >= 4 && is_common(t.substr(i, n)))) reach[i + n] = true;
    if (i > 0 && !is_alnum(t[i])) reach[i + 1] = true;
  }
  return reach[t.size()];
}
bool has_common(string_view t) {
  for (std::size_t i = 0; i < t.size(); ++i)
    for (std::size_t n = 6; n <= 12 && i + n <= t.size(); ++n)
      if (is_common(t.substr(i, n))) return true;
  return false;
}
bool has_walk(string_view t) {
  constexpr string_view kRows[] = {"01234567890",
                                   "09876543210",
                                   "abcdefghijklmnopqrstuvwxyz",
                                   "zyxwvutsrqponmlkjihgfedcba",
                                   "qwertyuiop",
                                   "asdfghjkl",
                                   "zxcvbnm",
                                   "qwertzuiop",
                                   "1qaz2wsx3edc4rfv",
                                   "poiuytrewq",
                                   "lkjhgfdsa",
                                   "mnbvcxz"};
  for (std::size_t i = 0; i + 5 <= t.size(); ++i)
    for (const string_view row : kRows)
      if (row.find(t.substr(i, 5)) != string_view::npos) return true;
  return false;
}
bool has_date(string_view t) {
  const auto num = [&](std::size_t at, std::size_t n) {
    int v = 0;
    for (std::size_t i = at; i < at + n; ++i) {
      if (!is_digit(t[i])) return -1;
      v = v * 10 + (t[i] - '0');
    }
    return v;
  };
  for (std::size_t i = 0; i + 8 <= t.size(); ++i) {
    const int y = num(i, 4), m = num(i + 4, 2), d = num(i + 6, 2);
    if (y >= 1990 && y <= 2040 && m >= 1 && m <= 12 && d >= 1 && d <= 31) return true;
    const int d2 = num(i, 2), m2 = num(i + 2, 2), y2 = num(i + 4, 4);
    if (y2 >= 1990 && y2 <= 2040 && m2 >= 1 && m2 <= 12 && d2 >= 1 && d2 <= 31) return true;
  }
  return false;
}
bool has_repeat(string_view t) {
  for (std::size_t i = 0; i + 4 <= t.size(); ++i)
    if (t[i] == t[i + 1] && t[i] == t[i + 2] && t[i] == t[i + 3]) return true;
  // The second half is the first.
  return t.size() >= 6 && t.size() % 2 == 0 && t.substr(0, t.size() / 2) == t.substr(t.size() / 2);
}

struct Pattern {
  const char* id;
  bool (*holds)(string_view);
  const char* title;  // "{} of {} passwords …"
  const char* next;
  bool whole = false;  // looked for with the fixed parts: a century is one
};
constexpr Pattern kPatterns[] = {
    {"common", has_common, "{} of {} passwords hold one of the 3 000 commonest passwords",
     "Make passwords from a random source"},
    {"words", is_words, "{} of {} passwords are words, with or without digits",
     "Count how many words the list has: two words and three digits are about 30 bits"},
    {"word", has_word, "{} of {} passwords hold an English word", "Make passwords from a random source"},
    {"sequence", has_walk, "{} of {} passwords hold a row of keys, digits or letters",
     "Make passwords from a random source"},
    {"date", has_date, "{} of {} passwords hold a date", "Keep dates out of passwords", true},
    {"repeat", has_repeat, "{} of {} passwords repeat themselves", "Make passwords from a random source"},
};

Finding finding(const char* id, string title, std::vector<std::uint32_t> units, double bound, const char* next) {
  Finding f;
  f.id = id;
  f.title = std::move(title);
  f.units = std::move(units);
  f.log10_bound = bound;
  f.by_chance = true;
  f.bans = {"S1P1.3d"};
  f.klass = "weak";
  f.next = next;
  return f;
}

}  // namespace

Entropy entropy_of(const Batch& batch, const Shape& shape) {
  Entropy e;
  std::set<string_view> different;
  e.shortest = SIZE_MAX;
  for (const Unit& u : batch.units) {
    different.insert(u.password);
    e.shortest = std::min(e.shortest, u.password.size());
    e.longest = std::max(e.longest, u.password.size());
  }
  e.different = different.size();
  if (shape.all_same) return e;
  e.alphabet = alphabet_size(shape.alphabet);
  // The shortest core is as strong as the weakest unit.
  std::size_t core = SIZE_MAX;
  for (const string& c : shape.cores) core = std::min(core, c.size());
  for (std::size_t i = 0; i < core; ++i) {
    std::array<std::size_t, 256> count{};
    std::set<char> seen;
    for (const string& c : shape.cores) ++count[static_cast<std::uint8_t>(c[i])], seen.insert(c[i]);
    const double size = position_size(seen, e.alphabet);
    e.space_bits += std::log2(std::max(size, 1.0));
    // Shannon's, with Miller's correction for a small sample.
    double h = 0;
    const auto n = static_cast<double>(shape.cores.size());
    for (const std::size_t c : count)
      if (c > 0) h -= static_cast<double>(c) / n * std::log2(static_cast<double>(c) / n);
    h += (static_cast<double>(seen.size()) - 1) / (2 * n * std::log(2));
    e.observed_bits += std::min(h, std::log2(std::max(size, 1.0)));
  }
  return e;
}

std::vector<Finding> find_weak(const Batch& batch, const Shape& shape, const Entropy& entropy) {
  std::vector<Finding> out;
  const std::size_t n = batch.units.size();
  const auto nd = static_cast<double>(n);

  // The same password twice: a fact, whatever the chance.
  std::map<string_view, std::vector<std::uint32_t>> by_password;
  for (std::size_t i = 0; i < n; ++i) by_password[batch.units[i].password].push_back(static_cast<std::uint32_t>(i));
  {
    Finding f;
    std::size_t shared = 0, most = 0;
    for (const auto& [password, units] : by_password)
      if (units.size() > 1) {
        ++shared, most = std::max(most, units.size());
        f.units.insert(f.units.end(), units.begin(), units.end());
      }
    if (shared > 0) {
      std::sort(f.units.begin(), f.units.end());
      f.id = "same-password";
      f.title = shape.all_same ? fmt::format("all {} units have one and the same password", n)
                : shared == 1
                    ? fmt::format("{} units have the same password", most)
                    : fmt::format("{} passwords stand on more than one unit, one of them on {}", shared, most);
      f.bans = {"S1P1.2"};
      f.next = "Give each device a password of its own";
      // With few values, equal ones are to be expected: said beside the fact.
      const double pairs = nd * (nd - 1) / 2 * std::pow(2, -entropy.space_bits);
      if (!shape.all_same && pairs > 0.01)
        f.formula = fmt::format("by chance, {:.{}f} pairs of equal passwords are to be expected among so few values",
                                pairs, pairs < 10 ? 2 : 0);
      out.push_back(std::move(f));
    }
  }
  {
    std::map<string_view, std::vector<std::uint32_t>> lists;
    for (const auto& [password, units] : by_password) {
      string_view list = default_list(password);
      if (list.empty() && is_common(lower(password)) && password.size() >= 4) list = "common";
      if (!list.empty()) lists[list].insert(lists[list].end(), units.begin(), units.end());
    }
    // A random password of four digits stands on a list easily; one that is expected there by chance is not accused.
    for (auto& [list, units] : lists) {
      const double p = list == "common" ? std::min(1.0, 3000 * std::pow(10, shape.log10_core))
                                        : std::min(1.0, 150 * std::pow(10, shape.log10_core));
      const double bound = shape.all_same ? -300 : log10_binomial_tail(n, units.size(), p);
      if (bound > kEach && entropy.space_bits < 40) continue;
      Finding f;
      f.id = "default-list", f.klass = "default-list";
      std::sort(units.begin(), units.end());
      f.title = list == "common"
                    ? fmt::format("{} of {} passwords are among the 3 000 commonest", units.size(), n)
                    : fmt::format("{} of {} passwords stand on the list of defaults “{}”", units.size(), n, list);
      f.units = std::move(units);
      f.bans = {"S1P1.3d"};
      f.next = "Make passwords from a random source";
      out.push_back(std::move(f));
    }
  }
  if (shape.all_same) return out;
  std::vector<std::uint32_t> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = static_cast<std::uint32_t>(i);

  if (entropy.space_bits < kLeastBits) {
    Finding f = finding("small-space",
                        fmt::format("there are at most {:.0f} passwords of this shape ({:.1f} bits)",
                                    std::pow(2, entropy.space_bits), entropy.space_bits),
                        all, 0, "Use at least six random digits, better ten random letters and digits");
    f.by_chance = false;
    out.push_back(std::move(f));
  }
  {  // More equal pairs than so many values give: a generator that only makes some of them.
    std::size_t pairs = 0;
    for (const auto& [password, units] : by_password) pairs += units.size() * (units.size() - 1) / 2;
    const double expected = nd * (nd - 1) / 2 * std::pow(2, -entropy.space_bits);
    if (pairs >= 3 && static_cast<double>(pairs) > expected) {
      const auto k = static_cast<double>(pairs);
      const double bound = (k * std::log(expected) - expected - std::lgamma(k + 1)) / std::log(10) + std::log10(k + 1);
      if (bound < kEach) {
        const double effective = nd * (nd - 1) / 2 / k;
        out.push_back(finding(
            "collisions",
            fmt::format(
                "equal passwords are so many that the generator makes only about {} different ones ({:.0f} bits)",
                grouped(static_cast<std::uint64_t>(effective)), std::log2(effective)),
            all, bound, "Seed the generator from a source with at least 64 bits"));
      }
    }
  }
  if (shape.one_length && n >= 8) {  // A character at a position far more often than its share.
    double worst = 0;
    std::size_t where = 0, biased = 0;
    for (std::size_t i = 0; i < shape.longest; ++i) {
      std::array<std::size_t, 256> count{};
      std::set<char> seen;
      std::size_t most = 0;
      for (const string& c : shape.cores)
        most = std::max(most, ++count[static_cast<std::uint8_t>(c[i])]), seen.insert(c[i]);
      const double size = position_size(seen, entropy.alphabet);
      // 36 where fewer are used: generators leave look-alikes out, so the least of both is assumed.
      const double used =
          std::max(2.0, std::min(size, std::max(2.0, static_cast<double>(shape.alphabet.size()) * 0.8)));
      double bound = log10_binomial_tail(n, most, 1 / used) + std::log10(used * static_cast<double>(shape.longest));
      // Few different characters where there could be many.
      const auto k = static_cast<double>(seen.size());
      if (k < used) {
        const double few = (std::lgamma(used + 1) - std::lgamma(k + 1) - std::lgamma(used - k + 1)) / std::log(10) +
                           nd * std::log10(k / used) + std::log10(static_cast<double>(shape.longest));
        bound = std::min(bound, few);
      }
      if (bound < kEach) ++biased;
      if (bound < worst) worst = bound, where = i;
    }
    if (worst < kEach) {
      Finding f = finding("bias",
                          fmt::format("characters are not evenly spread at {} of {} positions, worst at {}; about "
                                      "{:.0f} of {:.0f} bits are left",
                                      biased, shape.longest, where + 1, entropy.observed_bits, entropy.space_bits),
                          all, worst, "Take each character from a random source without remainder tricks");
      f.breaks = entropy.observed_bits < 40;
      if (!f.breaks) f.klass.clear(), f.bans.clear();
      out.push_back(std::move(f));
    }
  }
  if (shape.one_length && n >= 10 && shape.longest <= 12) {  // Rising or falling along the identifiers.
    double worst = 0;
    string by;
    for (std::size_t c = 0; c < batch.columns.size(); ++c) {
      if (batch.columns[c].kind == Kind::model) continue;
      std::vector<std::uint32_t> order = all;
      std::vector<string> bases;
      for (const Unit& u : batch.units) bases.push_back(base_of(batch, u, c));
      std::stable_sort(order.begin(), order.end(),
                       [&](std::uint32_t a, std::uint32_t b) { return natural_less(bases[a], bases[b]); });
      std::vector<std::uint32_t> ranks = all;
      std::stable_sort(ranks.begin(), ranks.end(),
                       [&](std::uint32_t a, std::uint32_t b) { return shape.cores[a] < shape.cores[b]; });
      std::vector<double> rank(n);
      for (std::size_t i = 0; i < n; ++i) rank[ranks[i]] = static_cast<double>(i);
      double d2 = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const double d = rank[order[i]] - static_cast<double>(i);
        d2 += d * d;
      }
      const double rho = 1 - 6 * d2 / (nd * (nd * nd - 1));
      // Spearman's rank correlation; its tail is below that of Hoeffding's bound for permutations, exp(-n rho^2 / 8).
      const double bound =
          -nd * rho * rho / 8 / std::log(10) + std::log10(2.0 * static_cast<double>(batch.columns.size()));
      if (bound < worst) worst = bound, by = words(Form{static_cast<std::uint16_t>(c), 0, {}}, batch);
    }
    if (worst < kEach)
      out.push_back(finding("order", fmt::format("passwords rise or fall with {}: one tells where the next lies", by),
                            all, worst, "Make passwords from a random source, not along the production line"));
    if (worst < kEach) out.back().bans = {"S1P1.3a"};
  }
  // Patterns: how many passwords have one, against how many random ones of the same shape have it.
  constexpr std::uint32_t kSamples = 5'000;
  Random random;
  std::array<std::uint32_t, std::size(kPatterns)> seen{};
  // Each position draws from the class of what is seen there, not from what is seen: structure is what is looked for.
  std::vector<string> alphabets(shape.longest);
  const auto folded = [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); };
  std::set<char> whole;
  for (const char c : shape.alphabet) whole.insert(folded(c));
  for (std::size_t i = 0; i < shape.longest; ++i) {
    std::set<char> s;
    for (const string& c : shape.cores)
      if (i < c.size()) s.insert(folded(c[i]));
    const auto all_in = [&](const std::set<char>& seen_here, string_view of) {
      return std::all_of(seen_here.begin(), seen_here.end(), [&](char c) { return of.find(c) != string_view::npos; });
    };
    if (n < 40) s = whole;
    if (all_in(s, "0123456789"))
      alphabets[i] = "0123456789";
    else if (all_in(s, "abcdefghijklmnopqrstuvwxyz"))
      alphabets[i] = "abcdefghijklmnopqrstuvwxyz";
    else
      alphabets[i].assign(whole.begin(), whole.end());
    if (all_in(whole, "0123456789abcdef") && !all_in(s, "0123456789")) alphabets[i] = "0123456789abcdef";
  }
  string sample;
  for (std::uint32_t k = 0; k < kSamples; ++k) {
    const string& like = shape.cores[random.below(static_cast<std::uint32_t>(n))];
    sample.clear();
    for (std::size_t i = 0; i < like.size(); ++i)
      sample += alphabets[i][random.below(static_cast<std::uint32_t>(alphabets[i].size()))];
    for (std::size_t p = 0; p < std::size(kPatterns); ++p)
      seen[p] += kPatterns[p].holds(kPatterns[p].whole ? lower(shape.prefix) + sample + lower(shape.suffix) : sample);
  }
  std::set<std::uint32_t> told;
  for (std::size_t p = 0; p < std::size(kPatterns); ++p) {
    std::vector<std::uint32_t> units;
    for (std::size_t i = 0; i < n; ++i)
      if (kPatterns[p].holds(lower(kPatterns[p].whole ? shape.wholes[i] : shape.cores[i])))
        units.push_back(static_cast<std::uint32_t>(i));
    // An upper bound of the chance rate, so that the sample's own error is on the safe side.
    const double rate = (seen[p] + 5 * std::sqrt(seen[p] + 1.0) + 5) / kSamples;
    const double bound = log10_binomial_tail(n, units.size(), rate);
    if (bound > kEach) continue;
    // What a narrower pattern has said of the same units is not said again.
    const bool news = std::any_of(units.begin(), units.end(), [&](std::uint32_t u) { return !told.contains(u); });
    if (!news) continue;
    told.insert(units.begin(), units.end());
    const std::size_t count = units.size();
    out.push_back(finding(kPatterns[p].id, fmt::format(fmt::runtime(kPatterns[p].title), count, n), std::move(units),
                          bound, kPatterns[p].next));
  }
  if (!shape.prefix.empty() || !shape.suffix.empty()) {
    Finding f;
    f.id = "fixed-part", f.breaks = false;
    f.title = fmt::format("{} characters are the same in all passwords", shape.prefix.size() + shape.suffix.size());
    f.units = all;
    f.next = "They add nothing; the rest has to be enough";
    out.push_back(std::move(f));
  }
  return out;
}

}  // namespace assay::passwords
