// Keys and certificates that tests make for themselves: none is stored in the repository.
#pragma once

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace assay::inspect {

inline std::string take(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string out(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return out;
}

using TestKey = std::shared_ptr<EVP_PKEY>;
inline TestKey test_key(const char* type = "EC") {
  EVP_PKEY* key = std::string(type) == "EC"    ? EVP_EC_gen("P-256")
                  : std::string(type) == "RSA" ? EVP_RSA_gen(1024)
                                               : EVP_PKEY_Q_keygen(nullptr, nullptr, type);
  return {key, EVP_PKEY_free};
}
// PKCS#8, encrypted where there is a pass phrase.
inline std::string test_pkcs8(const TestKey& key, const char* pass = nullptr) {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(out, key.get(), pass ? EVP_aes_128_cbc() : nullptr, nullptr, 0, nullptr,
                                const_cast<char*>(pass));
  return take(out);
}
// "RSA PRIVATE KEY", "EC PRIVATE KEY"; with RFC 1421 headers where there is a pass phrase.
inline std::string test_traditional(const TestKey& key, const char* pass = nullptr) {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey_traditional(out, key.get(), pass ? EVP_aes_128_cbc() : nullptr, nullptr, 0, nullptr,
                                       const_cast<char*>(pass));
  return take(out);
}
inline std::string test_public(const TestKey& key) {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(out, key.get());
  return take(out);
}

inline std::string test_certificate(const char* name, long from, long until, const TestKey& given = {}) {
  const TestKey key = given ? given : test_key();
  X509* c = X509_new();
  X509_set_version(c, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(c), 42);
  ASN1_TIME_set(X509_getm_notBefore(c), from);
  ASN1_TIME_set(X509_getm_notAfter(c), until);
  X509_NAME* subject = X509_get_subject_name(c);
  X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("Example"), -1, -1, 0);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(c, subject);
  X509_set_pubkey(c, key.get());
  X509_sign(c, key.get(), EVP_sha256());
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(out, c);
  X509_free(c);
  return take(out);
}

// The bytes of the first PEM block.
inline std::string test_der(const std::string& pem) {
  BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  char *name = nullptr, *header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  std::string out;
  if (PEM_read_bio(in, &name, &header, &data, &size) == 1)
    out.assign(reinterpret_cast<char*>(data), static_cast<std::size_t>(size));
  OPENSSL_free(name), OPENSSL_free(header), OPENSSL_free(data);
  BIO_free(in);
  return out;
}
inline std::string test_base64(const std::string& bytes) {
  std::string out(bytes.size() / 3 * 4 + 5, '\0');
  out.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                                      reinterpret_cast<const unsigned char*>(bytes.data()),
                                                      static_cast<int>(bytes.size()))));
  return out;
}

}  // namespace assay::inspect
