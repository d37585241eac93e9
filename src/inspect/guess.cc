#include "inspect/guess.h"

#include <crypt.h>

#include <algorithm>
#include <memory>

#include "base/data.h"
#include "base/text.h"

namespace assay::inspect {
namespace {

using std::string_view;

bool begins(string_view text, string_view start) { return text.substr(0, start.size()) == start; }
bool is_crypt64(string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '.' || c == '/'; });
}

// Microseconds of a guess; 0: refused. Measured once (4 µs a descrypt, 120 an md5crypt); SHA grows with its rounds,
// which the salt names.
std::uint64_t cost(string_view kind, string_view hash) {
  if (kind == "descrypt") return 4;
  if (kind == "md5crypt") return 120;
  if (kind == "sha256crypt" || kind == "sha512crypt") {
    std::uint64_t rounds = 5000;
    if (begins(hash.substr(3), "rounds=")) {
      rounds = 0;
      for (char c : hash.substr(10)) {
        if (!is_digit(c)) break;
        rounds = rounds * 10 + static_cast<std::uint64_t>(c - '0');
        if (rounds > 10000) return 0;
      }
      rounds = std::max<std::uint64_t>(rounds, 1000);  // libcrypt's own minimum
    }
    return rounds * (kind == "sha256crypt" ? 230 : 310) / 1000;
  }
  if (kind == "bcrypt") {
    const int log = (hash[4] - '0') * 10 + (hash[5] - '0');
    return log < 4 || log > 6 ? 0 : std::uint64_t{2200} << (log - 4) >> 1;
  }
  // yescrypt: its usual parameters "j9T" take 110 ms; others may take gigabytes.
  if (kind == "yescrypt") return begins(hash, "$y$j9T$") ? 110'000 : 0;
  return 0;
}

std::vector<DefaultPair> read_pairs() {
  std::vector<DefaultPair> out;
  for (const std::string& name : data::list("credentials/")) {
    const Result<const Node*> file = data::file(name);
    if (!file) continue;
    const Node& pairs = (**file)["pairs"];
    const std::string& list = (**file)["list"].text();
    for (const Node& pair : pairs.items())
      if (pair.items().size() == 2) out.push_back({pair.items()[0].text(), pair.items()[1].text(), list});
  }
  return out;
}

}  // namespace

string_view hash_kind(string_view field) {
  if (begins(field, "$")) {
    const std::size_t salt = field.find('$', 1);
    const std::size_t last = field.rfind('$');
    if (salt == string_view::npos || last <= salt) return salt == string_view::npos ? "" : "unknown";
    const string_view digest = field.substr(last + 1);
    if (begins(field, "$1$")) return digest.size() == 22 && is_crypt64(digest) ? "md5crypt" : "unknown";
    if (begins(field, "$5$")) return digest.size() == 43 && is_crypt64(digest) ? "sha256crypt" : "unknown";
    if (begins(field, "$6$")) return digest.size() == 86 && is_crypt64(digest) ? "sha512crypt" : "unknown";
    if (begins(field, "$2a$") || begins(field, "$2b$") || begins(field, "$2y$"))
      return field.size() == 60 && is_digit(field[4]) && is_digit(field[5]) && field[6] == '$' &&
                     is_crypt64(field.substr(7))
                 ? "bcrypt"
                 : "unknown";
    if (begins(field, "$y$")) return digest.size() == 43 && is_crypt64(digest) ? "yescrypt" : "unknown";
    return "unknown";
  }
  if (field.size() == 13 && is_crypt64(field)) return "descrypt";
  if (field.size() == 20 && field[0] == '_' && is_crypt64(field.substr(1))) return "unknown";  // BSDi
  return "";
}

const std::vector<DefaultPair>& default_pairs() {
  static const std::vector<DefaultPair> pairs = read_pairs();
  return pairs;
}

string_view default_list(string_view user, string_view password) {
  for (const DefaultPair& p : default_pairs())
    if (p.password == password && (user.empty() || p.user == user)) return p.list;
  return {};
}

Guess Guesser::open(string_view user, string_view hash, const std::vector<std::string>& about) {
  if (const auto known = done_.find(hash); known != done_.end()) return known->second;
  const std::uint64_t share = work_ / std::max<std::size_t>(left_, 1);
  if (left_ > 0) --left_;

  // First what is known of this user, then all other passwords, then what the device tells about itself.
  struct Candidate {
    std::string password, list;
  };
  std::vector<Candidate> candidates;
  std::set<string_view> seen;
  for (int round = 0; round < 2; ++round)
    for (const DefaultPair& p : default_pairs())
      if ((round == 1 || p.user == user) && seen.insert(p.password).second) candidates.push_back({p.password, p.list});
  const auto derived = [&](std::string text) {
    if (text.empty() || text.size() > 64 || text.find('\0') != std::string::npos) return;
    if (std::none_of(candidates.begin(), candidates.end(), [&](const Candidate& c) { return c.password == text; }))
      candidates.push_back({std::move(text), {}});
  };
  derived(std::string(user));
  for (const std::string& word : about) {
    derived(word);
    derived(lower(word));
  }

  Guess out;
  out.of = static_cast<unsigned>(candidates.size());
  const std::uint64_t each = cost(hash_kind(hash), hash);
  if (each == 0) {
    out.result = Guess::Result::refused;
  } else {
    const auto data = std::make_unique<crypt_data>();  // 32 kB
    const std::string setting(hash);
    for (const Candidate& c : candidates) {
      if ((out.tried + 1) * each > share) break;
      ++out.tried;
      const char* made = crypt_rn(c.password.c_str(), setting.c_str(), data.get(), sizeof(crypt_data));
      if (!made || hash != made) continue;
      out.result = Guess::Result::open;
      out.list = c.list;
      out.derived = c.list.empty();
      break;
    }
    work_ -= std::min(work_, out.tried * each);
  }
  done_.emplace(std::string(hash), out);
  return out;
}

}  // namespace assay::inspect
