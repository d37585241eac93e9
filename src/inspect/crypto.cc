#include "inspect/crypto.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "base/clock.h"
#include "base/digest.h"
#include "base/text.h"
#include "parse/der.h"

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

std::string name_text(Bytes der) {
  const unsigned char* at = der.data();
  const std::unique_ptr<X509_NAME, Free<X509_NAME_free>> name(
      d2i_X509_NAME(nullptr, &at, static_cast<long>(der.size())));
  const Output out(BIO_new(BIO_s_mem()));
  if (!out || !name) return {};
  // RFC 2253's order and escapes, UTF-8 left readable.
  if (X509_NAME_print_ex(out.get(), name.get(), 0,
                         (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) | ASN1_STRFLGS_UTF8_CONVERT) < 0)
    return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return size > 0 ? clean_utf8(std::string_view(data, static_cast<std::size_t>(std::min(size, 1024L)))) : std::string();
}

// UTCTime or GeneralizedTime to its day; years below 50 are of this century (RFC 5280 section 4.1.2.5).
std::string date(const parse::Der& time) {
  std::string_view t = as_text(time.body);
  std::string year;
  if (time.tag == parse::kDerUtcTime && t.size() >= 10) {
    year = (t[0] < '5' ? "20" : "19") + std::string(t.substr(0, 2));
    t.remove_prefix(2);
  } else if (time.tag == parse::kDerGeneralizedTime && t.size() >= 12) {
    year = t.substr(0, 4);
    t.remove_prefix(4);
  } else {
    return {};
  }
  const Result<Date> day = Date::parse(year + "-" + std::string(t.substr(0, 2)) + "-" + std::string(t.substr(2, 2)));
  return day ? day->iso() : std::string();
}

int object_nid(const parse::Der& oid) {
  const unsigned char* at = oid.whole.data();
  const std::unique_ptr<ASN1_OBJECT, Free<ASN1_OBJECT_free>> object(
      d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(oid.whole.size())));
  return object ? OBJ_obj2nid(object.get()) : NID_undef;
}
std::string object_name(const parse::Der& oid) {
  if (const int nid = object_nid(oid); nid != NID_undef) return OBJ_nid2ln(nid);
  const unsigned char* at = oid.whole.data();
  const std::unique_ptr<ASN1_OBJECT, Free<ASN1_OBJECT_free>> object(
      d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(oid.whole.size())));
  char text[128];
  return object && OBJ_obj2txt(text, sizeof text, object.get(), 1) > 0 ? text : std::string();
}

// "rsa-2048" of a SubjectPublicKeyInfo; "" where the algorithm is not known. OpenSSL's own decoder takes 0.2 ms a key,
// a bundle of 150 authorities 40: the numbers that name a key stand in plain sight.
Result<std::string> spki_name(Bytes spki) {
  parse::DerReader in(spki);
  const parse::Der algorithm = ASSAY_TRY(in.next(parse::kDerSequence, "the key's algorithm"));
  const parse::Der key = ASSAY_TRY(in.next(parse::kDerBitString, "the key"));
  parse::DerReader parts(algorithm.body);
  const parse::Der oid = ASSAY_TRY(parts.next(parse::kDerOid, "the key's algorithm"));
  switch (const int nid = object_nid(oid); nid) {
    case NID_rsaEncryption:
    case NID_rsassaPss: {
      if (key.body.empty()) return fail(Errc::malformed, "an RSA key without content");
      parse::DerReader outer(key.body.subspan(1));
      const parse::Der numbers = ASSAY_TRY(outer.next(parse::kDerSequence, "the RSA key"));
      parse::DerReader inner(numbers.body);
      const parse::Der modulus = ASSAY_TRY(inner.next(parse::kDerInteger, "the RSA modulus"));
      return (nid == NID_rsaEncryption ? "rsa-" : "rsa-pss-") + std::to_string(parse::der_bits(modulus.body));
    }
    case NID_dsa: {
      const parse::Der numbers = ASSAY_TRY(parts.next(parse::kDerSequence, "DSA parameters"));
      parse::DerReader inner(numbers.body);
      return "dsa-" + std::to_string(parse::der_bits(ASSAY_TRY(inner.next(parse::kDerInteger, "the DSA prime")).body));
    }
    case NID_X9_62_id_ecPublicKey:
      return parts.is(parse::kDerOid) ? curve(object_nid(ASSAY_TRY(parts.next()))) : std::string("ec");
    case NID_ED25519:
      return std::string("ed25519");
    case NID_ED448:
      return std::string("ed448");
    case NID_X25519:
      return std::string("x25519");
    case NID_X448:
      return std::string("x448");
    default:
      return std::string();
  }
}

