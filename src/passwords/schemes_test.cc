// Batches as the published schemes of the field make them, each generated here with OpenSSL and plain arithmetic, none
// of it shared with the search: each must be found, with its kind. And good random batches, in which nothing may be.
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <iostream>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/data.h"
#include "base/digest.h"
#include "base/text.h"
#include "passwords/examine.h"
#include "passwords/lists.h"

namespace assay::passwords {
namespace {

using std::string;

// What is printed on one unit, before the password.
struct Label {
  std::uint64_t mac = 0;
  string serial, model, date, ssid;
  std::size_t index = 0;
  string mac_hex() const { return fmt::format("{:012x}", mac); }
  string mac_capitals() const { return fmt::format("{:012X}", mac); }
  string mac_colons() const {
    string out, h = mac_capitals();
    for (std::size_t i = 0; i < 12; i += 2) out += (i ? ":" : "") + h.substr(i, 2);
    return out;
  }
  string mac_bytes(int add = 0) const {
    string out;
    for (int i = 5; i >= 0; --i) out += static_cast<char>((mac + static_cast<std::uint64_t>(add)) >> (8 * i));
    return out;
  }
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : s_(seed * 0x9e3779b97f4a7c15 + 1) {}
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = s_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  string text(std::size_t size, std::string_view alphabet) {
    string out;
    for (std::size_t i = 0; i < size; ++i) out += alphabet[below(alphabet.size())];
    return out;
  }

 private:
  std::uint64_t s_;
};

std::vector<Label> labels(std::size_t n, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<Label> out;
  std::uint64_t mac = 0x0022aa000000 + random.below(1 << 24), serial = 4100000 + random.below(100000);
  for (std::size_t i = 0; i < n; ++i) {
    mac += 1 + random.below(3000), serial += 1 + random.below(40);
    Label l;
    l.index = i;
    l.mac = mac;
    l.serial = fmt::format("CP{:02}{:02}{}{:c}{:c}{:c}", 24, 10 + i % 30, serial, 'A' + char(random.below(26)),
                           'A' + char(random.below(26)), 'A' + char(random.below(26)));
    l.model = i % 3 == 2 ? "HX-200B" : "HX-200";
    l.date = Date{2024, 3, 1}.plus_days(static_cast<std::int64_t>(i / 2)).iso();
    l.ssid = fmt::format("Home-{}", l.mac_capitals().substr(6));
    out.push_back(std::move(l));
  }
  return out;
}

string csv_of(const std::vector<Label>& units, const std::function<string(const Label&)>& password) {
  string csv = "Serial Number,MAC,Model,Date,SSID,Password\n";
  for (const Label& l : units)
    csv += fmt::format("{},{},{},{},{},\"{}\"\n", l.serial, l.mac_colons(), l.model, l.date, l.ssid, password(l));
  return csv;
}

}  // namespace

static Examination look(const string& csv, SearchOptions options = {}) {
  options.jobs = 2;
  const auto batch = read_batch(csv, "test.csv");
  EXPECT_TRUE(batch) << (batch ? "" : batch.error().text());
  auto result = examine(*batch, csv, options);
  EXPECT_TRUE(result) << (result ? "" : result.error().text());
  return std::move(*result);
}

namespace {

string all_of(const Examination& e) {
  string out;
  for (const Finding& f : e.findings)
    out += fmt::format("  {} [{}] {} | {} | {} | 10^{:.0f}\n", f.id, f.units.size(), f.title, f.formula, f.expression,
                       f.log10_bound);
  return out + fmt::format("  hashes {}\n", e.searched.hashes);
}

string digest(const char* name, const string& text) {
  const auto d = container_hash(name, as_bytes(text));
  return {d.begin(), d.end()};
}
string hexed(const char* name, const string& text) { return hex(as_bytes(digest(name, text))); }
string capitals(string t) {
  for (char& c : t)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return t;
}
string modulo(const string& bytes, std::string_view alphabet, std::size_t n, std::size_t from = 0,
              std::size_t stride = 1) {
  string out;
  for (std::size_t i = from; out.size() < n; i += stride)
    out += alphabet[static_cast<std::uint8_t>(bytes[i]) % alphabet.size()];
  return out;
}
std::uint32_t be32(const string& bytes) {
  std::uint32_t v = 0;
  for (int i = 0; i < 4; ++i) v = v << 8 | static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(i)]);
  return v;
}
const string kAz = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
string base32(const string& bytes) {
  string out;
  unsigned hold = 0, have = 0;
  for (const char c : bytes) {
    hold = (hold << 8 | static_cast<std::uint8_t>(c)) & 0xffffff;
    for (have += 8; have >= 5; have -= 5) out += (kAz + "234567")[hold >> (have - 5) & 31];
  }
  return out;
}
string base64(const string& bytes) {
  string small = kAz, out;
  for (char& c : small) c = static_cast<char>(c + 32);
  const string alphabet = kAz + small + "0123456789+/";
  for (std::size_t i = 0; i + 2 < bytes.size(); i += 3) {
    const unsigned v =
        unsigned(std::uint8_t(bytes[i])) << 16 | unsigned(std::uint8_t(bytes[i + 1])) << 8 | std::uint8_t(bytes[i + 2]);
    for (int s = 18; s >= 0; s -= 6) out += alphabet[v >> s & 63];
  }
  return out;
}

