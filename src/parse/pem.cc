#include "parse/pem.h"

#include <array>
#include <cstring>

namespace assay::parse {
namespace {

using std::string_view;

constexpr std::uint64_t kMaxBlock = 256 << 10;
constexpr std::uint64_t kMaxLabel = 40;

// 0 … 63; 64 space; 65 something else.
constexpr std::array<std::uint8_t, 256> make_table() {
  std::array<std::uint8_t, 256> t{};
  for (auto& v : t) v = 65;
  const char* alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::uint8_t i = 0; i < 64; ++i) t[static_cast<unsigned char>(alphabet[i])] = i;
  for (char c : {' ', '\n', '\r', '\t', '\0'}) t[static_cast<unsigned char>(c)] = 64;
  return t;
}
constexpr std::array<std::uint8_t, 256> kTable = make_table();

std::uint64_t find(Bytes file, std::uint64_t from, string_view text) {
  if (from >= file.size()) return file.size();
  const void* hit = memmem(file.data() + from, file.size() - from, text.data(), text.size());
  return hit ? static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(hit) - file.data()) : file.size();
}

}  // namespace

std::vector<std::uint8_t> base64(string_view text) {
  std::vector<std::uint8_t> out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned count = 0, padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 'r')) {
      ++i;
      continue;
    }
    if (c == '=') {
      ++padding;
      continue;
    }
    const std::uint8_t v = kTable[static_cast<unsigned char>(c)];
    if (v == 64) continue;
    if (v == 65 || padding > 0) return {};
    bits = bits << 6 | v;
    if (++count % 4 == 0) {
      out.push_back(static_cast<std::uint8_t>(bits >> 16));
      out.push_back(static_cast<std::uint8_t>(bits >> 8));
      out.push_back(static_cast<std::uint8_t>(bits));
    }
  }
  if (padding > 2 || count % 4 == 1) return {};
  if (count % 4 == 2) out.push_back(static_cast<std::uint8_t>(bits >> 4));
  if (count % 4 == 3) {
    out.push_back(static_cast<std::uint8_t>(bits >> 10));
    out.push_back(static_cast<std::uint8_t>(bits >> 2));
  }
  return out;
}

bool next_pem(Bytes file, std::uint64_t from, PemBlock& out) {
  constexpr string_view kBegin = "-----BEGIN ";
  for (;;) {
    const std::uint64_t at = find(file, from, kBegin);
    if (at >= file.size()) return false;
    from = at + kBegin.size();
    const string_view rest = as_text(clip(file, from, kMaxBlock));
    const std::size_t label_end = rest.substr(0, kMaxLabel + 5).find("-----");
    if (label_end == string_view::npos || label_end == 0) continue;
    const string_view label = rest.substr(0, label_end);
    const std::size_t body = label_end + 5;
    // A second beginning before the end: this one was none. Looking for the next dashes keeps the search linear.
    const std::size_t dashes = rest.find("-----", body);
    if (dashes == string_view::npos) continue;
    const std::string end = "-----END " + std::string(label) + "-----";
    if (rest.substr(dashes, end.size()) != end) continue;
    out = PemBlock();
    out.label = label;
    out.at = at;
    out.size = kBegin.size() + dashes + end.size();
    out.body_at = from + body;
    out.body_size = dashes - body;
    string_view text = rest.substr(body, dashes - body);
    // Headers of RFC 1421 end with an empty line.
    if (text.substr(0, 256).find(": ") != string_view::npos) {
      out.encrypted = text.substr(0, 1024).find("ENCRYPTED") != string_view::npos;
      for (string_view blank : {string_view("\n\n"), string_view("\r\n\r\n"), string_view("\\n\\n")})
        if (const std::size_t gap = text.find(blank); gap != string_view::npos) {
          text.remove_prefix(gap + blank.size());
          break;
        }
    }
    out.der = base64(text);
    return true;
  }
}

}  // namespace assay::parse