// basicConstraints, keyUsage and extKeyUsage (RFC 5280 section 4.2.1).
struct Extensions {
  bool any = false, authority = false, has_usage = false, may_sign = false;
};
Result<Extensions> extensions(Bytes list, CertificateText& out) {
  Extensions found;
  parse::DerReader in(list);
  const parse::Der all = ASSAY_TRY(in.next(parse::kDerSequence, "the extensions"));
  parse::DerReader each(all.body);
  while (!each.done()) {
    found.any = true;
    const parse::Der extension = ASSAY_TRY(each.next(parse::kDerSequence, "an extension"));
    parse::DerReader parts(extension.body);
    const parse::Der oid = ASSAY_TRY(parts.next(parse::kDerOid, "an extension's name"));
    if (parts.is(parse::kDerBoolean)) ASSAY_TRY(parts.next());
    const parse::Der value = ASSAY_TRY(parts.next(parse::kDerOctetString, "an extension's value"));
    const std::string_view id = as_text(oid.body);
    parse::DerReader inner(value.body);
    if (id == "\x55\x1d\x13") {  // 2.5.29.19
      const parse::Der constraints = ASSAY_TRY(inner.next(parse::kDerSequence, "basicConstraints"));
      parse::DerReader fields(constraints.body);
      if (fields.is(parse::kDerBoolean)) {
        const parse::Der flag = ASSAY_TRY(fields.next());
        found.authority = flag.body.size() == 1 && flag.body[0] != 0;
      }
    } else if (id == "\x55\x1d\x0f") {  // 2.5.29.15
      const parse::Der bits = ASSAY_TRY(inner.next(parse::kDerBitString, "keyUsage"));
      found.has_usage = true;
      found.may_sign = bits.body.size() > 1 && (bits.body[1] & 0x04) != 0;  // keyCertSign is bit 5
    } else if (id == "\x55\x1d\x25") {                                      // 2.5.29.37
      const parse::Der purposes = ASSAY_TRY(inner.next(parse::kDerSequence, "extKeyUsage"));
      parse::DerReader ids(purposes.body);
      while (!ids.done()) {
        const parse::Der purpose = ASSAY_TRY(ids.next());
        const std::string_view p = as_text(purpose.body);
        if (p.size() != 8 || p.substr(0, 7) != "\x2b\x06\x01\x05\x05\x07\x03") continue;  // 1.3.6.1.5.5.7.3
        out.server = out.server || p[7] == 1;
        out.client = out.client || p[7] == 2;
        out.code = out.code || p[7] == 3;
      }
    }
  }
  return found;
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
  parse::DerReader file(der);
  const parse::Der whole = ASSAY_TRY(file.next(parse::kDerSequence, "the certificate"));
  parse::DerReader parts(whole.body);
  const parse::Der signed_part = ASSAY_TRY(parts.next(parse::kDerSequence, "the certificate's signed part"));
  const parse::Der algorithm = ASSAY_TRY(parts.next(parse::kDerSequence, "the signature's algorithm"));
  ASSAY_TRY(parts.next(parse::kDerBitString, "the signature"));
  CertificateText out;
  parse::DerReader in(signed_part.body);
  constexpr std::uint8_t kVersion = 0xa0, kExtensions = 0xa3;
  const bool first_version = !in.is(kVersion);
  if (!first_version) ASSAY_TRY(in.next());
  const parse::Der number = ASSAY_TRY(in.next(parse::kDerInteger, "the serial number"));
  Bytes digits = number.body;
  while (digits.size() > 1 && digits[0] == 0) digits = digits.subspan(1);
  out.serial = hex(clip(digits, 0, 64));
  ASSAY_TRY(in.next(parse::kDerSequence, "the signature's algorithm"));
  const parse::Der issuer = ASSAY_TRY(in.next(parse::kDerSequence, "the issuer"));
  const parse::Der validity = ASSAY_TRY(in.next(parse::kDerSequence, "the validity"));
  const parse::Der subject = ASSAY_TRY(in.next(parse::kDerSequence, "the subject"));
  const parse::Der spki = ASSAY_TRY(in.next(parse::kDerSequence, "the public key"));
  parse::DerReader days(validity.body);
  out.not_before = date(ASSAY_TRY(days.next()));
  out.not_after = date(ASSAY_TRY(days.next()));
  out.issuer = name_text(issuer.whole);
  out.subject = name_text(subject.whole);
  out.self_signed = issuer.whole.size() == subject.whole.size() &&
                    std::equal(issuer.whole.begin(), issuer.whole.end(), subject.whole.begin());
  parse::DerReader signature(algorithm.body);
  out.signature_algorithm = object_name(ASSAY_TRY(signature.next(parse::kDerOid, "the signature's algorithm")));
  out.key = ASSAY_TRY(spki_name(spki.body));
  out.spki_sha256 = sha256_hex(spki.whole);
  Extensions found;
  while (!in.done()) {
    const parse::Der more = ASSAY_TRY(in.next());
    if (more.tag == kExtensions) found = ASSAY_TRY(extensions(more.body, out));
  }
  // Roots of version 1 have no extension that could say so.
  out.ca = found.authority ? !found.has_usage || found.may_sign : first_version && !found.any && out.self_signed;
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
  parse::DerReader file(der);
  const parse::Der whole = ASSAY_TRY(file.next(parse::kDerSequence, "the public key"));
  if (const Result<std::string> name = spki_name(whole.body); name && !name->empty())
    return KeyText{*name, sha256_hex(whole.whole), false};
  const unsigned char* at = der.data();
  const Key key(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(der.size())));  // PKCS#1
  if (!key) return fail_at(Errc::malformed, 0, "not a public key that we can read");
  return describe(key.get(), "a public key");
}

}  // namespace assay::inspect
