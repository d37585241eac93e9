// Program: a formula for a password, and how it is run. Parts (forms of identifiers, constants) are joined, perhaps put
// through one or two digests, written in some way, and a slice of that is the core of the password.
//
// This is the plain evaluator: it confirms on all units what the fast search found on a few, with OpenSSL's digests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "passwords/finding.h"
#include "passwords/forms.h"

namespace assay::passwords {

enum class Digest : std::uint8_t { md5, sha1, sha256, sha512, crc32, crc16, adler32, fnv1a, djb2 };
inline constexpr std::size_t kDigests = 9;
std::string_view name(Digest digest);
std::string digest_bytes(Digest digest, std::string_view text);
// The short ones, which cost less than the memory they are in: 4 bytes (crc16: 2), most significant first.
std::size_t short_digest(Digest digest, std::string_view text, std::uint8_t* out);

// How bytes become characters.
enum class Writing : std::uint8_t {
  hex,           // two digits a byte
  hex_digits,    // only the decimal digits of the hexadecimal text
  nibbles,       // each half byte, remainder by the size of the alphabet
  base64,        // RFC 4648, section 4
  base64_url,    // section 5
  base32,        // alphabet of 32, five bits a character
  modulo,        // each byte, remainder by the size of the alphabet
  modulo16,      // each two bytes, likewise
  scaled,        // each byte times the size of the alphabet over 256
  number32,      // the first four bytes as a decimal number
  number32_low,  // the same, least significant byte first
  number32_end,  // the last four bytes
  number64,      // the first eight bytes
  padded32,      // as number32, ten digits
  big,           // all bytes as one number in the alphabet: counts one step of depth
  word           // the word of a numbered list at the first two (or four) bytes, remainder
};

struct Encoding {
  Writing writing = Writing::hex;
  std::string alphabet;                            // in the order of values
  unsigned stride = 1, first = 0;                  // of modulo: every second character
  bool slow = false;                               // counts one step
  const std::vector<std::string>* list = nullptr;  // of words
};
// Writes at most 128 characters; returns how many.
std::size_t encode(const Encoding& encoding, const std::uint8_t* bytes, std::size_t size, char* out);
std::string words(const Encoding& encoding);

// Encodings that can give cores of this shape: the alphabet holds all that was seen, and so little of it would not be
// seen by chance (10^-12). `extra`: alphabets from the firmware.
std::vector<Encoding> encodings_for(const Shape& shape, const std::vector<std::string>& extra);

struct Part {
  std::optional<Form> form;
  std::string constant;  // bytes
  std::string about;     // of a constant: where it is from
};

struct Program {
  std::vector<Part> parts;
  std::string separator;
  std::vector<Digest> digests;
  Encoding encoding;
  std::size_t offset = 0;
  bool from_end = false;  // the slice ends `offset` characters before the end
  unsigned depth = 0;
};
// The slice for a core of `size` characters, folded like the shape.
std::optional<std::string> run(const Program& program, const Batch& batch, const Unit& unit, std::size_t size,
                               bool folded);
std::string words(const Program& program, const Batch& batch, const Shape& shape);
std::string expression(const Program& program, const Batch& batch, const Shape& shape);
// Kinds of identifiers it reads.
std::vector<Kind> kinds(const Program& program, const Batch& batch);

}  // namespace assay::passwords
