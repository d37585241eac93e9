#include "passwords/search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstring>
#include <mutex>

#include <fmt/format.h>

#include "base/parallel.h"
#include "base/text.h"
#include "passwords/lanes.h"
#include "passwords/lists.h"

namespace assay::passwords {
namespace {

using std::string;
using std::string_view;

constexpr std::size_t kProbes = 3;
constexpr std::size_t kCheck = 8;       // units on which a hit is tried before it is kept
constexpr std::size_t kMostHits = 200;  // kept of one block, and confirmed of one level
constexpr Digest kFast[] = {Digest::md5, Digest::sha1, Digest::sha256};
constexpr Digest kShort[] = {Digest::crc32, Digest::crc16, Digest::adler32, Digest::fnv1a, Digest::djb2};

// Forms and constants, by index; a text is up to three of them.
struct Atom {
  const FormValues* form = nullptr;
  const Constant* constant = nullptr;
  string_view value(std::size_t probe) const { return form ? string_view(form->values[probe]) : constant->bytes; }
};

struct Text {
  std::array<std::uint32_t, 3> parts{};
  std::uint8_t count = 0;
  std::uint8_t separator = 0;
  bool operator==(const Text&) const = default;
};

constexpr string_view kSeparators[] = {"", ":", "-", "_", " "};

// A block: all texts of one pattern whose first part is `first`. Patterns name the sets of their parts.
// `firmware_few`: those of its strings that come first; they alone meet changed identifiers.
enum class Set : std::uint8_t { form0, form1, form2, constant, firmware, firmware_few };
constexpr std::size_t kFew = 1000;
struct Block {
  std::array<Set, 3> sets{};
  std::uint8_t count = 1;
  std::uint8_t separators = 1;
  std::uint32_t first = 0;
  std::uint8_t digests = 1;  // 2: the digest of the hexadecimal digest
  bool slow = false;         // only with slow encodings
  bool sha512 = false;
  std::uint64_t texts = 0;
};

struct Hit {
  Text text;
  Digest digest = Digest::md5;
  std::uint8_t digests = 1;
  std::uint16_t encoding = 0;
  std::uint16_t offset = 0;
  bool from_end = false;
  bool operator==(const Hit&) const = default;
};

// Whether a digest written in one way may hold a core: most are ruled out by the first characters, without writing it
// out. What passes is looked at again by encode().
class Matcher {
 public:
  // The bytes of one digest as places in an alphabet: encodings that differ in their alphabets alone share them.
  struct Places {
    static constexpr std::size_t kKinds = 32;  // the last is made anew each time: more kinds than that are rare
    std::array<std::array<std::uint8_t, 160>, kKinds> places;
    std::uint32_t made = 0;
  };
  std::size_t kind = 0;  // of places, where they are shared
  std::uint32_t shares() const { return shared() ? (static_cast<std::uint32_t>(writing_) + 1) << 8 | base_ : 0; }

  Matcher(const Encoding& e, const string& core) : core_(core), writing_(e.writing), stride_(e.stride) {
    base_ = static_cast<std::uint32_t>(e.alphabet.size());
    if (base_ > 0) reciprocal_ = UINT64_MAX / base_ + 1;
    const auto place = [&](char c) -> std::uint8_t {
      const std::size_t at = e.alphabet.find(c);
      return static_cast<std::uint8_t>(at == string::npos ? 0xff : at);
    };
    if (writing_ == Writing::hex)
      for (std::size_t i = 0; i < std::min<std::size_t>(core.size(), 8); ++i) {
        pattern_ |= std::uint32_t{place(core[i])} << (28 - 4 * i);
        mask_ |= 0xfu << (28 - 4 * i);
      }
    for (const char c : core) wanted_.push_back(place(c));
    if (e.alphabet == "0123456789" && core.size() <= 10)
      for (const char c : core) number_ = number_ * 10 + place(c), power_ *= 10;
    if (writing_ == Writing::nibbles)
      for (unsigned b = 0; b < 16; ++b) table_[b] = static_cast<std::uint8_t>(b % base_);
    if (writing_ == Writing::modulo || writing_ == Writing::scaled)
      for (unsigned b = 0; b < 256; ++b)
        table_[b] = static_cast<std::uint8_t>(writing_ == Writing::modulo ? b % base_ : b * base_ >> 8);
  }