struct Scheme {
  const char* name;
  const char* id;    // of the finding
  const char* says;  // in its formula or expression
  std::function<string(const Label&)> password;
  unsigned depth = 3;
};

std::vector<Scheme> schemes() {
  static std::uint64_t state = 0;
  const auto reversed = [](string t) { return string(t.rbegin(), t.rend()); };
  return {
      {"MAC tail", "derived", "mac", [](const Label& l) { return l.mac_capitals().substr(4); }},
      {"MAC tail behind a fixed word", "derived", "mac", [](const Label& l) { return "wifi" + l.mac_hex().substr(6); }},
      {"whole MAC", "derived", "mac", [](const Label& l) { return l.mac_hex(); }},
      {"MAC plus one, tail", "derived", "", [](const Label& l) { return fmt::format("{:012x}", l.mac + 1).substr(4); }},
      {"MAC bytes in reverse order", "derived", "",
       [](const Label& l) {
         const string h = l.mac_hex();
         return h.substr(10) + h.substr(8, 2) + h.substr(6, 2) + h.substr(4, 2);
       }},
      {"MAC tail and serial tail", "derived", "serial",
       [](const Label& l) { return l.mac_capitals().substr(8) + l.serial.substr(l.serial.size() - 6); }},
      {"reversed serial", "derived", "reverse(serial)",
       [reversed](const Label& l) { return reversed(l.serial).substr(0, 10); }},
      {"model and serial", "derived", "serial", [](const Label& l) { return "HX" + l.serial.substr(6, 7); }},
      {"serial digits times a constant", "derived", "times",
       [](const Label& l) { return fmt::format("{:08}", std::stoull(l.serial.substr(6, 7)) * 7919 % 100000000); }},
      {"date and serial", "derived", "date",
       [](const Label& l) {
         return l.date.substr(8, 2) + l.date.substr(5, 2) + l.date.substr(2, 2) + l.serial.substr(9, 4);
       }},
      {"XOR of the MAC with a constant", "derived", "XOR",
       [](const Label& l) { return fmt::format("{:08x}", (l.mac & 0xffffffff) ^ 0x5eed1234); }},
      {"decimal of the MAC", "derived", "mac", [](const Label& l) { return fmt::format("{:08}", l.mac % 100000000); }},
      {"(MAC - base) / 4", "derived", "divided",
       [](const Label& l) { return fmt::format("YW0{:07}", (l.mac - 0x0022aa000001) / 4); }},
      {"substitution of MAC digits", "derived", "",
       [](const Label& l) {
         const string m = "024613578ACE9BDF", h = l.mac_hex();
         string out;
         for (int i : {6, 11, 10, 7, 8, 9, 11, 10})
           out += m[h[std::size_t(i)] <= '9' ? std::size_t(h[std::size_t(i)] - '0')
                                             : std::size_t(h[std::size_t(i)] - 'a' + 10)];
         return out;
       }},
      {"MD5 of the MAC", "derived", "md5(", [](const Label& l) { return hexed("md5", l.mac_hex()).substr(0, 10); }},
      {"MD5 of the MAC with colons, capitals", "derived", "md5(",
       [](const Label& l) { return capitals(hexed("md5", l.mac_colons())).substr(4, 8); }},
      {"MD5 of the MAC's bytes, letters", "derived", "md5(",
       [](const Label& l) { return modulo(digest("md5", l.mac_bytes()), kAz, 8); }},
      {"MD5 of the MAC, every second byte as a letter", "derived", "md5(",
       [](const Label& l) { return modulo(digest("md5", l.mac_capitals()), kAz, 8, 1, 2); }},
      {"SHA-1 of the SSID", "derived", "sha1(ssid)", [](const Label& l) { return hexed("sha1", l.ssid).substr(30); }},
      {"SHA-1 of the serial, base 32", "derived", "sha1(serial)",
       [](const Label& l) { return base32(digest("sha1", l.serial)).substr(0, 10); }},
      {"SHA-256 of model and serial", "derived", "sha256(",
       [](const Label& l) { return hexed("sha256", l.model + ":" + l.serial).substr(0, 12); }},
      {"SHA-256 of serial and a word", "derived", "sha256(",
       [](const Label& l) { return hexed("sha256", l.serial + "salt").substr(0, 8); }},
      {"SHA-256 of the serial, base 64", "derived", "sha256(",
       [](const Label& l) { return base64(digest("sha256", l.serial)).substr(0, 12); }},
      {"SHA-256, published seed, serial, MAC", "derived", "sha256(",
       [](const Label& l) {
         return modulo(digest("sha256", known_constants()[2].bytes + l.serial + l.mac_bytes()),
                       "0123456789abcdefghijklmnopqrstuvwxyz", 12);
       }},
      {"SHA-256, published seed, MAC minus 5", "derived", "sha256(",
       [](const Label& l) {
         return modulo(digest("sha256", known_constants()[3].bytes + l.mac_bytes(-5)),
                       "0123456789ABCDEFGHIKJLMNOPQRSTUVWXYZabcdefghikjlmnopqrstuvwxyz", 13);
       }},
      {"MD5 of MD5 in hexadecimal", "derived", "md5(hex(md5(",
       [](const Label& l) { return hexed("md5", hexed("md5", l.serial)).substr(0, 8); }},
      {"MD5, decimal number", "derived", "md5(",
       [](const Label& l) { return fmt::format("{:010}", be32(digest("md5", l.serial))).substr(2); }},
      {"SHA-1 mod 10", "derived", "sha1(",
       [](const Label& l) { return modulo(digest("sha1", l.mac_capitals()), "0123456789", 8); }},
      {"SHA-1 as a number in base 36", "derived", "sha1(",
       [](const Label& l) {
         string out, d = digest("sha1", l.serial);
         std::vector<int> n(d.begin(), d.end());
         for (int k = 0; k < 31; ++k) {
           int rest = 0;
           for (int& b : n) {
             const int v = rest * 256 + (b & 255);
             b = v / 36;
             rest = v % 36;
           }
           out += "0123456789abcdefghijklmnopqrstuvwxyz"[rest];
         }
         std::reverse(out.begin(), out.end());
         return out.substr(out.size() - 9);
       }},
      {"alphabet without look-alikes", "derived", "md5(",
       [](const Label& l) {
         return modulo(digest("md5", l.mac_hex() + "key"), "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 10);
       }},
      {"CRC-32 of the serial", "derived", "crc32(",
       [](const Label& l) { return fmt::format("{:08x}", crc32(as_bytes(l.serial))); }},
      {"CRC-32 of the MAC, decimal", "derived", "crc32(",
       [](const Label& l) { return fmt::format("{:010}", crc32(as_bytes(l.mac_hex()))); }},
      {"reversed serial, MD5", "derived", "reverse(serial)",
       [reversed](const Label& l) { return hexed("md5", reversed(l.serial)).substr(0, 8); }},
      {"serial tail and MAC tail, MD5", "derived", "md5(",
       [](const Label& l) {
         return hexed("md5", l.serial.substr(l.serial.size() - 6) + l.mac_capitals().substr(6)).substr(0, 8);
       },
       4},
      {"MD5 of MAC and date", "derived", "md5(",
       [](const Label& l) { return hexed("md5", l.mac_hex() + replace_all(l.date, "-", "")).substr(0, 8); }},
      {"grouped hexadecimal", "derived", "sha1(",
       [](const Label& l) {
         const string h = capitals(hexed("sha1", l.mac_capitals()));
         return h.substr(0, 4) + "-" + h.substr(4, 4) + "-" + h.substr(8, 4);
       }},
      {"a word at a place from SHA-256", "derived", "word(",
       [](const Label& l) {
         const string d = digest("sha256", l.serial);
         return numbered_lists()[0].words[(std::size_t(std::uint8_t(d[0])) << 8 | std::uint8_t(d[1])) % 2048];
       }},
      {"a word at the place of the serial", "derived", "BIP-39",
       [](const Label& l) { return numbered_lists()[0].words[(std::stoull(l.serial.substr(6, 7)) + 77) % 2048]; }},
      {"rand() seeded with the MAC", "derived", "generator(",
       [](const Label& l) {
         std::uint32_t s = std::uint32_t(l.mac & 0xffffff);
         string out;
         for (int i = 0; i < 8; ++i) {
           s = s * 1103515245u + 12345u;
           out += "abcdefghijklmnopqrstuvwxyz"[(s >> 16 & 0x7fff) % 26];
         }
         return out;
       }},
      {"counter", "counter", "goes up by 3",
       [](const Label& l) { return fmt::format("{:08}", 48210233 + 3 * l.index); }},
      {"hexadecimal counter with a fixed beginning", "counter", "goes up by 1",
       [](const Label& l) { return fmt::format("AP-{:06X}", 0x7fe00 + l.index); }},
      {"linear congruential sequence", "counter", "1664525",
       [](const Label& l) {
         if (l.index == 0) state = 12345;
         state = (state * 1664525 + 1013904223) & 0xffffffff;
         return fmt::format("{:08x}", state);
       }},
  };
}

class Schemes : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Schemes, IsFound) {
  ASSERT_TRUE(load_lists());
  const Scheme s = schemes()[GetParam()];
  SearchOptions options;
  options.depth = s.depth;
  const Examination e = look(csv_of(labels(60), s.password), options);
  bool found = false;
  for (const Finding& f : e.findings)
    if (f.id == s.id && f.units.size() >= 55 && (f.formula + f.expression).find(s.says) != string::npos &&
        f.title.find("in part") == string::npos)
      found = true;
  EXPECT_TRUE(found) << s.name << "\n" << all_of(e);
  EXPECT_TRUE(e.breaks());
  if (::testing::Test::HasFailure() || std::getenv("ASSAY_SHOW")) std::cerr << s.name << "\n" << all_of(e);
}
INSTANTIATE_TEST_SUITE_P(Published, Schemes, ::testing::Range<std::size_t>(0, 42));
TEST(Schemes, AllAreTested) {
  ASSERT_TRUE(load_lists());
  EXPECT_EQ(schemes().size(), 42u);
}

