// What OpenSSL is asked here: certificates and keys out of hostile bytes. Never fails loudly: what it cannot read is an
// Error or "".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace assay::inspect {

struct CertificateText {
  std::string subject, issuer;        // RFC 4514, UTF-8
  std::string serial;                 // hex
  std::string key;                    // "rsa-2048", "p-256"
  std::string signature_algorithm;    // "sha256WithRSAEncryption", or an OID
  std::string not_before, not_after;  // "2026-01-02"; empty: unreadable
  std::string spki_sha256;
  bool ca = false, self_signed = false;
  bool server = false, client = false, code = false;  // extended key usage
};
// One DER certificate, with OpenSSL's trust settings behind it or not.
Result<CertificateText> read_certificate(Bytes der);

struct KeyText {
  std::string algorithm;    // "rsa-2048", "p-256", "ed25519"
  std::string spki_sha256;  // SHA-256 of the public key's SubjectPublicKeyInfo
  bool encrypted = false;
};
// A DER private key: PKCS#1, SEC 1, DSA, PKCS#8 plain or encrypted (then without algorithm).
Result<KeyText> read_private_key(Bytes der);
// A DER SubjectPublicKeyInfo, or a PKCS#1 public key.
Result<KeyText> read_public_key(Bytes der);

}  // namespace assay::inspect
