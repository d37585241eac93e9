// Copies: passwords that are pieces of identifiers side by side. Instead of enumerating joins, every piece of the
// password is looked for in every form of every identifier at once, and the cheapest row of pieces that covers it is
// kept. Characters that no piece explains may remain; then the password is derived in part.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "passwords/search.h"

namespace assay::passwords {
namespace {

using std::string;

constexpr std::size_t kUnits = 5;  // on which pieces are found
constexpr std::size_t kLongest = 64;

struct Piece {
  enum class Kind : std::uint8_t { copy, fixed, free } kind = Kind::free;
  std::size_t from = 0, size = 0;  // in the password
  std::size_t form = 0;
  std::size_t offset = 0;
  bool from_end = false;  // offset counts from the end of the form to the end of the piece
};

// The slice of a form that a piece takes.
bool holds(const Piece& p, const string& form, const string& password) {
  if (p.from + p.size > password.size() || p.offset + p.size > form.size()) return false;
  const std::size_t at = p.from_end ? form.size() - p.offset - p.size : p.offset;
  return password.compare(p.from, p.size, form, at, p.size) == 0;
}

std::vector<Piece> cover(const std::vector<FormValues>& all, const std::vector<string>& words, const Shape& whole,
                         bool folded) {
  const std::size_t length = words[0].size();
  // Cheapest row of pieces up to each position.
  struct Step {
    unsigned cost = UINT32_MAX;
    Piece piece;
  };
  std::vector<Step> best(length + 1);
  best[0].cost = 0;
  for (std::size_t i = 0; i < length; ++i) {
    if (best[i].cost == UINT32_MAX) continue;
    const auto reach = [&](const Piece& p, unsigned cost) {
      Step& to = best[i + p.size];
      if (best[i].cost + cost < to.cost) to = {best[i].cost + cost, p};
    };
    reach({Piece::Kind::free, i, 1, 0, 0, false}, 60);
    for (std::size_t size = 1; i + size <= length; ++size) {
      const bool same = std::all_of(whole.wholes.begin(), whole.wholes.end(), [&](const string& w) {
        return w.size() >= i + size && w.compare(i, size, words[0], i, size) == 0;
      });
      if (!same) break;
      reach({Piece::Kind::fixed, i, size, 0, 0, false}, 11);
    }
    for (std::size_t f = 0; f < all.size(); ++f) {
      std::vector<string> values = all[f].values;
      if (folded)
        for (string& v : values) v = lower(v);
      for (std::size_t offset = 0; offset < values[0].size(); ++offset)
        for (const bool from_end : {false, true}) {
          if (from_end &&
              std::all_of(values.begin(), values.end(), [&](const string& v) { return v.size() == values[0].size(); }))
            continue;  // the same as from the beginning
          std::size_t size = SIZE_MAX;
          for (std::size_t u = 0; u < words.size() && size > 0; ++u) {
            const string& v = values[u];
            if (offset >= v.size()) {
              size = 0;
              break;
            }
            const std::size_t at = from_end ? v.size() - 1 - offset : offset;
            std::size_t n = 0;
            while (i + n < length && at + n < v.size() && words[u][i + n] == v[at + n]) ++n;
            size = std::min(size, n);
          }
          for (std::size_t s = size == SIZE_MAX ? 0 : size; s > 0; --s) {
            const std::size_t o = from_end ? offset + 1 - std::min(offset + 1, s) : offset;
            if (from_end && offset + 1 < s) continue;
            reach({Piece::Kind::copy, i, s, f, o, from_end}, 10 + 3 * all[f].form.depth + (s == 1 ? 8 : 0));
          }
        }
    }
  }
  std::vector<Piece> out;
  for (std::size_t at = length; at > 0; at = out.back().from) out.push_back(best[at].piece);
  std::reverse(out.begin(), out.end());
  return out;
}

string words_of(const std::vector<Piece>& pieces, const std::vector<FormValues>& all, const Batch& batch,
                const Shape& whole) {
  std::vector<string> parts;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& p = pieces[i];
    if (p.kind == Piece::Kind::copy) {
      const std::size_t form_size = all[p.form].values[0].size();
      const string of = words(all[p.form].form, batch);
      if (p.offset == 0 && p.size == form_size)
        parts.push_back(of);
      else if (p.from_end ? p.offset == 0 : p.offset + p.size == form_size)
        parts.push_back(fmt::format("the last {} characters of {}", p.size, of));
      else if (!p.from_end && p.offset == 0)
        parts.push_back(fmt::format("the first {} characters of {}", p.size, of));
      else
        parts.push_back(fmt::format("characters {} to {} of {}", p.offset + 1, p.offset + p.size, of));
      if (p.size == 1)
        parts.back() = fmt::format("character {}{} of {}", p.offset + 1, p.from_end ? " from the end" : "", of);
    } else {
      std::size_t size = p.size;
      while (i + 1 < pieces.size() && pieces[i + 1].kind == p.kind) size += pieces[++i].size;
      parts.push_back(fmt::format("{} {} character{}", size, p.kind == Piece::Kind::fixed ? "fixed" : "other",
                                  size == 1 ? "" : "s"));
    }
  }
  string out = join(parts, ", then ");
  if (whole.capitals) out += ", in capitals";
  return out;
}

string expression_of(const std::vector<Piece>& pieces, const std::vector<FormValues>& all, const Batch& batch) {
  std::vector<string> parts;
  for (const Piece& p : pieces) {
    if (p.kind == Piece::Kind::copy)
      parts.push_back(p.from_end
                          ? fmt::format("{}[-{}:-{}]", expression(all[p.form].form, batch), p.offset + p.size, p.offset)
                          : fmt::format("{}[{}:{}]", expression(all[p.form].form, batch), p.offset, p.offset + p.size));
    else
      parts.push_back(fmt::format("{}({})", p.kind == Piece::Kind::fixed ? "fixed" : "other", p.size));
  }
  return join(parts, " + ");
}

}  // namespace

