#include "base/digest.h"

#include <openssl/evp.h>

#include "base/result.h"

namespace assay {
namespace {

// Fetched once: an implicit fetch costs three times the hashing of a small file.
const EVP_MD* sha256_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

constexpr std::array<std::array<std::uint32_t, 256>, 8> make_crc_tables() {
  std::array<std::array<std::uint32_t, 256>, 8> t{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int k = 0; k < 8; ++k) c = (c & 1) ? 0xedb88320u ^ (c >> 1) : c >> 1;
    t[0][i] = c;
  }
  for (std::uint32_t i = 0; i < 256; ++i)
    for (std::size_t k = 1; k < 8; ++k) t[k][i] = (t[k - 1][i] >> 8) ^ t[0][t[k - 1][i] & 0xff];
  return t;
}
constexpr auto kCrc = make_crc_tables();

}  // namespace

struct Sha256Stream::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  ASSAY_CHECK(EVP_DigestInit_ex(state_->context, sha256_method(), nullptr) == 1);
}
Sha256Stream::~Sha256Stream() = default;
void Sha256Stream::add(Bytes data) { EVP_DigestUpdate(state_->context, data.data(), data.size()); }
Sha256 Sha256Stream::finish() {
  Sha256 out{};
  unsigned size = 0;
  ASSAY_CHECK(EVP_DigestFinal_ex(state_->context, out.data(), &size) == 1 && size == out.size());
  return out;
}

Sha256 sha256(Bytes data) {
  thread_local Sha256Stream::State state;
  Sha256 out{};
  unsigned size = 0;
  ASSAY_CHECK(EVP_DigestInit_ex(state.context, sha256_method(), nullptr) == 1);
  EVP_DigestUpdate(state.context, data.data(), data.size());
  ASSAY_CHECK(EVP_DigestFinal_ex(state.context, out.data(), &size) == 1 && size == out.size());
  return out;
}

std::vector<std::uint8_t> container_hash(std::string_view algorithm, Bytes data) {
  const EVP_MD* method = algorithm == "md5"      ? EVP_md5()
                         : algorithm == "sha1"   ? EVP_sha1()
                         : algorithm == "sha256" ? EVP_sha256()
                         : algorithm == "sha384" ? EVP_sha384()
                         : algorithm == "sha512" ? EVP_sha512()
                                                 : nullptr;
  if (!method) return {};
  std::vector<std::uint8_t> out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  ASSAY_CHECK(EVP_Digest(data.data(), data.size(), out.data(), &size, method, nullptr) == 1);
  out.resize(size);
  return out;
}

std::string hex(Bytes data) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out(data.size() * 2, '0');
  for (std::size_t i = 0; i < data.size(); ++i) {
    out[2 * i] = kDigits[data[i] >> 4];
    out[2 * i + 1] = kDigits[data[i] & 15];
  }
  return out;
}

std::uint32_t crc32(Bytes data, std::uint32_t seed) {
  std::uint32_t c = ~seed;
  const std::uint8_t* p = data.data();
  std::size_t n = data.size();
  for (; n >= 8; n -= 8, p += 8) {
    const std::uint32_t low =
        c ^ (p[0] | (std::uint32_t{p[1]} << 8) | (std::uint32_t{p[2]} << 16) | (std::uint32_t{p[3]} << 24));
    c = kCrc[7][low & 0xff] ^ kCrc[6][(low >> 8) & 0xff] ^ kCrc[5][(low >> 16) & 0xff] ^ kCrc[4][low >> 24] ^
        kCrc[3][p[4]] ^ kCrc[2][p[5]] ^ kCrc[1][p[6]] ^ kCrc[0][p[7]];
  }
  for (; n > 0; --n, ++p) c = kCrc[0][(c ^ *p) & 0xff] ^ (c >> 8);
  return ~c;
}

}  // namespace assay
