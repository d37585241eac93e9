#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "passwords/finding.h"

namespace assay::passwords {

using std::string;

double log10_binomial_tail(std::uint64_t n, std::uint64_t k, double p) {
  if (k == 0 || p >= 1) return 0;
  if (k > n || p <= 0) return -1e9;
  // Terms from k on; each next is smaller by a known factor once k lies above the mean.
  const auto nd = static_cast<double>(n), kd = static_cast<double>(k);
  if (kd <= nd * p) return 0;
  const double first = (std::lgamma(nd + 1) - std::lgamma(kd + 1) - std::lgamma(nd - kd + 1)) / std::log(10) +
                       kd * std::log10(p) + (nd - kd) * std::log10(1 - p);
  double sum = 1, term = 1;
  for (double j = kd; j < nd && term > sum * 1e-12; ++j) {
    term *= (nd - j) / (j + 1) * p / (1 - p);
    sum += term;
  }
  return std::min(0.0, first + std::log10(sum));
}

std::size_t alphabet_size(const string& characters) {
  bool digit = false, hexa = true, lower_ = false, upper_ = false, other = false;
  for (const char c : characters) {
    digit = digit || is_digit(c);
    lower_ = lower_ || (c >= 'a' && c <= 'z');
    upper_ = upper_ || (c >= 'A' && c <= 'Z');
    other = other || !is_alnum(c);
    hexa = hexa && (is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
  }
  if (other) return 94;
  if (lower_ && upper_) return digit ? 62 : 52;
  if (!lower_ && !upper_) return 10;
  if (hexa) return digit ? 16 : 6;
  if (!digit) return 26;
  return characters.size() <= 32 ? 32 : 36;
}

Shape shape_of(const Batch& batch, bool strip) {
  Shape s;
  const std::size_t n = batch.units.size();
  bool lower_ = false, upper_ = false;
  for (const Unit& u : batch.units) {
    s.wholes.push_back(u.password);
    for (const char c : u.password) {
      lower_ = lower_ || (c >= 'a' && c <= 'z');
      upper_ = upper_ || (c >= 'A' && c <= 'Z');
    }
  }
  s.folded = !(lower_ && upper_);
  s.capitals = s.folded && upper_;
  if (s.capitals)
    for (string& w : s.wholes) w = lower(w);
  s.all_same = std::all_of(s.wholes.begin(), s.wholes.end(), [&](const string& w) { return w == s.wholes[0]; });
  s.cores = s.wholes;
  if (strip && !s.all_same) {
    std::size_t shortest = SIZE_MAX, head = SIZE_MAX, tail = SIZE_MAX;
    const string& first = s.wholes[0];
    for (const string& w : s.wholes) {
      shortest = std::min(shortest, w.size());
      std::size_t i = 0;
      while (i < std::min(w.size(), first.size()) && w[i] == first[i]) ++i;
      head = std::min(head, i);
      i = 0;
      while (i < std::min(w.size(), first.size()) && w[w.size() - 1 - i] == first[first.size() - 1 - i]) ++i;
      tail = std::min(tail, i);
    }
    // With few units a shared character may be chance; then it stays a part of the core.
    if (n < 5) head = head >= 3 ? head : 0, tail = tail >= 3 ? tail : 0;
    head = std::min(head, shortest > 1 ? shortest - 1 : 0);
    tail = std::min(tail, shortest - head > 1 ? shortest - head - 1 : 0);
    s.prefix = batch.units[0].password.substr(0, head);
    s.suffix = batch.units[0].password.substr(batch.units[0].password.size() - tail);
    for (string& c : s.cores) c = c.substr(head, c.size() - head - tail);
    const bool same_length =
        std::all_of(s.cores.begin(), s.cores.end(), [&](const string& c) { return c.size() == s.cores[0].size(); });
    if (same_length) {
      for (std::size_t i = 0; i < s.cores[0].size(); ++i) {
        const char c = s.cores[0][i];
        if (!is_alnum(c) && std::all_of(s.cores.begin(), s.cores.end(), [&](const string& o) { return o[i] == c; }))
          s.fixed.push_back(i);
      }
      if (s.fixed.size() < s.cores[0].size())
        for (string& c : s.cores)
          for (auto it = s.fixed.rbegin(); it != s.fixed.rend(); ++it) c.erase(*it, 1);
      else
        s.fixed.clear();
    }
  }
  std::set<char> all;
  for (const string& c : s.cores) {
    s.longest = std::max(s.longest, c.size());
    s.one_length = s.one_length && c.size() == s.cores[0].size();
    all.insert(c.begin(), c.end());
  }
  s.alphabet.assign(all.begin(), all.end());
  const double size = static_cast<double>(
      std::min<std::size_t>(alphabet_size(s.alphabet), std::max<std::size_t>(s.alphabet.size(), 2) * 2));
  for (std::size_t i = 0; i < s.longest; ++i) {
    std::array<std::size_t, 256> count{};
    std::size_t with = 0, most = 0;
    for (const string& c : s.cores)
      if (i < c.size()) most = std::max(most, ++count[static_cast<std::uint8_t>(c[i])]), ++with;
    const double seen = static_cast<double>(most + 1) / (static_cast<double>(with) + size);
    s.log10_position.push_back(std::log10(std::min(1.0, n < 20 ? 1 / size : std::max(1 / size, seen))));
  }
  for (const double p : s.log10_position) s.log10_core += p;
  // Positions may depend on each other (words, dates): a password seen often is as likely as that.
  std::map<std::string_view, std::size_t> times;
  std::size_t most = 0;
  for (const string& c : s.cores) most = std::max(most, ++times[c]);
  if (most > 1) s.log10_core = std::max(s.log10_core, std::log10(static_cast<double>(most) / static_cast<double>(n)));
  return s;
}

double Shape::log10_positions(const std::vector<std::size_t>& positions) const {
  double sum = 0;
  for (const std::size_t i : positions) sum += log10_position[i];
  return std::max(sum, log10_core);
}

string Shape::decoration() const {
  string out;
  if (!prefix.empty())
    out += fmt::format("a fixed beginning of {} character{}, then ", prefix.size(), prefix.size() == 1 ? "" : "s");
  return out;
}

}  // namespace assay::passwords
