#include "base/digest.h"

#include <libdeflate.h>
#include <openssl/evp.h>

#include "base/result.h"

namespace assay {
namespace {

// Fetched once: an implicit fetch costs three times the hashing of a small file.
const EVP_MD* sha256_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

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

std::uint32_t crc32(Bytes data, std::uint32_t seed) { return libdeflate_crc32(seed, data.data(), data.size()); }

}  // namespace assay