std::vector<Finding> find_copies(const Batch& batch) {
  const Shape whole = shape_of(batch, false);
  if (whole.all_same || batch.columns.empty()) return {};
  // Passwords of one length, the commonest.
  std::map<std::size_t, std::vector<std::size_t>> by_length;
  for (std::size_t i = 0; i < batch.units.size(); ++i) by_length[batch.units[i].password.size()].push_back(i);
  const auto& group = std::max_element(by_length.begin(), by_length.end(), [](const auto& a, const auto& b) {
                        return a.second.size() < b.second.size();
                      })->second;
  if (group.size() < 2 || batch.units[group[0]].password.size() > kLongest) return {};
  std::vector<std::size_t> filled;
  for (const std::size_t i : group)
    if (std::none_of(batch.units[i].identifiers.begin(), batch.units[i].identifiers.end(),
                     [](const string& s) { return s.empty(); }))
      filled.push_back(i);
  const std::vector<std::size_t>& pool = filled.size() >= 2 ? filled : group;

  std::optional<Finding> best;
  const std::size_t n = std::min(kUnits, pool.size());
  // Odd units must not hide it: several choices of units to find pieces on.
  for (std::size_t choice = 0; choice < (pool.size() > n ? 4u : 1u); ++choice) {
    std::vector<const Unit*> units;
    std::vector<string> passwords;
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t at = choice == 0   ? k * (pool.size() - 1) / (n - 1)
                             : choice == 1 ? k
                             : choice == 2 ? pool.size() - 1 - k
                                           : (k * 7 + 3) % pool.size();
      units.push_back(&batch.units[pool[at]]);
      passwords.push_back(whole.wholes[pool[at]]);
    }
    std::vector<FormValues> all = forms(batch, units, 1);
    // Slices are what is looked for; heads and tails of their own would only be found twice.
    std::erase_if(all, [](const FormValues& f) {
      return std::any_of(f.form.steps.begin(), f.form.steps.end(),
                         [](const Step& s) { return s.op == Op::head || s.op == Op::tail || s.op == Op::raw; });
    });
    const std::vector<Piece> pieces = cover(all, passwords, whole, whole.folded);
    std::size_t copied = 0, varying = 0, used = 0;
    double log10_p = 0;
    std::vector<Kind> read;
    for (const Piece& p : pieces) {
      if (p.kind == Piece::Kind::copy) {
        ++used;
        read.push_back(batch.columns[all[p.form].form.column].kind);
        for (std::size_t i = p.from; i < p.from + p.size; ++i) {
          const bool fixed = std::all_of(group.begin(), group.end(), [&](std::size_t u) {
            return whole.wholes[u][i] == whole.wholes[group[0]][i];
          });
          if (!fixed) ++copied, log10_p += whole.log10_position[i];
        }
      } else if (p.kind == Piece::Kind::free) {
        varying += p.size;
      }
    }
    if (copied == 0 || copied < varying) continue;
    Finding f;
    std::size_t told = 0;
    for (const std::size_t u : group) {
      bool all_there = true, equal = true;
      for (const Piece& p : pieces) {
        if (p.kind != Piece::Kind::copy) continue;
        auto value = apply(all[p.form].form, batch, batch.units[u]);
        if (!value) {
          all_there = false;
          break;
        }
        if (whole.folded) value = lower(*value);
        equal = equal && holds(p, *value, whole.wholes[u]);
      }
      told += all_there;
      if (all_there && equal) f.units.push_back(static_cast<std::uint32_t>(u));
    }
    // Each piece could have been any slice of any form.
    const double choices =
        static_cast<double>(used) * std::log10(static_cast<double>(all.size()) * 32 * 8) + std::log10(4.0);
    if (varying == 0) log10_p = std::max(log10_p, whole.log10_core);
    f.log10_bound = std::min(0.0, choices + log10_binomial_tail(told, f.units.size(), std::pow(10, log10_p)));
    if (f.log10_bound > kFamilyLog10) continue;
    f.by_chance = true;
    f.id = "derived", f.klass = "derived";
    f.formula = words_of(pieces, all, batch, whole);
    f.expression = expression_of(pieces, all, batch);
    if (varying > 0) {
      f.title = "in part";
      f.formula += fmt::format("; {} of {} varying characters are explained", copied, copied + varying);
    }
    f.tried = static_cast<double>(all.size());
    std::sort(read.begin(), read.end());
    read.erase(std::unique(read.begin(), read.end()), read.end());
    f.bans = bans_of(read);
    if (!best || f.units.size() > best->units.size()) best = std::move(f);
  }
  if (!best) return {};
  return {*best};
}

}  // namespace assay::passwords