// Alphabets and lengths that makers use with a good source.
TEST(Schemes, NothingIsFoundInThousandRandomBatches) {
  ASSERT_TRUE(load_lists());
  const std::pair<std::size_t, std::string_view> kKinds[] = {
      {8, "0123456789"},
      {10, "0123456789abcdef"},
      {8, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
      {12, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
      {10, "23456789abcdefghjkmnpqrstuvwxyz"},
      {16, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
      {8, "0123456789abcdef"},
      {10, "!#$%&*+-=?@0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
      {7, "0123456789"},
      {8, "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"}};
  const std::size_t kSizes[] = {2, 3, 5, 10, 20, 60, 60, 100};
  std::size_t accused = 0;
  for (std::uint64_t k = 0; k < 1000; ++k) {
    Random random(1000 + k);
    const auto& [length, alphabet] = kKinds[k % std::size(kKinds)];
    const std::string_view a = alphabet;
    const std::size_t size = length;
    SearchOptions options;
    options.depth = k % 20 == 0 ? 2 : 1;
    const Examination e =
        look(csv_of(labels(kSizes[k / 10 % std::size(kSizes)], k), [&](const Label&) { return random.text(size, a); }),
             options);
    if (e.breaks()) {
      ++accused;
      ADD_FAILURE() << "batch " << k << " of " << size << " from " << a << "\n" << all_of(e);
    }
  }
  EXPECT_EQ(accused, 0u);
}

TEST(Schemes, ConstantFromTheFirmware) {
  ASSERT_TRUE(load_lists());
  SearchOptions options;
  options.depth = 2;
  options.constants = {"uClibc", "kT9#nq-provisioning", "%s: error"};
  const string csv = csv_of(
      labels(20), [](const Label& l) { return hexed("sha256", "kT9#nq-provisioning" + l.serial).substr(0, 10); });
  const Examination with = look(csv, options);
  ASSERT_TRUE(with.breaks()) << all_of(with);
  EXPECT_NE(with.findings[0].formula.find("from the firmware"), string::npos) << all_of(with);
  options.constants.clear();
  EXPECT_FALSE(look(csv, options).breaks());
}

// Some units were made another way: the share says so, and the formula is found all the same.
TEST(Schemes, APartOfTheBatch) {
  ASSERT_TRUE(load_lists());
  Random random(7);
  const Examination e = look(csv_of(labels(60), [&](const Label& l) {
    return l.index % 4 == 1 ? random.text(8, "0123456789abcdef") : hexed("md5", l.serial).substr(0, 8);
  }));
  ASSERT_FALSE(e.findings.empty());
  EXPECT_EQ(e.findings[0].id, "derived");
  EXPECT_EQ(e.findings[0].units.size(), 45u) << all_of(e);
  EXPECT_EQ(e.classes[1], "unknown");
  EXPECT_EQ(e.classes[0], "derived");
}

TEST(Schemes, SamePasswordDefaultsAndWords) {
  ASSERT_TRUE(load_lists());
  const auto ids = [](const Examination& e) {
    string out;
    for (const Finding& f : e.findings) out += f.id + (f.breaks ? " " : "- ");
    return out;
  };
  Random random(3);
  SearchOptions shallow;
  shallow.depth = 1;
  const auto look = [&](const string& csv) { return passwords::look(csv, shallow); };
  EXPECT_NE(ids(look(csv_of(labels(20), [](const Label&) { return "xc3511"; }))).find("same-password default-list"),
            string::npos);
  const Examination two = look(csv_of(labels(20), [&](const Label& l) {
    return l.index == 4 || l.index == 11 ? string("q8Zr41mmTa")
                                         : random.text(10, "abcdefghijkmnpqrstuvwxyz23456789ABCDEFGHJKLM");
  }));
  EXPECT_EQ(ids(two), "same-password ") << all_of(two);
  EXPECT_EQ(two.findings[0].units, (std::vector<std::uint32_t>{4, 11}));
  EXPECT_EQ(two.digests[4], two.digests[11]);
  EXPECT_NE(two.digests[4], two.digests[5]);
  EXPECT_NE(
      ids(look(csv_of(labels(60), [&](const Label&) { return random.text(4, "0123456789"); }))).find("small-space"),
      string::npos);
  const auto& list = numbered_lists()[0].words;
  EXPECT_NE(ids(look(csv_of(labels(60),
                            [&](const Label&) {
                              return list[random.below(2048)] + list[random.below(2048)] + random.text(3, "0123456789");
                            })))
                .find("word"),
            string::npos);
  EXPECT_NE(ids(look(csv_of(labels(60),
                            [&](const Label&) {
                              return "20" + random.text(1, "01") + random.text(1, "0123456789") + "0" +
                                     random.text(1, "123456789") + "1" + random.text(1, "0123456789");
                            })))
                .find("date"),
            string::npos);
  // A generator with 4 000 states, whatever its passwords look like.
  EXPECT_NE(ids(look(csv_of(labels(600),
                            [&](const Label&) { return Random(random.below(4000)).text(10, "0123456789abcdef"); })))
                .find("collisions"),
            string::npos);
}

}  // namespace
}  // namespace assay::passwords
