#include "passwords/program.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <set>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "passwords/lists.h"

namespace assay::passwords {
namespace {

using std::string;
using std::string_view;

constexpr string_view kDigestNames[] = {"MD5",    "SHA-1",    "SHA-256", "SHA-512", "CRC-32",
                                        "CRC-16", "Adler-32", "FNV-1a",  "djb2"};
constexpr string_view kDigestWords[] = {"md5",   "sha1",    "sha256", "sha512", "crc32",
                                        "crc16", "adler32", "fnv1a",  "djb2"};
constexpr char kHex[] = "0123456789abcdef";

std::size_t decimal(std::uint64_t value, std::size_t width, char* out) {
  char digits[20];
  std::size_t n = 0;
  do digits[n++] = static_cast<char>('0' + value % 10), value /= 10;
  while (value > 0);
  while (n < width) digits[n++] = '0';
  for (std::size_t i = 0; i < n; ++i) out[i] = digits[n - 1 - i];
  return n;
}

std::size_t bits(const string& alphabet, unsigned each, const std::uint8_t* bytes, std::size_t size, char* out) {
  std::uint32_t hold = 0;
  unsigned have = 0;
  std::size_t n = 0;
  for (std::size_t i = 0; i < size; ++i) {
    hold = hold << 8 | bytes[i];
    for (have += 8; have >= each; have -= each) out[n++] = alphabet[hold >> (have - each) & ((1u << each) - 1)];
  }
  if (have > 0) out[n++] = alphabet[hold << (each - have) & ((1u << each) - 1)];
  return n;
}

std::uint64_t big_endian(const std::uint8_t* bytes, std::size_t size) {
  std::uint64_t v = 0;
  for (std::size_t i = 0; i < size; ++i) v = v << 8 | bytes[i];
  return v;
}

std::size_t big_number(const string& alphabet, const std::uint8_t* bytes, std::size_t size, char* out) {
  std::array<std::uint32_t, 16> limbs{};
  const std::size_t n = std::min<std::size_t>((size + 3) / 4, limbs.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(size, 64); ++i)
    limbs[(size - 1 - i) / 4] |= std::uint32_t{bytes[i]} << (8 * ((size - 1 - i) % 4));
  std::size_t top = n, count = 0;
  const auto base = static_cast<std::uint64_t>(alphabet.size());
  while (top > 0 && limbs[top - 1] == 0) --top;
  while (top > 0 && count < 128) {
    std::uint64_t rest = 0;
    for (std::size_t i = top; i-- > 0;) {
      const std::uint64_t v = rest << 32 | limbs[i];
      limbs[i] = static_cast<std::uint32_t>(v / base);
      rest = v % base;
    }
    while (top > 0 && limbs[top - 1] == 0) --top;
    out[count++] = alphabet[rest];
  }
  std::reverse(out, out + count);
  return count;
}

// The whole chain of a part list, before any digest.
std::optional<string> joined(const Program& p, const Batch& batch, const Unit& unit) {
  string text;
  for (std::size_t i = 0; i < p.parts.size(); ++i) {
    if (i) text += p.separator;
    if (p.parts[i].form) {
      const auto value = apply(*p.parts[i].form, batch, unit);
      if (!value) return std::nullopt;
      text += *value;
    } else {
      text += p.parts[i].constant;
    }
  }
  return text;
}

string shown_constant(const string& bytes) {
  for (const char c : bytes)
    if (static_cast<std::uint8_t>(c) < 0x20 || static_cast<std::uint8_t>(c) > 0x7e) return "0x" + hex(as_bytes(bytes));
  return "“" + bytes + "”";
}

}  // namespace

string_view name(Digest digest) { return kDigestNames[static_cast<std::size_t>(digest)]; }

std::size_t short_digest(Digest digest, string_view text, std::uint8_t* out) {
  std::uint32_t v = 0;
  switch (digest) {
    case Digest::crc32:
      v = crc32(as_bytes(text));
      break;
    case Digest::crc16: {  // CCITT, as X-modem has it
      static const auto table = [] {
        std::array<std::uint16_t, 256> t{};
        for (unsigned b = 0; b < 256; ++b) {
          t[b] = static_cast<std::uint16_t>(b << 8);
          for (int i = 0; i < 8; ++i) t[b] = static_cast<std::uint16_t>(t[b] & 0x8000 ? t[b] << 1 ^ 0x1021 : t[b] << 1);
        }
        return t;
      }();
      std::uint16_t c = 0;
      for (const char t : text)
        c = static_cast<std::uint16_t>(c << 8 ^ table[(c >> 8 ^ static_cast<std::uint8_t>(t)) & 255]);
      out[0] = static_cast<std::uint8_t>(c >> 8), out[1] = static_cast<std::uint8_t>(c);
      return 2;
    }
    case Digest::adler32: {
      std::uint32_t a = 1, b = 0;
      for (const char t : text) a = (a + static_cast<std::uint8_t>(t)) % 65521, b = (b + a) % 65521;
      v = b << 16 | a;
      break;
    }
    case Digest::fnv1a:
      v = 2166136261u;
      for (const char t : text) v = (v ^ static_cast<std::uint8_t>(t)) * 16777619u;
      break;
    case Digest::djb2:
      v = 5381;
      for (const char t : text) v = v * 33 + static_cast<std::uint8_t>(t);
      break;
    default:
      return 0;
  }
  for (int i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(v >> (24 - 8 * i));
  return 4;
}

string digest_bytes(Digest digest, string_view text) {
  if (digest <= Digest::sha512) {
    const auto bytes = container_hash(kDigestWords[static_cast<std::size_t>(digest)], as_bytes(text));
    return {bytes.begin(), bytes.end()};
  }
  std::uint8_t out[4];
  const std::size_t n = short_digest(digest, text, out);
  return {reinterpret_cast<const char*>(out), n};
}

std::size_t encode(const Encoding& e, const std::uint8_t* bytes, std::size_t size, char* out) {
  size = std::min<std::size_t>(size, 64);
  switch (e.writing) {
    case Writing::hex:
      for (std::size_t i = 0; i < size; ++i) out[2 * i] = kHex[bytes[i] >> 4], out[2 * i + 1] = kHex[bytes[i] & 15];
      return 2 * size;
    case Writing::hex_digits: {
      std::size_t n = 0;
      for (std::size_t i = 0; i < size; ++i)
        for (const unsigned nibble : {bytes[i] >> 4, bytes[i] & 15}) {
          out[n] = static_cast<char>('0' + nibble);  // without a branch: the digits of a digest cannot be foretold
          n += nibble < 10;
        }
      return n;
    }
    case Writing::nibbles:
      for (std::size_t i = 0; i < size; ++i) {
        out[2 * i] = e.alphabet[(bytes[i] >> 4) % e.alphabet.size()];
        out[2 * i + 1] = e.alphabet[(bytes[i] & 15) % e.alphabet.size()];
      }
      return 2 * size;
    case Writing::base64:
    case Writing::base64_url:
      return bits(e.alphabet, 6, bytes, size, out);
    case Writing::base32:
      return bits(e.alphabet, 5, bytes, size, out);
    case Writing::modulo: {
      std::size_t n = 0;
      const auto base = static_cast<unsigned>(e.alphabet.size());
      for (std::size_t i = e.first; i < size; i += e.stride) out[n++] = e.alphabet[bytes[i] % base];
      return n;
    }
    case Writing::modulo16: {
      const auto base = static_cast<unsigned>(e.alphabet.size());
      for (std::size_t i = 0; i + 1 < size; i += 2)
        out[i / 2] = e.alphabet[(unsigned{bytes[i]} << 8 | bytes[i + 1]) % base];
      return size / 2;
    }
    case Writing::scaled:
      for (std::size_t i = 0; i < size; ++i) out[i] = e.alphabet[bytes[i] * e.alphabet.size() >> 8];
      return size;
    case Writing::number32:
      return decimal(big_endian(bytes, std::min<std::size_t>(size, 4)), 0, out);
    case Writing::padded32:
      return decimal(big_endian(bytes, std::min<std::size_t>(size, 4)), 10, out);
    case Writing::number32_low: {
      std::uint64_t v = 0;
      for (std::size_t i = 0; i < std::min<std::size_t>(size, 4); ++i) v |= std::uint64_t{bytes[i]} << (8 * i);
      return decimal(v, 0, out);
    }
    case Writing::number32_end:
      return decimal(big_endian(bytes + size - std::min<std::size_t>(size, 4), std::min<std::size_t>(size, 4)), 0, out);
    case Writing::number64:
      return size < 8 ? 0 : decimal(big_endian(bytes, 8), 0, out);
    case Writing::big:
      return big_number(e.alphabet, bytes, size, out);
    case Writing::word: {
      const std::uint64_t v = big_endian(bytes, std::min<std::size_t>(size, e.first));
      const string& w = (*e.list)[v % e.list->size()];
      std::memcpy(out, w.data(), w.size());
      return w.size();
    }
  }
  return 0;
}

string words(const Encoding& e) {
  const auto in = [&] { return fmt::format("the {} characters {}…", e.alphabet.size(), e.alphabet.substr(0, 12)); };
  switch (e.writing) {
    case Writing::hex:
      return "in hexadecimal";
    case Writing::hex_digits:
      return "the decimal digits of its hexadecimal text";
    case Writing::nibbles:
      return "each half byte taken from " + in();
    case Writing::base64:
      return "in base 64";
    case Writing::base64_url:
      return "in base 64 for URLs";
    case Writing::base32:
      return "in base 32 with " + in();
    case Writing::modulo:
      return fmt::format("each{} byte, remainder by {}, taken from {}",
                         e.stride == 2 ? e.first ? " second (even)" : " second (odd)" : "", e.alphabet.size(), in());
    case Writing::modulo16:
      return fmt::format("each two bytes, remainder by {}, taken from {}", e.alphabet.size(), in());
    case Writing::scaled:
      return fmt::format("each byte scaled to {} and taken from {}", e.alphabet.size(), in());
    case Writing::number32:
      return "its first four bytes as a decimal number";
    case Writing::padded32:
      return "its first four bytes as a decimal number of ten digits";
    case Writing::number32_low:
      return "its first four bytes, lowest first, as a decimal number";
    case Writing::number32_end:
      return "its last four bytes as a decimal number";
    case Writing::number64:
      return "its first eight bytes as a decimal number";
    case Writing::big:
      return fmt::format("as one number in base {}", e.alphabet.size());
    case Writing::word:
      return fmt::format("its first {} bytes, remainder by {}, as a place in a published list of words", e.first,
                         e.list->size());
  }
  return {};
}

std::vector<Encoding> encodings_for(const Shape& shape, const std::vector<string>& extra) {
  std::vector<Encoding> out;
  std::size_t total = 0;
  for (const string& c : shape.cores) total += c.size();
  const auto likely = [&](string alphabet, double size) {
    for (const char c : shape.alphabet)
      if (alphabet.find(c) == string::npos) return false;
    return static_cast<double>(total) * std::log10(static_cast<double>(shape.alphabet.size()) / size) > -12;
  };
  const auto viable = [&](const string& alphabet) { return likely(alphabet, static_cast<double>(alphabet.size())); };
  const auto add = [&](Encoding e) { out.push_back(std::move(e)); };
  const string digits = "0123456789";
  if (viable("0123456789abcdef")) add({Writing::hex, "0123456789abcdef"});
  if (viable(digits)) {
    for (const Writing w : {Writing::hex_digits, Writing::number32, Writing::padded32, Writing::number32_low,
                            Writing::number32_end, Writing::number64})
      add({w, digits});
    add({Writing::nibbles, digits});
    add({Writing::big, digits, 1, 0, true});
  }
  const string az = "abcdefghijklmnopqrstuvwxyz";
  string upper_az = az;
  for (char& c : upper_az) c = static_cast<char>(c - 32);
  if (viable(az.substr(0, 16))) add({Writing::nibbles, az.substr(0, 16)});
  if (viable(upper_az + az + digits + "+/")) add({Writing::base64, upper_az + az + digits + "+/"});
  if (viable(upper_az + az + digits + "-_")) add({Writing::base64_url, upper_az + az + digits + "-_"});
  std::vector<string> alphabets = known_alphabets();
  alphabets.insert(alphabets.end(), extra.begin(), extra.end());
  std::set<string> seen;
  for (string a : alphabets) {
    if (shape.folded) {
      const string small = lower(a);
      if (std::set<char>(small.begin(), small.end()).size() != a.size()) continue;  // both cases are in it
      a = small;
    }
    if (a.size() < 2 || a.size() > 94 || !seen.insert(a).second || !viable(a)) continue;
    add({Writing::modulo, a});
    add({Writing::modulo, a, 2, 0});
    add({Writing::modulo, a, 2, 1});
    add({Writing::modulo16, a});
    add({Writing::scaled, a});
    if (a.size() == 32) add({Writing::base32, a});
    if (a.size() != 16 && a.size() != 10) add({Writing::big, a, 1, 0, true});
  }
  // Words: every core is one of a numbered list.
  for (const NumberedList& list : numbered_lists()) {
    const bool all = shape.folded && std::all_of(shape.cores.begin(), shape.cores.end(), [&](const string& c) {
                       return std::find(list.words.begin(), list.words.end(), c) != list.words.end();
                     });
    if (all)
      for (const unsigned bytes : {1u, 2u, 4u, 8u}) add({Writing::word, {}, 1, bytes, false, &list.words});
  }
  return out;
}

std::optional<string> run(const Program& p, const Batch& batch, const Unit& unit, std::size_t size, bool folded) {
  auto text = joined(p, batch, unit);
  if (!text) return std::nullopt;
  string written;
  if (p.digests.empty()) {
    written = folded ? lower(*text) : *text;
  } else {
    for (std::size_t i = 0; i < p.digests.size(); ++i) {
      if (i) text = hex(as_bytes(*text));
      text = digest_bytes(p.digests[i], *text);
    }
    char out[192];
    written.assign(out, encode(p.encoding, reinterpret_cast<const std::uint8_t*>(text->data()), text->size(), out));
  }
  if (p.encoding.writing == Writing::word && !p.digests.empty()) return written;
  if (p.offset + size > written.size()) return std::nullopt;
  return written.substr(p.from_end ? written.size() - p.offset - size : p.offset, size);
}

string words(const Program& p, const Batch& batch, const Shape& shape) {
  std::vector<string> parts;
  for (const Part& part : p.parts)
    parts.push_back(part.form ? words(*part.form, batch)
                              : fmt::format("the constant {}{}", shown_constant(part.constant),
                                            part.about.empty() ? "" : " (" + part.about + ")"));
  string text = parts.size() == 1 ? parts[0] : join(parts, " and ");
  if (parts.size() > 1) text += p.separator.empty() ? ", joined" : fmt::format(", joined by “{}”", p.separator);
  for (std::size_t i = 0; i < p.digests.size(); ++i)
    text = fmt::format("{} of {}{}", name(p.digests[i]), i ? "the hexadecimal " : "", text);
  const std::size_t size = shape.longest;
  string slice;
  if (p.digests.empty())
    slice = p.offset == 0 && p.from_end ? fmt::format("the last {} characters", size)
            : p.offset == 0             ? fmt::format("the first {} characters", size)
                                        : fmt::format("characters {} to {}{}", p.offset + 1, p.offset + size,
                                          p.from_end ? " from the end" : "");
  else if (p.encoding.writing == Writing::word)
    slice = "a word";
  else
    slice = p.from_end      ? p.offset == 0 ? fmt::format("the last {} characters", size)
                                            : fmt::format("{} characters that end {} before the end", size, p.offset)
                 : p.offset == 0 ? fmt::format("the first {} characters", size)
                            : fmt::format("characters {} to {}", p.offset + 1, p.offset + size);
  string out = shape.decoration() + slice + " of " + text;
  if (!p.digests.empty()) {
    string e = words(p.encoding);
    if (p.encoding.writing == Writing::hex && shape.capitals) e += " with capitals";
    out += ", " + e;
  } else if (shape.capitals) {
    out += ", in capitals";
  }
  if (!shape.fixed.empty()) out += fmt::format(", grouped by {} separators", shape.fixed.size());
  if (!shape.suffix.empty()) out += fmt::format(", then a fixed end of {} characters", shape.suffix.size());
  return out;
}

string expression(const Program& p, const Batch& batch, const Shape& shape) {
  std::vector<string> parts;
  for (const Part& part : p.parts)
    parts.push_back(part.form ? expression(*part.form, batch) : shown_constant(part.constant));
  string text = join(parts, p.separator.empty() ? " + " : fmt::format(" + \"{}\" + ", p.separator));
  for (std::size_t i = 0; i < p.digests.size(); ++i)
    text = fmt::format("{}({})", kDigestWords[static_cast<std::size_t>(p.digests[i])], i ? "hex(" + text + ")" : text);
  constexpr string_view kWritings[] = {"hex",      "hex_digits", "nibbles", "base64",   "base64url",  "base32",
                                       "mod",      "mod16",      "scale",   "number32", "number32le", "number32end",
                                       "number64", "padded32",   "big",     "word"};
  if (!p.digests.empty()) {
    text = fmt::format(
        "{}({}{})", kWritings[static_cast<std::size_t>(p.encoding.writing)], text,
        p.encoding.alphabet.empty() || p.encoding.writing == Writing::hex ? "" : ",\"" + p.encoding.alphabet + "\"");
    if (p.encoding.stride > 1) text += fmt::format("[{}::{}]", p.encoding.first, p.encoding.stride);
  } else if (parts.size() > 1) {
    text = "(" + text + ")";
  }
  if (p.encoding.writing == Writing::word && !p.digests.empty()) return text;
  return p.from_end ? fmt::format("{}[-{}:-{}]", text, p.offset + shape.longest, p.offset)
                    : fmt::format("{}[{}:{}]", text, p.offset, p.offset + shape.longest);
}

std::vector<Kind> kinds(const Program& p, const Batch& batch) {
  std::vector<Kind> out;
  for (const Part& part : p.parts)
    if (part.form) out.push_back(batch.columns[part.form->column].kind);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace assay::passwords