  // `bytes` can be read 8 bytes beyond `size`.
  bool may_hold(const std::uint8_t* bytes, std::size_t size, Places& places) const {
    switch (writing_) {
      case Writing::hex: {
        if (2 * size < core_.size()) return false;
        const std::size_t last = (2 * size - core_.size()) / 2;
        for (std::size_t i = 0; i <= last; ++i) {
          std::uint64_t w;
          std::memcpy(&w, bytes + i, 8);
          if constexpr (std::endian::native == std::endian::little) w = __builtin_bswap64(w);
          if (((static_cast<std::uint32_t>(w >> 32) ^ pattern_) & mask_) == 0) return true;
          if (((static_cast<std::uint32_t>(w >> 28) ^ pattern_) & mask_) == 0) return true;
        }
        return false;
      }
      case Writing::modulo:
      case Writing::scaled:
      case Writing::modulo16:
      case Writing::nibbles:
      case Writing::base32:
      case Writing::base64:
      case Writing::base64_url: {
        // Three characters at once at eight places at once; encode() looks at the rest.
        const std::size_t all = writing_ == Writing::modulo16                                    ? size / 2
                                : writing_ == Writing::nibbles                                   ? 2 * size
                                : writing_ == Writing::base32                                    ? (8 * size + 4) / 5
                                : writing_ == Writing::base64 || writing_ == Writing::base64_url ? (8 * size + 5) / 6
                                                                                                 : size;
        const std::size_t need = (core_.size() - 1) * stride_ + 1;
        if (all < need) return false;
        const std::uint8_t* r = places_of(bytes, size, all, places);
        constexpr std::uint64_t kOnes = 0x0101010101010101;
        for (std::size_t i = 0; i + need <= all; i += 8) {
          std::uint64_t z = 0;
          for (std::size_t k = 0; k < 3 && k < wanted_.size(); ++k) {
            std::uint64_t w;
            std::memcpy(&w, r + i + k * stride_, 8);
            z |= w ^ kOnes * wanted_[k];
          }
          if (((z - kOnes) & ~z & kOnes << 7) != 0) return true;
        }
        return false;
      }
      case Writing::hex_digits:
        return 2 * size >= core_.size();
      case Writing::number32:
      case Writing::padded32:
      case Writing::number32_low:
      case Writing::number32_end: {
        if (core_.size() > 10) return false;
        std::uint8_t four[4] = {};
        const std::size_t n = std::min<std::size_t>(size, 4);
        std::memcpy(four, writing_ == Writing::number32_end ? bytes + size - n : bytes, n);
        std::uint64_t v = 0;
        for (std::size_t i = 0; i < n; ++i) v = v << 8 | four[writing_ == Writing::number32_low ? n - 1 - i : i];
        for (std::size_t k = core_.size(); k <= 10; ++k, v /= 10)
          if (v % power_ == number_) return true;
        return false;
      }
      case Writing::number64:
        return size >= 8 && core_.size() <= 20;
      case Writing::big:
      case Writing::word:
        return true;
    }
    return true;
  }

