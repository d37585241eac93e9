// Arithmetic: the password read as a number against the identifiers read as numbers. Constants are solved for from a
// few units, never tried, so that any 64-bit constant is found.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "passwords/lists.h"
#include "passwords/search.h"

namespace assay::passwords {
namespace {

using std::string;
using u64 = std::uint64_t;
using u128 = unsigned __int128;

// Numbers of all units; nothing where there is none.
struct Series {
  string words, expression;
  std::vector<std::optional<u64>> values;
  std::vector<Kind> kinds;
  u64 modulus = 0;  // of passwords: how many values their width has; 0: 2^64
  unsigned base = 10;
};

std::optional<u64> number(std::string_view text, const string& alphabet) {
  u64 v = 0;
  if (text.empty()) return std::nullopt;
  for (const char c : text) {
    const std::size_t d = alphabet.find(c);
    if (d == string::npos || v > (UINT64_MAX - d) / alphabet.size()) return std::nullopt;
    v = v * alphabet.size() + d;
  }
  return v;
}

u64 add_mod(u64 a, u64 b, u64 m) { return m ? static_cast<u64>((u128{a % m} + b % m) % m) : a + b; }
u64 sub_mod(u64 a, u64 b, u64 m) { return m ? static_cast<u64>((u128{a % m} + m - b % m) % m) : a - b; }
u64 mul_mod(u64 a, u64 b, u64 m) { return m ? static_cast<u64>(u128{a} * b % m) : a * b; }

// a with a * x = y (mod m), where x has an inverse; m 0 is 2^64.
std::optional<u64> divide_mod(u64 y, u64 x, u64 m) {
  __int128 r0 = m ? static_cast<__int128>(m) : static_cast<__int128>(1) << 64, r1 = m ? x % m : x, s0 = 0, s1 = 1;
  const __int128 whole = r0;
  while (r1 > 0) {
    const __int128 q = r0 / r1, r2 = r0 - q * r1, s2 = s0 - q * s1;
    r0 = r1, r1 = r2, s0 = s1, s1 = s2;
  }
  if (r0 != 1) return std::nullopt;
  const __int128 inverse = (s0 % whole + whole) % whole;
  return mul_mod(y, static_cast<u64>(inverse), m);
}

std::vector<Series> identifiers(const Batch& batch) {
  std::vector<Series> out;
  const auto put = [&](std::size_t column, const string& what, const char* call, auto&& value) {
    Series s;
    const Form f{static_cast<std::uint16_t>(column), 0, {}};
    s.words = fmt::format(fmt::runtime(what), words(f, batch));
    s.expression = fmt::format("{}({})", call, expression(f, batch));
    s.kinds = {batch.columns[column].kind};
    std::set<u64> different;
    for (const Unit& u : batch.units) {
      s.values.push_back(value(base_of(batch, u, column)));
      if (s.values.back()) different.insert(*s.values.back());
    }
    const bool again = std::any_of(out.begin(), out.end(), [&](const Series& o) { return o.values == s.values; });
    if (!again && (different.size() * 2 > batch.units.size() || different.size() > 20)) out.push_back(std::move(s));
  };
  for (std::size_t c = 0; c < batch.columns.size(); ++c) {
    if (batch.columns[c].kind == Kind::mac) {
      put(c, "{} as a number", "number", [](const string& t) { return number(t, "0123456789abcdef"); });
      put(c, "the last three bytes of {} as a number", "low24", [](const string& t) {
        return t.size() == 12 ? number(std::string_view(t).substr(6), "0123456789abcdef") : std::nullopt;
      });
      put(c, "{} as a number, bytes in reverse order", "number_reversed", [](const string& t) {
        const auto swapped = apply({{Op::swap_bytes, 0}}, t);
        return swapped ? number(*swapped, "0123456789abcdef") : std::nullopt;
      });
      continue;
    }
    put(c, "the digits of {} as a number", "digits", [](const string& t) {
      string d;
      for (const char ch : t)
        if (is_digit(ch)) d += ch;
      return d.size() > 19 ? number(std::string_view(d).substr(d.size() - 19), "0123456789") : number(d, "0123456789");
    });
    for (const std::size_t k : {4, 5, 6, 7, 8, 9, 10, 12})
      put(c, "the last " + std::to_string(k) + " digits of {}", "last_digits",
          [k](const string& t) -> std::optional<u64> {
            string d;
            for (const char ch : t)
              if (is_digit(ch)) d += ch;
            return d.size() > k ? number(std::string_view(d).substr(d.size() - k), "0123456789") : std::nullopt;
          });
    put(c, "the number at the end of {}", "trailing", [](const string& t) {
      std::size_t from = t.size();
      while (from > 0 && is_digit(t[from - 1]) && t.size() - from < 19) --from;
      return from == 0 ? std::nullopt : number(std::string_view(t).substr(from), "0123456789");
    });
    put(c, "the hexadecimal end of {}", "trailing_hex", [](const string& text) {
      const string t = lower(text);
      std::size_t from = t.size();
      while (from > 0 && string("0123456789abcdef").find(t[from - 1]) != string::npos && t.size() - from < 12) --from;
      bool letter = false;
      for (std::size_t i = from; i < t.size(); ++i) letter = letter || !is_digit(t[i]);
      return letter ? number(std::string_view(t).substr(from), "0123456789abcdef") : std::nullopt;
    });
    put(c, "{} in base 36", "base36",
        [](const string& t) { return number(lower(t), "0123456789abcdefghijklmnopqrstuvwxyz"); });
  }
  return out;
}

u64 power(u64 base, std::size_t exponent) {
  u64 v = 1;
  for (std::size_t i = 0; i < exponent; ++i) {
    if (v > UINT64_MAX / base) return 0;
    v *= base;
  }
  return v;
}

// The passwords as numbers, each way that fits.
std::vector<Series> passwords_as_numbers(const Shape& shape) {
  std::vector<Series> out;
  const auto put = [&](const string& alphabet, const char* what) {
    Series s;
    s.words = what;
    s.base = static_cast<unsigned>(alphabet.size());
    for (const char c : shape.alphabet)
      if (alphabet.find(c) == string::npos) return;
    for (const string& c : shape.cores) s.values.push_back(number(c, alphabet));
    s.modulus = shape.one_length ? power(alphabet.size(), shape.longest) : 0;
    if (std::any_of(s.values.begin(), s.values.end(), [](const auto& v) { return v.has_value(); }))
      out.push_back(std::move(s));
  };
  const string az = "abcdefghijklmnopqrstuvwxyz";
  put("0123456789", "a decimal number");
  put("0123456789abcdef", "a hexadecimal number");
  if (shape.folded) {
    put(az, "a number in base 26");
    put("0123456789" + az, "a number in base 36");
    put(az + "0123456789", "a number in base 36, letters first");
  } else {
    string upper = az;
    for (char& c : upper) c = static_cast<char>(c - 32);
    put("0123456789" + az + upper, "a number in base 62");
    put("0123456789" + upper + az, "a number in base 62, capitals first");
    put(upper + az + "0123456789", "a number in base 62, digits last");
  }
  if (shape.folded)
    for (const NumberedList& list : numbered_lists()) {
      std::map<string, u64, std::less<>> place;
      for (std::size_t i = 0; i < list.words.size(); ++i) place.emplace(list.words[i], i);
      Series s;
      std::size_t there = 0;
      for (const string& c : shape.cores) {
        // The first word of the password; digits behind it are left out.
        std::size_t size = 0;
        while (size < c.size() && c[size] >= 'a' && c[size] <= 'z') ++size;
        const auto it = place.find(c.substr(0, size));
        s.values.push_back(it == place.end() ? std::nullopt : std::optional<u64>(it->second));
        there += it != place.end();
      }
      s.modulus = list.words.size();
      s.words = fmt::format("the place of its word in the list {}", list.name);
      if (there * 2 > shape.cores.size()) out.push_back(std::move(s));
    }
  return out;
}

struct Relation {
  string words;
  std::size_t solved_from = 1;  // units that the constants were taken from
  std::vector<std::uint32_t> units;
  std::size_t told = 0;
  double modulus = 0;  // values the relation chooses among
};

// Best of the relations that `make` proposes from a few units, by the units it holds for.
template <class Make>
void propose(std::optional<Relation>& best, const Series& v, const Series& w, std::size_t solved_from, Make&& make) {
  std::vector<std::size_t> both;
  for (std::size_t i = 0; i < v.values.size(); ++i)
    if (v.values[i] && w.values[i]) both.push_back(i);
  if (both.size() < solved_from + 1) return;
  std::set<string> seen;
  for (std::size_t choice = 0; choice < 12; ++choice) {
    std::vector<std::size_t> from;
    for (std::size_t k = 0; k < solved_from; ++k)
      from.push_back(both[(choice * 5 + k * (choice % 3 + 1)) % both.size()]);
    std::sort(from.begin(), from.end());
    if (std::unique(from.begin(), from.end()) != from.end()) continue;
    auto relation = make(from);  // optional<pair<string, function(u64) -> optional<u64>>>
    if (!relation || !seen.insert(relation->first).second) continue;
    Relation r;
    r.words = relation->first;
    r.solved_from = solved_from;
    r.told = both.size();
    // A few units first: most proposals hold for none but those that they were solved from.
    std::size_t tried = 0, held = 0;
    for (std::size_t k = 0; k < both.size() && tried < 48; k += std::max<std::size_t>(1, both.size() / 48), ++tried) {
      const std::optional<u64> made = relation->second(*v.values[both[k]]);
      held += made && *made == *w.values[both[k]];
    }
    if (held == 0) continue;
    for (const std::size_t i : both) {
      const std::optional<u64> made = relation->second(*v.values[i]);
      if (made && *made == *w.values[i]) r.units.push_back(static_cast<std::uint32_t>(i));
    }
    if (!best || r.units.size() > best->units.size()) best = std::move(r);
  }
}

std::optional<Relation> relate(const Series& v, const Series& w) {
  using F = std::function<std::optional<u64>(u64)>;
  using Made = std::optional<std::pair<string, F>>;
  const auto V = [&](std::size_t i) { return *v.values[i]; };
  const auto W = [&](std::size_t i) { return *w.values[i]; };
  std::optional<Relation> best;
  const u64 m = w.modulus;
  const auto good = [&] { return best && best->units.size() * 10 > best->told * 9; };
  propose(best, v, w, 1, [&](const auto& u) -> Made {
    const u64 c = sub_mod(W(u[0]), V(u[0]), m);
    return Made({c == 0 ? string("itself") : fmt::format("plus {}", c), F([c, m](u64 x) { return add_mod(x, c, m); })});
  });
  if (good()) return best;
  propose(best, v, w, 1, [&](const auto& u) -> Made {
    const u64 c = add_mod(W(u[0]), V(u[0]), m);
    return Made({fmt::format("taken from {}", c), F([c, m](u64 x) { return sub_mod(c, x, m); })});
  });
  if (good()) return best;
  // XOR: over the bits the password has, or over whole words.
  for (const u64 mask : {m > 0 && (m & (m - 1)) == 0 ? m - 1 : u64{0}, u64{0xffffffff}, UINT64_MAX}) {
    if (mask == 0) continue;
    propose(best, v, w, 1, [&](const auto& u) -> Made {
      const u64 c = (W(u[0]) ^ V(u[0])) & mask;
      return Made({fmt::format("XOR {:#x}", c), F([c, mask, m](u64 x) {
                     const u64 y = (x & mask) ^ c;
                     return std::optional<u64>(m ? y % m : y);
                   })});
    });
    if (good()) return best;
  }
  for (const u64 k : {2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 32, 64, 100, 256})  // counted in steps of k
    for (u64 r = 0; r < std::min<u64>(k, 16); ++r) {
      propose(best, v, w, 1, [&](const auto& u) -> Made {
        const u64 c = sub_mod(W(u[0]), (V(u[0]) + r) / k, m);
        return Made({fmt::format("plus {}, divided by {}, plus {}", r, k, c),
                     F([c, k, r, m](u64 x) { return add_mod((x + r) / k, c, m); })});
      });
      if (good()) return best;
    }
  for (const u64 modulus : {m, u64{1} << 32, (u64{1} << 31) - 1, u64{1} << 31, u64{1} << 48, u64{0}}) {
    propose(best, v, w, 2, [&](const auto& u) -> Made {
      const auto a = divide_mod(sub_mod(W(u[1]), W(u[0]), modulus), sub_mod(V(u[1]), V(u[0]), modulus), modulus);
      if (!a || *a < 2) return {};
      const u64 c = sub_mod(W(u[0]), mul_mod(*a, V(u[0]), modulus), modulus);
      return Made(
          {fmt::format("times {} plus {} (modulo {})", *a, c, modulus ? std::to_string(modulus) : "2^64"),
           F([a = *a, c, modulus](u64 x) { return std::optional<u64>(add_mod(mul_mod(a, x, modulus), c, modulus)); })});
    });
    if (good()) return best;
  }
  return best;
}

// Along an order of the units: a counter, or a linear congruential sequence.
struct Order {
  string words;
  std::vector<std::size_t> units;
};

std::vector<Order> orders(const Batch& batch) {
  std::vector<Order> out;
  Order file{"the lines of the file", {}};
  for (std::size_t i = 0; i < batch.units.size(); ++i) file.units.push_back(i);
  for (std::size_t c = 0; c < batch.columns.size(); ++c) {
    if (batch.columns[c].kind == Kind::model) continue;
    Order o{words(Form{static_cast<std::uint16_t>(c), 0, {}}, batch), file.units};
    std::vector<string> bases;
    for (const Unit& u : batch.units) bases.push_back(base_of(batch, u, c));
    std::stable_sort(o.units.begin(), o.units.end(),
                     [&](std::size_t a, std::size_t b) { return natural_less(bases[a], bases[b]); });
    out.push_back(std::move(o));
  }
  out.push_back(std::move(file));
  return out;
}

std::optional<Finding> sequence(const Series& w, const Order& order, double tests) {
  const std::size_t n = order.units.size();
  if (n < 4) return std::nullopt;
  const auto W = [&](std::size_t i) { return w.values[order.units[i]]; };
  // Which pairs (i, i+1) a step explains; the unit behind is the explained one.
  const auto holds = [&](auto&& next) {
    std::vector<std::uint32_t> units;
    for (std::size_t i = 0; i + 1 < n; ++i)
      if (W(i) && W(i + 1) && next(*W(i)) == *W(i + 1)) units.push_back(static_cast<std::uint32_t>(order.units[i + 1]));
    return units;
  };
  std::optional<Finding> best;
  const auto offer = [&](std::vector<std::uint32_t> units, string formula, bool counter, double values,
                         std::size_t solved) {
    if (units.size() < 3 || (best && units.size() <= best->units.size())) return;
    Finding f;
    f.by_chance = true;
    // The constants were taken from `solved` of the steps: these prove nothing.
    const std::size_t k = units.size() > solved ? units.size() - solved : 0;
    f.log10_bound = std::min(0.0, std::log10(tests * 64) + log10_binomial_tail(n - 1 - solved, k, 1 / values));
    if (f.log10_bound > kFamilyLog10) return;
    f.units = std::move(units);
    std::sort(f.units.begin(), f.units.end());
    f.id = "counter", f.klass = "derived";
    f.formula = std::move(formula);
    f.expression = f.formula;
    f.bans = {counter ? "S1P1.3a" : "S1P1.3d"};
    if (!counter) f.bans.insert(f.bans.begin(), "S1P1.3a");
    best = std::move(f);
  };
  // By chance, the next number is one of those between the least and the greatest.
  u64 least = UINT64_MAX, greatest = 0;
  for (const auto& v : w.values)
    if (v) least = std::min(least, *v), greatest = std::max(greatest, *v);
  const double values = std::max(2.0, static_cast<double>(greatest - least) + 1);
  // Constant steps: the commonest difference, up to a million.
  std::map<std::int64_t, std::size_t> steps;
  for (std::size_t i = 0; i + 1 < n; ++i)
    if (W(i) && W(i + 1)) ++steps[static_cast<std::int64_t>(*W(i + 1) - *W(i))];
  for (const auto& [step, times] : steps) {
    if (step == 0 || times * 4 < n) continue;
    offer(holds([s = step](u64 x) { return x + static_cast<u64>(s); }),
          fmt::format("{} that goes {} by {} from unit to unit, in the order of {}", w.words, step > 0 ? "up" : "down",
                      std::abs(step), order.words),
          true, values, 1);
  }
  if (best && best->units.size() * 10 > n * 8) return best;
  for (const u64 m : {w.modulus, u64{1} << 32, u64{1} << 31, (u64{1} << 31) - 1, u64{1} << 24, u64{1} << 48, u64{0},
                      power(10, 8), power(10, 9), power(10, 10), power(10, 6)}) {
    for (std::size_t i = 0; i + 2 < n && i < 40; ++i) {
      if (!W(i) || !W(i + 1) || !W(i + 2)) continue;
      if (m && (*W(i) >= m || *W(i + 1) >= m || *W(i + 2) >= m)) break;
      const auto a = divide_mod(sub_mod(*W(i + 2), *W(i + 1), m), sub_mod(*W(i + 1), *W(i), m), m);
      if (!a || *a < 2) continue;
      const u64 c = sub_mod(*W(i + 1), mul_mod(*a, *W(i), m), m);
      offer(holds([a = *a, c, m](u64 x) { return add_mod(mul_mod(a, x, m), c, m); }),
            fmt::format("{}, each {} times the one before plus {} (modulo {}), in the order of {}", w.words, *a, c,
                        m ? std::to_string(m) : "2^64", order.words),
            false, values, 2);
      if (best) break;
    }
    if (best && best->units.size() * 10 > n * 8) break;
  }
  return best;
}

// Random generators of the C libraries, seeded with an identifier: the seed is not tried, it is read.
struct Generator {
  const char* name;
  u64 (*next)(u64& state);
};
constexpr Generator kGenerators[] = {
    {"rand() of the C standard", [](u64& s) { return (s = (s * 1103515245 + 12345) & 0xffffffff) >> 16 & 0x7fff; }},
    {"rand() of the C standard, all bits", [](u64& s) { return s = (s * 1103515245 + 12345) & 0x7fffffff; }},
    {"rand() of Visual C", [](u64& s) { return (s = (s * 214013 + 2531011) & 0xffffffff) >> 16 & 0x7fff; }},
    {"the minimal standard generator", [](u64& s) { return s = s % 2147483647 * 16807 % 2147483647; }},
    {"Numerical Recipes' generator", [](u64& s) { return s = (s * 1664525 + 1013904223) & 0xffffffff; }},
    {"Java's Random", [](u64& s) { return (s = (s * 0x5DEECE66DULL + 0xB) & ((u64{1} << 48) - 1)) >> 17; }},
};

std::vector<Finding> seeded(const Batch& batch, const Shape& shape, const std::vector<Series>& ids) {
  std::vector<string> alphabets = {"0123456789abcdef"};
  for (const Encoding& e : encodings_for(shape, {}))
    if (e.writing == Writing::modulo && e.stride == 1) alphabets.push_back(e.alphabet);
  for (const Series& v : ids)
    for (const Generator& g : kGenerators)
      for (const string& alphabet : alphabets)
        for (unsigned skip = 0; skip < 3; ++skip) {
          Finding f;
          std::size_t told = 0;
          for (std::size_t i = 0; i < batch.units.size(); ++i) {
            if (!v.values[i]) continue;
            u64 state = *v.values[i];
            if (g.name[0] == 'J') state = (state ^ 0x5DEECE66DULL) & ((u64{1} << 48) - 1);
            for (unsigned k = 0; k < skip; ++k) g.next(state);
            ++told;
            bool equal = true;
            for (const char c : shape.cores[i])
              if (alphabet[g.next(state) % alphabet.size()] != c) {
                equal = false;
                break;
              }
            if (equal) f.units.push_back(static_cast<std::uint32_t>(i));
            if (told == 40 && f.units.empty()) break;
          }
          if (f.units.size() < 2) continue;
          const double tests = static_cast<double>(ids.size() * std::size(kGenerators) * alphabets.size() * 3);
          f.by_chance = true;
          f.log10_bound = std::min(
              0.0, std::log10(tests) + log10_binomial_tail(told, f.units.size(), std::pow(10, shape.log10_core)));
          if (f.log10_bound > kFamilyLog10) continue;
          f.id = "derived", f.klass = "derived";
          f.tried = tests;
          f.formula = fmt::format("{}{} seeded with {}, each number, remainder by {}, taken from the {} characters {}…",
                                  shape.decoration(), g.name, v.words, alphabet.size(), alphabet.size(),
                                  alphabet.substr(0, 12));
          f.expression = fmt::format("generator(\"{}\",{},\"{}\")", g.name, v.expression, alphabet);
          f.bans = bans_of(v.kinds);
          return {f};
        }
  return {};
}

}  // namespace

std::vector<Finding> find_arithmetic(const Batch& batch) {
  std::optional<Finding> best;
  const std::vector<Series> ids = identifiers(batch);
  const std::vector<Order> all_orders = orders(batch);
  const auto better = [&](Finding f) {
    if (!best || f.units.size() > best->units.size()) best = std::move(f);
  };
  for (const bool strip : {false, true}) {
    const Shape shape = shape_of(batch, strip);
    if (shape.all_same) return {};
    if (strip && shape.prefix.empty() && shape.suffix.empty() && shape.fixed.empty()) break;
    const std::vector<Series> numbers = passwords_as_numbers(shape);
    const double tests =
        static_cast<double>(numbers.size() * std::max<std::size_t>(ids.size() + all_orders.size(), 1) * 2);
    for (const Series& w : numbers) {
      for (const Order& o : all_orders)
        if (auto f = sequence(w, o, tests)) {
          f->formula = shape.decoration() + f->formula;
          f->expression.clear();
          better(std::move(*f));
        }
      for (const Series& v : ids) {
        const auto r = relate(v, w);
        if (!r || r->units.size() < 3) continue;
        Finding f;
        f.by_chance = true;
        const std::size_t k = r->units.size() - r->solved_from;
        // How likely one number of the password is by chance: as one value of its width, or as its characters are seen.
        const double p = std::max(shape.log10_core, w.modulus ? -std::log10(static_cast<double>(w.modulus)) : -9.0);
        f.log10_bound = std::min(
            0.0, std::log10(tests * 12 * 200) + log10_binomial_tail(r->told - r->solved_from, k, std::pow(10, p)));
        if (f.log10_bound > kFamilyLog10) continue;
        f.units = r->units;
        f.id = "derived", f.klass = "derived";
        f.tried = tests * 2400;
        f.formula = fmt::format("{}{}: {}{}{}", shape.decoration(), w.words, v.words, r->words == "itself" ? "" : ", ",
                                r->words == "itself" ? "" : r->words);
        f.expression = fmt::format("number({}{})", v.expression, r->words == "itself" ? "" : ", " + r->words);
        f.bans = bans_of(v.kinds);
        better(std::move(f));
      }
    }
    for (Finding& f : seeded(batch, shape, ids)) better(std::move(f));
  }
  if (!best) return {};
  return {*best};
}

std::vector<Finding> find_positions(const Batch& batch) {
  const Shape shape = shape_of(batch, true);
  if (shape.all_same || !shape.one_length || batch.columns.empty() || batch.units.size() < 10) return {};
  const std::size_t n = std::min<std::size_t>(batch.units.size(), 2000);
  struct Source {
    std::size_t column;
    bool from_end;
    std::size_t at;
    std::vector<int> values;  // -1: none
  };
  std::vector<Source> sources;
  for (std::size_t c = 0; c < batch.columns.size(); ++c)
    for (std::size_t at = 0; at < 24; ++at) {
      Source s{c, true, at, {}};
      std::set<int> different;
      for (std::size_t i = 0; i < n; ++i) {
        const string base = base_of(batch, batch.units[i], c);
        s.values.push_back(at < base.size() ? static_cast<std::uint8_t>(base[base.size() - 1 - at]) : -1);
        different.insert(s.values.back());
      }
      if (different.size() > 1) sources.push_back(std::move(s));
    }
  Finding f;
  std::vector<string> parts;
  std::vector<Kind> read;
  double bound = 0;
  std::size_t told = 0, varying = 0;
  for (std::size_t i = 0; i < shape.longest; ++i) {
    std::set<char> seen;
    for (std::size_t u = 0; u < n; ++u) seen.insert(shape.cores[u][i]);
    if (seen.size() < 2) continue;
    ++varying;
    double best = 0;
    const Source* from = nullptr;
    for (const Source& s : sources) {
      // The character is a function of that one: units that agree on the one agree on the other.
      std::map<int, char> maps;
      std::size_t agreements = 0;
      bool function = true;
      for (std::size_t u = 0; u < n && function; ++u) {
        if (s.values[u] < 0) continue;
        const auto [it, fresh] = maps.emplace(s.values[u], shape.cores[u][i]);
        if (!fresh) ++agreements, function = it->second == shape.cores[u][i];
      }
      if (!function) continue;
      const double log10_p = static_cast<double>(agreements) * shape.log10_position[i];
      if (log10_p < best) best = log10_p, from = &s;
    }
    const double corrected =
        best + std::log10(static_cast<double>(std::max<std::size_t>(sources.size() * shape.longest, 1)));
    if (!from || corrected > kFamilyLog10 - 1) continue;
    ++told;
    bound = std::min(0.0, bound) + corrected;
    parts.push_back(fmt::format("character {} from character {} from the end of {}", i + 1, from->at + 1,
                                words(Form{static_cast<std::uint16_t>(from->column), 0, {}}, batch)));
    read.push_back(batch.columns[from->column].kind);
  }
  if (told == 0 || told * 2 < varying) return {};
  for (std::size_t u = 0; u < batch.units.size(); ++u) f.units.push_back(static_cast<std::uint32_t>(u));
  f.id = "derived", f.klass = "derived";
  f.by_chance = true;
  f.log10_bound = bound;
  f.tried = static_cast<double>(sources.size() * shape.longest);
  f.formula =
      fmt::format("{}each character a fixed function of one printed character ({} of {} varying characters): {}",
                  shape.decoration(), told, varying, join(parts, ", "));
  f.expression = "substitution(" + std::to_string(told) + "/" + std::to_string(varying) + ")";
  if (told < varying) f.title = "in part";
  std::sort(read.begin(), read.end());
  read.erase(std::unique(read.begin(), read.end()), read.end());
  f.bans = bans_of(read);
  return {f};
}

}  // namespace assay::passwords
