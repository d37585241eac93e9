#include "inspect/crypto.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <ctime>
#include <memory>

#include "base/digest.h"
#include "base/text.h"

namespace assay::inspect {
namespace {

template <auto kFree>
struct Free {
  template <class T>
  void operator()(T* p) const {
    kFree(p);
  }
};
void free_bytes(unsigned char* p) { OPENSSL_free(p); }

using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Buffer = std::unique_ptr<unsigned char, Free<free_bytes>>;
using Output = std::unique_ptr<BIO, Free<BIO_free>>;

// OpenSSL keeps errors in a queue of the thread; nobody else should find ours there.
struct ClearErrors {
  ~ClearErrors() { ERR_clear_error(); }
};

constexpr std::size_t kMaxDer = 256 << 10;

std::string curve(int nid) {
  switch (nid) {
    case NID_X9_62_prime256v1:
      return "p-256";
    case NID_secp384r1:
      return "p-384";
    case NID_secp521r1:
      return "p-521";
    case NID_X9_62_prime192v1:
      return "p-192";
    case NID_secp224r1:
      return "p-224";
    default:
      break;
  }
  const char* name = OBJ_nid2sn(nid);
  return nid == NID_undef || !name ? "ec" : lower(name);
}

std::string key_name(EVP_PKEY* key) {
  if (!key) return {};
  const std::string bits = std::to_string(EVP_PKEY_get_bits(key));
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return "rsa-" + bits;
    case EVP_PKEY_RSA_PSS:
      return "rsa-pss-" + bits;
    case EVP_PKEY_DSA:
      return "dsa-" + bits;
    case EVP_PKEY_DH:
      return "dh-" + bits;
    case EVP_PKEY_ED25519:
      return "ed25519";
    case EVP_PKEY_ED448:
      return "ed448";
    case EVP_PKEY_X25519:
      return "x25519";
    case EVP_PKEY_X448:
      return "x448";
    case EVP_PKEY_EC: {
      char group[64] = {};
      std::size_t length = 0;
      if (EVP_PKEY_get_group_name(key, group, sizeof group, &length) != 1) return "ec-" + bits;
      return curve(OBJ_txt2nid(group));
    }
    default:
      return {};
  }
}

std::string name_text(const X509_NAME* name) {
  const Output out(BIO_new(BIO_s_mem()));
  if (!out || !name) return {};
  // RFC 2253's order and escapes, UTF-8 left readable.
  if (X509_NAME_print_ex(out.get(), name, 0, (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) | ASN1_STRFLGS_UTF8_CONVERT) < 0)
    return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return size > 0 ? clean_utf8(std::string_view(data, static_cast<std::size_t>(std::min(size, 1024L)))) : std::string();
}

std::string date(const ASN1_TIME* time) {
  tm t{};
  if (!time || ASN1_TIME_to_tm(time, &t) != 1) return {};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday);
  return text;
}

std::string serial(const ASN1_INTEGER* number) {
  if (!number) return {};
  const Bytes raw(ASN1_STRING_get0_data(number), static_cast<std::size_t>(ASN1_STRING_length(number)));
  return (ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER ? "-" : "") + hex(clip(raw, 0, 64));
}

std::string object_name(const ASN1_OBJECT* object) {
  if (!object) return {};
  if (const int nid = OBJ_obj2nid(object); nid != NID_undef) return OBJ_nid2ln(nid);
  char text[128];
  return OBJ_obj2txt(text, sizeof text, object, 1) > 0 ? text : std::string();
}

std::string spki_digest(X509_PUBKEY* key) {
  unsigned char* made = nullptr;
  const int size = key ? i2d_X509_PUBKEY(key, &made) : 0;
  const Buffer der(made);
  return size > 0 ? sha256_hex({der.get(), static_cast<std::size_t>(size)}) : std::string();
}

Result<KeyText> describe(EVP_PKEY* key, std::string_view what) {
  KeyText out;
  out.algorithm = key_name(key);
  if (out.algorithm.empty()) return fail(Errc::unsupported, std::string(what) + " that OpenSSL cannot read");
  unsigned char* made = nullptr;
  const int size = i2d_PUBKEY(key, &made);
  const Buffer der(made);
  if (size > 0) out.spki_sha256 = sha256_hex({der.get(), static_cast<std::size_t>(size)});
  return out;
}

}  // namespace

Result<CertificateText> read_certificate(Bytes der) {
  const ClearErrors clear;
  if (der.empty() || der.size() > kMaxDer) return fail(Errc::malformed, "no certificate: empty or too long");
  const unsigned char* at = der.data();
  const Certificate c(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!c) return fail_at(Errc::malformed, 0, "not a certificate that OpenSSL can read");
  CertificateText out;
  out.subject = name_text(X509_get_subject_name(c.get()));
  out.issuer = name_text(X509_get_issuer_name(c.get()));
  out.serial = serial(X509_get0_serialNumber(c.get()));
  const X509_ALGOR* algorithm = nullptr;
  X509_get0_signature(nullptr, &algorithm, c.get());
  const ASN1_OBJECT* object = nullptr;
  if (algorithm) X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  out.signature_algorithm = object_name(object);
  out.not_before = date(X509_get0_notBefore(c.get()));
  out.not_after = date(X509_get0_notAfter(c.get()));
  out.key = key_name(X509_get0_pubkey(c.get()));
  out.spki_sha256 = spki_digest(X509_get_X509_PUBKEY(c.get()));
  out.ca = X509_check_ca(c.get()) > 0;
  out.self_signed = X509_NAME_cmp(X509_get_subject_name(c.get()), X509_get_issuer_name(c.get())) == 0;
  if (X509_get_extension_flags(c.get()) & EXFLAG_XKUSAGE) {
    const std::uint32_t usage = X509_get_extended_key_usage(c.get());
    out.server = (usage & XKU_SSL_SERVER) != 0;
    out.client = (usage & XKU_SSL_CLIENT) != 0;
    out.code = (usage & XKU_CODE_SIGN) != 0;
  }
  return out;
}

Result<KeyText> read_private_key(Bytes der) {
  const ClearErrors clear;
  if (der.empty() || der.size() > kMaxDer) return fail(Errc::malformed, "no private key: empty or too long");
  const unsigned char* at = der.data();
  const Key key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
  if (key) return describe(key.get(), "a private key");
  // EncryptedPrivateKeyInfo: SEQUENCE { AlgorithmIdentifier, OCTET STRING }.
  at = der.data();
  const std::unique_ptr<X509_SIG, Free<X509_SIG_free>> wrapped(
      d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!wrapped) return fail_at(Errc::malformed, 0, "not a private key that OpenSSL can read");
  KeyText out;
  out.encrypted = true;
  return out;
}

Result<KeyText> read_public_key(Bytes der) {
  const ClearErrors clear;
  if (der.empty() || der.size() > kMaxDer) return fail(Errc::malformed, "no public key: empty or too long");
  const unsigned char* at = der.data();
  Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (!key) {
    at = der.data();
    key.reset(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(der.size())));
  }
  if (!key) return fail_at(Errc::malformed, 0, "not a public key that OpenSSL can read");
  return describe(key.get(), "a public key");
}

}  // namespace assay::inspect