 private:
  bool shared() const {
    return base_ > 0 && writing_ != Writing::hex && writing_ != Writing::hex_digits && writing_ < Writing::number32;
  }
  const std::uint8_t* places_of(const std::uint8_t* bytes, std::size_t size, std::size_t all, Places& places) const {
    std::uint8_t* out = places.places[kind].data();
    if (places.made & 1u << kind) return out;
    if (kind + 1 < Places::kKinds) places.made |= 1u << kind;
    const auto bits = [&](unsigned each) {
      std::uint32_t hold = 0;
      unsigned have = 0;
      std::size_t n = 0;
      for (std::size_t i = 0; i < size; ++i) {
        hold = hold << 8 | bytes[i];
        for (have += 8; have >= each; have -= each) out[n++] = hold >> (have - each) & ((1u << each) - 1);
      }
      if (have > 0) out[n] = hold << (each - have) & ((1u << each) - 1);
    };
    if (writing_ == Writing::modulo16)
      for (std::size_t i = 0; i < all; ++i)
        out[i] = static_cast<std::uint8_t>(rest(std::uint32_t{bytes[2 * i]} << 8 | bytes[2 * i + 1]));
    else if (writing_ == Writing::nibbles)
      for (std::size_t i = 0; i < size; ++i) out[2 * i] = table_[bytes[i] >> 4], out[2 * i + 1] = table_[bytes[i] & 15];
    else if (writing_ == Writing::base32)
      bits(5);
    else if (writing_ == Writing::base64 || writing_ == Writing::base64_url)
      bits(6);
    else
      for (std::size_t i = 0; i < all; ++i) out[i] = table_[bytes[i]];
    std::memset(out + all, 0xff, 16);
    return out;
  }
  // v modulo base_, by two multiplications (Lemire, Kaser, Kurz 2019).
  std::uint32_t rest(std::uint32_t v) const {
    return static_cast<std::uint32_t>(static_cast<unsigned __int128>(reciprocal_ * v) * base_ >> 64);
  }
  const string& core_;
  Writing writing_;
  unsigned stride_;
  std::uint32_t base_ = 0, pattern_ = 0, mask_ = 0;
  std::uint64_t reciprocal_ = 0, number_ = 0, power_ = 1;
  std::vector<std::uint8_t> wanted_;
  std::array<std::uint8_t, 256> table_{};
};

class DigestSearch {
 public:
  DigestSearch(const Batch& batch, const Shape& shape, const SearchOptions& options, Searched& out)
      : batch_(batch), shape_(shape), o_(options), out_(out), start_(std::chrono::steady_clock::now()) {}

  std::vector<Finding> run();

 private:
  bool choose_units();
  void plan(unsigned depth, std::vector<Block>& blocks) const;
  void add(std::vector<Block>& blocks, std::initializer_list<Set> sets, unsigned separators, unsigned digests,
           bool slow, bool sha512) const;
  std::pair<std::uint32_t, std::uint32_t> range(Set set) const { return ranges_[static_cast<std::size_t>(set)]; }
  std::vector<Hit> work(const Block& block) const;
  void try_bytes(const Block& block, const Text& text, Digest digest, std::size_t probe, const std::uint8_t* bytes,
                 std::size_t size, std::vector<Hit>& hits) const;
  Program program(const Hit& hit) const;
  bool keeps(const Hit& hit, std::size_t probe) const;
  Finding confirm(const Hit& hit, double tried) const;
  bool over() const {
    if (o_.stop && o_.stop->load(std::memory_order_relaxed)) return true;
    return o_.seconds > 0 && std::chrono::steady_clock::now() - start_ > std::chrono::seconds(o_.seconds);
  }

