// Opening password hashes with lists of known defaults, by libcrypt, for a bounded and deterministic amount of work.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace assay::inspect {

// "descrypt", "md5crypt", "sha256crypt", "sha512crypt", "bcrypt", "yescrypt"; "unknown" for another hash, "" for what
// is none.
std::string_view hash_kind(std::string_view field);

struct DefaultPair {
  std::string user, password, list;
};
// All lists of data/credentials/, in the order of their names. Built once.
const std::vector<DefaultPair>& default_pairs();
// The list that has this pair (or, with an empty user, this password); "" where none has.
std::string_view default_list(std::string_view user, std::string_view password);

struct Guess {
  enum class Result : std::uint8_t { open, closed, refused };  // refused: a kind or a cost that we do not try
  Result result = Result::closed;
  bool derived = false;  // from what the device tells about itself
  std::string list;      // open and not derived: the list
  unsigned tried = 0;
  unsigned of = 0;  // how many there were to try
};

// One budget a tree. Work is counted in microseconds that a guess takes on a usual core, never measured, so that two
// machines agree.
class Guesser {
 public:
  // For `hashes` different hashes; each gets an equal share of what is left when its turn comes.
  explicit Guesser(std::size_t hashes) : left_(hashes) {}
  // `about`: words the device tells about itself (host name, model).
  Guess open(std::string_view user, std::string_view hash, const std::vector<std::string>& about);

 private:
  std::uint64_t work_ = 200'000;
  std::size_t left_;
  std::map<std::string, Guess, std::less<>> done_;  // by hash
};

}  // namespace assay::inspect