  const Batch& batch_;
  const Shape& shape_;
  const SearchOptions& o_;
  Searched& out_;
  std::chrono::steady_clock::time_point start_;
  std::vector<std::size_t> probes_, checks_;  // indices of units
  std::vector<FormValues> forms_;
  std::vector<Constant> own_;  // from the firmware
  std::vector<Atom> atoms_;
  std::array<std::pair<std::uint32_t, std::uint32_t>, 6> ranges_{};  // of atoms, by Set
  std::vector<Encoding> encodings_;
  // Whether any encoding gets as many characters out of a short digest as the core has: index 2 (bytes), 4.
  std::array<bool, 5> short_fits_{};
  std::vector<std::vector<Matcher>> matchers_;  // by probe, then parallel to encodings_
};

// Probes have every identifier where possible, and lie far apart, so that one odd unit does not hide a formula.
bool DigestSearch::choose_units() {
  std::vector<std::size_t> whole;
  std::size_t most = 0;
  for (int round = 0; round < 2; ++round)
    for (std::size_t i = 0; i < batch_.units.size(); ++i) {
      const auto& ids = batch_.units[i].identifiers;
      const auto filled =
          static_cast<std::size_t>(std::count_if(ids.begin(), ids.end(), [](const string& s) { return !s.empty(); }));
      if (round == 0)
        most = std::max(most, filled);
      else if (filled == most)
        whole.push_back(i);
    }
  if (most == 0 || whole.empty()) return false;
  const std::size_t n = std::min(kProbes, whole.size());
  for (std::size_t i = 0; i < n; ++i)
    probes_.push_back(whole[i * (whole.size() - 1) / std::max<std::size_t>(n - 1, 1)]);
  const std::size_t c = std::min(kCheck, whole.size());
  for (std::size_t i = 0; i < c; ++i)
    checks_.push_back(whole[i * (whole.size() - 1) / std::max<std::size_t>(c - 1, 1)]);
  for (const std::size_t p : probes_) checks_.push_back(p);
  std::sort(checks_.begin(), checks_.end());
  checks_.erase(std::unique(checks_.begin(), checks_.end()), checks_.end());
  return true;
}

void DigestSearch::add(std::vector<Block>& blocks, std::initializer_list<Set> sets, unsigned separators,
                       unsigned digests, bool slow, bool sha512) const {
  Block b;
  std::copy(sets.begin(), sets.end(), b.sets.begin());
  b.count = static_cast<std::uint8_t>(sets.size());
  b.separators = static_cast<std::uint8_t>(separators);
  b.digests = static_cast<std::uint8_t>(digests);
  b.slow = slow, b.sha512 = sha512;
  b.texts = separators;
  for (std::size_t i = 1; i < sets.size(); ++i) b.texts *= range(b.sets[i]).second - range(b.sets[i]).first;
  if (b.texts == 0) return;
  for (std::uint32_t i = range(b.sets[0]).first; i < range(b.sets[0]).second; ++i) {
    b.first = i;
    blocks.push_back(b);
  }
}

// All texts that with their digests have exactly `depth` steps.
void DigestSearch::plan(unsigned depth, std::vector<Block>& blocks) const {
  using enum Set;
  constexpr unsigned kAll = 5, kFour = 4, kOne = 1;
  const auto texts = [&](unsigned steps, unsigned digests, bool slow) {
    const bool sha512 = steps <= 1 && digests == 1;
    const auto put = [&](std::initializer_list<Set> sets, unsigned separators) {
      add(blocks, sets, separators, digests, slow, sha512);
    };
    switch (steps) {
      case 0:
        put({form0}, kOne);
        break;
      case 1:
        put({form1}, kOne);
        put({form0, form0}, kAll);
        put({form0, constant}, kFour), put({constant, form0}, kFour);
        put({form0, firmware}, kOne), put({firmware, form0}, kOne);
        break;
      case 2:
        put({form2}, kOne);
        put({form1, form0}, kAll), put({form0, form1}, kAll);
        put({form1, constant}, kFour), put({constant, form1}, kFour);
        put({form0, form0, form0}, kFour);
        put({constant, form0, form0}, kFour), put({form0, constant, form0}, kFour),
            put({form0, form0, constant}, kFour);
        put({form1, firmware_few}, kOne), put({firmware_few, form1}, kOne);
        break;
      case 3:
        put({form1, form1}, kAll);
        put({form2, form0}, kFour), put({form0, form2}, kFour);
        put({form2, constant}, kOne), put({constant, form2}, kOne);
        put({form1, form0, form0}, kOne), put({form0, form1, form0}, kOne), put({form0, form0, form1}, kOne);
        break;
      default:
        break;
    }
  };
  if (depth >= 1) texts(depth - 1, 1, false);
  if (depth >= 2) texts(depth - 2, 2, false), texts(depth - 2, 1, true);
}

Program DigestSearch::program(const Hit& hit) const {
  Program p;
  for (std::size_t i = 0; i < hit.text.count; ++i) {
    const Atom& atom = atoms_[hit.text.parts[i]];
    Part part;
    if (atom.form)
      part.form = atom.form->form, p.depth += atom.form->form.depth;
    else
      part.constant = atom.constant->bytes, part.about = atom.constant->about;
    p.parts.push_back(std::move(part));
  }
  p.separator = kSeparators[hit.text.separator];
  p.digests.assign(hit.digests, hit.digest);
  p.encoding = encodings_[hit.encoding];
  p.depth += static_cast<unsigned>(hit.text.count) - 1 + hit.digests + (p.encoding.slow ? 1 : 0);
  p.offset = hit.offset, p.from_end = hit.from_end;
  return p;
}

// A hit on one probe is kept where it holds for another unit too.
bool DigestSearch::keeps(const Hit& hit, std::size_t probe) const {
  const Program p = program(hit);
  for (const std::size_t i : checks_) {
    if (i == probes_[probe]) continue;
    const string& core = shape_.cores[i];
    const auto made = passwords::run(p, batch_, batch_.units[i], core.size(), shape_.folded);
    if (made && *made == core) return true;
  }
  return false;
}

void DigestSearch::try_bytes(const Block& block, const Text& text, Digest digest, std::size_t probe,
                             const std::uint8_t* bytes, std::size_t size, std::vector<Hit>& hits) const {
  const string& core = shape_.cores[probes_[probe]];
  const std::size_t length = core.size();
  char written[192];
  std::uint32_t pattern = 0;
  const std::size_t head = std::min<std::size_t>(length, 4);
  std::memcpy(&pattern, core.data(), head);
  const std::uint32_t mask = head == 4 ? 0xffffffffu : (1u << (8 * head)) - 1;
  Matcher::Places places;
  for (std::size_t e = 0; e < encodings_.size(); ++e) {
    const Encoding& encoding = encodings_[e];
    if (encoding.slow != block.slow || !matchers_[probe][e].may_hold(bytes, size, places)) continue;
    const std::size_t n = encode(encoding, bytes, size, written);
    if (n < length) continue;
    if (encoding.writing == Writing::word) {
      if (n != length || std::memcmp(written, core.data(), n) != 0) continue;
    }
    for (std::size_t at = 0; at + length <= n; ++at) {
      std::uint32_t here;
      std::memcpy(&here, written + at, 4);
      if ((here & mask) != pattern) continue;
      if (length > 4 && std::memcmp(written + at, core.data(), length) != 0) continue;
      for (const bool from_end : {false, true}) {
        Hit hit{text,
                digest,
                block.digests,
                static_cast<std::uint16_t>(e),
                static_cast<std::uint16_t>(from_end ? n - at - length : at),
                from_end};
        if (hits.size() >= kMostHits || std::find(hits.begin(), hits.end(), hit) != hits.end()) continue;
        if (keeps(hit, probe)) {
          hits.push_back(hit);
          break;
        }
      }
    }
  }
}

std::vector<Hit> DigestSearch::work(const Block& block) const {
  std::vector<Hit> hits;
  std::array<Text, kLanes> lane_text{};
  LaneBlock lanes;
  LaneState state;
  std::uint8_t bytes[80] = {};
  for (std::size_t probe = 0; probe < probes_.size(); ++probe) {
    std::size_t filled = 0;
    const auto hash = [&](Digest digest) {
      const std::size_t words = digest == Digest::md5 ? 4 : digest == Digest::sha1 ? 5 : 8;
      const bool big = digest != Digest::md5;
      const auto once = [&] {
        if (digest == Digest::md5)
          md5_lanes(lanes, state);
        else if (digest == Digest::sha1)
          sha1_lanes(lanes, state);
        else
          sha256_lanes(lanes, state);
      };
      once();
      if (block.digests == 2) {
        if (2 * 4 * words > kLaneBytes) {  // SHA-256 in hexadecimal has a block more than the lanes take
          for (std::size_t l = 0; l < filled; ++l) {
            state.bytes(l, words, big, bytes);
            char text[64];
            const std::size_t n = encode({}, bytes, words * 4, text);
            const string second = digest_bytes(digest, string_view(text, n));
            std::memcpy(bytes, second.data(), second.size());
            try_bytes(block, lane_text[l], digest, probe, bytes, second.size(), hits);
          }
          return;
        }
        LaneBlock again;
        for (std::size_t l = 0; l < kLanes; ++l) {
          state.bytes(l, words, big, bytes);
          char text[64];
          again.set(l, string_view(text, encode({}, bytes, words * 4, text)));
        }
        if (digest == Digest::md5)
          md5_lanes(again, state);
        else
          sha1_lanes(again, state);
      }
      for (std::size_t l = 0; l < filled; ++l) {
        state.bytes(l, words, big, bytes);
        try_bytes(block, lane_text[l], digest, probe, bytes, words * 4, hits);
      }
    };
    const auto flush = [&] {
      if (filled == 0) return;
      for (const Digest d : kFast) hash(d);
      filled = 0;
    };
    char message[256];
    const auto emit = [&](const Text& text) {
      std::size_t n = 0;
      const string_view separator = kSeparators[text.separator];
      for (std::size_t i = 0; i < text.count; ++i) {
        const string_view value = atoms_[text.parts[i]].value(probe);
        if (n + separator.size() + value.size() > sizeof message) return;
        if (i) std::memcpy(message + n, separator.data(), separator.size()), n += separator.size();
        std::memcpy(message + n, value.data(), value.size()), n += value.size();
      }
      const string_view whole(message, n);
      if (block.digests == 1) {
        for (const Digest d : kShort)
          if (short_fits_[d == Digest::crc16 ? 2 : 4])
            try_bytes(block, text, d, probe, bytes, short_digest(d, whole, bytes), hits);
        if (block.sha512) {
          const string d = digest_bytes(Digest::sha512, whole);
          std::memcpy(bytes, d.data(), d.size());
          try_bytes(block, text, Digest::sha512, probe, bytes, d.size(), hits);
        }
      }
      if (n <= kLaneBytes) {
        lanes.set(filled, whole);
        lane_text[filled] = text;
        if (++filled == kLanes) flush();
        return;
      }
      for (const Digest d : kFast) {
        string out = digest_bytes(d, whole);
        if (block.digests == 2) {
          char text2[64];
          out = digest_bytes(
              d, string_view(text2, encode({}, reinterpret_cast<const std::uint8_t*>(out.data()), out.size(), text2)));
        }
        std::memcpy(bytes, out.data(), out.size());
        try_bytes(block, text, d, probe, bytes, out.size(), hits);
      }
    };
    Text text;
    text.count = block.count;
    text.parts[0] = block.first;
    for (std::uint8_t s = 0; s < block.separators; ++s) {
      text.separator = s;
      if (block.count == 1) {
        emit(text);
        continue;
      }
      const auto [from1, to1] = range(block.sets[1]);
      for (text.parts[1] = from1; text.parts[1] < to1; ++text.parts[1]) {
        if (block.count == 2) {
          emit(text);
          continue;
        }
        const auto [from2, to2] = range(block.sets[2]);
        for (text.parts[2] = from2; text.parts[2] < to2; ++text.parts[2]) emit(text);
      }
    }
    flush();
    if (over()) break;
  }
  return hits;
}

Finding DigestSearch::confirm(const Hit& hit, double tried) const {
  const Program p = program(hit);
  Finding f;
  std::size_t told = 0;
  for (std::size_t i = 0; i < batch_.units.size(); ++i) {
    const auto made = passwords::run(p, batch_, batch_.units[i], shape_.cores[i].size(), shape_.folded);
    if (!made) continue;
    ++told;
    if (*made == shape_.cores[i]) f.units.push_back(static_cast<std::uint32_t>(i));
  }
  // What was tried counts with every place a slice can begin at and every encoding.
  f.tried = tried;
  const double choices = std::log10(std::max(tried, 1.0) * static_cast<double>(encodings_.size()) * 128);
  f.by_chance = true;
  f.log10_bound = std::min(0.0, choices + log10_binomial_tail(told, f.units.size(), std::pow(10, shape_.log10_core)));
  f.id = "derived", f.klass = "derived";
  f.formula = words(p, batch_, shape_);
  f.expression = expression(p, batch_, shape_);
  f.bans = bans_of(kinds(p, batch_));
  return f;
}

std::vector<Finding> DigestSearch::run() {
  if (shape_.all_same || !choose_units()) return {};
  encodings_ = encodings_for(shape_, o_.alphabets);
  std::size_t shortest = SIZE_MAX;
  for (const std::size_t i : probes_) shortest = std::min(shortest, shape_.cores[i].size());
  for (const std::size_t size : {2u, 4u})
    for (const Encoding& e : encodings_) {
      const bool number = e.writing >= Writing::number32 && e.writing <= Writing::padded32;
      std::size_t most = 2 * size;  // hexadecimal and less dense
      if (number) most = size == 4 ? 10 : 5;
      if (e.writing == Writing::word) most = SIZE_MAX;
      if (e.writing == Writing::big)
        most = static_cast<std::size_t>(8.0 * static_cast<double>(size) / std::log2(e.alphabet.size())) + 1;
      if (e.writing == Writing::modulo || e.writing == Writing::scaled) most = size;
      short_fits_[size] = short_fits_[size] || most >= shortest;
    }
  for (const std::size_t i : probes_) {
    matchers_.emplace_back();
    std::vector<std::uint32_t> kinds;
    for (const Encoding& e : encodings_) {
      Matcher& m = matchers_.back().emplace_back(e, shape_.cores[i]);
      if (m.shares() == 0) continue;
      const auto at = std::find(kinds.begin(), kinds.end(), m.shares());
      m.kind = std::min(static_cast<std::size_t>(at - kinds.begin()), Matcher::Places::kKinds - 1);
      if (at == kinds.end()) kinds.push_back(m.shares());
    }
  }
  std::vector<const Unit*> probes;
  for (const std::size_t i : probes_) probes.push_back(&batch_.units[i]);
  forms_ = forms(batch_, probes, o_.depth >= 3 ? 2 : o_.depth >= 2 ? 1 : 0);
  std::stable_sort(forms_.begin(), forms_.end(),
                   [](const FormValues& a, const FormValues& b) { return a.form.depth < b.form.depth; });
  for (const FormValues& f : forms_) {
    auto& range = ranges_[f.form.depth];
    if (range.second == 0) range.first = static_cast<std::uint32_t>(atoms_.size());
    atoms_.push_back({&f, nullptr});
    range.second = static_cast<std::uint32_t>(atoms_.size());
  }
  for (const string& c : o_.constants) own_.push_back({c, "from the firmware"});
  const auto constants = [&](Set set, const std::vector<Constant>& list) {
    auto& range = ranges_[static_cast<std::size_t>(set)];
    range.first = static_cast<std::uint32_t>(atoms_.size());
    for (const Constant& c : list) atoms_.push_back({nullptr, &c});
    range.second = static_cast<std::uint32_t>(atoms_.size());
  };
  constants(Set::constant, known_constants());
  constants(Set::firmware, own_);
  ranges_[5] = ranges_[4];
  ranges_[5].second = std::min<std::uint32_t>(ranges_[5].second, ranges_[5].first + kFew);
  if (encodings_.empty() || forms_.empty()) {
    out_.depth_done = o_.depth;
    return {};
  }

  std::vector<std::vector<Block>> levels(o_.depth + 1);
  const auto hashes_of = [&](const Block& b) { return b.texts * probes_.size() * std::size(kFast) * b.digests; };
  for (unsigned depth = 1; depth <= o_.depth; ++depth) {
    plan(depth, levels[depth]);
    for (const Block& b : levels[depth]) out_.planned += hashes_of(b);
  }
  std::vector<Finding> found;
  std::atomic<std::uint64_t> done{0};
  std::mutex one;
  for (unsigned depth = 1; depth <= o_.depth; ++depth) {
    std::vector<Block>& blocks = levels[depth];
    // The budget counts what is planned, in order: the same blocks on every machine.
    std::uint64_t sum = out_.hashes;
    std::size_t allowed = 0;
    while (allowed < blocks.size() && sum + hashes_of(blocks[allowed]) <= o_.candidates)
      sum += hashes_of(blocks[allowed++]);
    std::vector<std::vector<Hit>> hits(allowed);
    std::atomic<bool> ended{false};
    std::atomic<std::uint64_t> level_done{0};
    parallel_for(allowed, o_.jobs, [&](std::size_t i) {
      if (ended || over()) {
        ended = true;
        return;
      }
      hits[i] = work(blocks[i]);
      level_done += hashes_of(blocks[i]);
      const std::uint64_t so_far = done += hashes_of(blocks[i]);
      if (o_.progress && one.try_lock()) {
        o_.progress(fmt::format("derivations, depth {}  {} %  {} million hashes", depth,
                                so_far * 100 / std::max<std::uint64_t>(out_.planned, 1), so_far / 1'000'000));
        one.unlock();
      }
    });
    out_.hashes += level_done;
    std::size_t confirmed = 0;
    for (const std::vector<Hit>& list : hits)
      for (const Hit& hit : list) {
        if (++confirmed > kMostHits) break;
        Finding f = confirm(hit, static_cast<double>(out_.hashes));
        if (f.log10_bound > kFamilyLog10 || f.units.size() < 2) continue;
        found.push_back(std::move(f));
      }
    std::stable_sort(found.begin(), found.end(),
                     [](const Finding& a, const Finding& b) { return a.units.size() > b.units.size(); });
    if (ended) {
      const bool stopped = o_.stop && o_.stop->load();
      out_.cut = stopped ? "it was interrupted" : fmt::format("the limit of {} seconds was reached", o_.seconds);
      out_.reproducible = false;
    } else if (allowed < blocks.size()) {
      out_.cut = fmt::format("the budget of {} candidates was used up", grouped(o_.candidates));
    } else {
      out_.depth_done = depth;
    }
    if (!out_.cut.empty() || !found.empty()) break;
  }
  if (found.size() > 1) found.resize(1);
  return found;
}

}  // namespace

std::vector<string> bans_of(const std::vector<Kind>& kinds) {
  bool open = false, identifier = false;
  for (const Kind k : kinds) {
    open = open || k == Kind::mac || k == Kind::ssid || k == Kind::model || k == Kind::date;
    identifier = identifier || k == Kind::serial || k == Kind::mac || k == Kind::other;
  }
  std::vector<string> out;
  if (open) out.push_back("S1P1.3b");
  if (identifier) out.push_back("S1P1.3c");
  if (out.empty()) out.push_back("S1P1.3d");
  return out;
}

std::vector<Finding> find_digests(const Batch& batch, const Shape& shape, const SearchOptions& options, Searched& out) {
  return DigestSearch(batch, shape, options, out).run();
}

}  // namespace assay::passwords
