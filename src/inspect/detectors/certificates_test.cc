#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <random>

#include "base/digest.h"
#include "base/file.h"
#include "inspect/crypto.h"
#include "inspect/detectors/testing.h"
#include "inspect/detectors/testing_keys.h"
#include "parse/pem.h"

namespace assay::inspect {
extern const Detector certificates;
namespace {

Facts look(std::string path, const std::string& content) {
  Facts out;
  Entry entry;
  certificates.file({"squashfs", path, entry, file_kind(path, as_bytes(content)), as_bytes(content)}, out);
  return out;
}

TEST(Certificates, ReadsEveryColumn) {
  const std::string pem = test_certificate("Porch Camera", 1700000000, 1731536000);
  const Facts f = look("etc/uhttpd.crt", "# made at first start\n" + pem);
  ASSERT_EQ(f.facts.size(), 1u);
  const Fact& c = f.facts[0];
  EXPECT_EQ(text(c, "subject"), "CN=Porch Camera,O=Example");
  EXPECT_EQ(text(c, "issuer"), "CN=Porch Camera,O=Example");
  EXPECT_EQ(text(c, "self_signed"), "1");
  EXPECT_EQ(text(c, "key"), "p-256");
  EXPECT_EQ(text(c, "signature_algorithm"), "ecdsa-with-SHA256");
  EXPECT_EQ(text(c, "not_before"), "2023-11-14");
  EXPECT_EQ(text(c, "not_after"), "2024-11-13");
  EXPECT_EQ(text(c, "serial"), "2a");
  EXPECT_EQ(text(c, "ca"), "0");
  EXPECT_EQ(text(c, "usage"), "server");
  EXPECT_EQ(text(c, "spki_sha256").size(), 64u);
  EXPECT_EQ(c.at, 22u);
  EXPECT_EQ(c.place, "squashfs > /etc/uhttpd.crt");
}

TEST(Certificates, DerIsTheSameAsPem) {
  const std::string pem = test_certificate("A", 1700000000, 1731536000), der = test_der(pem);
  const Facts a = look("etc/a.pem", pem), b = look("etc/a.der", der);
  ASSERT_EQ(b.facts.size(), 1u);
  EXPECT_EQ(text(a.facts[0], "spki_sha256"), text(b.facts[0], "spki_sha256"));
  EXPECT_EQ(b.facts[0].at, 0u);
}

TEST(Certificates, BundlesAndStringsOfPrograms) {
  const std::string one = test_certificate("One", 1700000000, 1731536000),
                    two = test_certificate("Two", 1700000000, 1731536000);
  EXPECT_EQ(look("etc/ssl/certs/ca-certificates.crt", one + "\n" + two).facts.size(), 2u);
  EXPECT_EQ(text(look("etc/ssl/certs/ca-certificates.crt", one).facts[0], "usage"), "trust-store");
  // A program with a certificate inside, and one that only knows the words.
  EXPECT_EQ(look("bin/a", std::string("\x7f"
                                      "ELF\0\0",
                                      6) +
                              one)
                .facts.size(),
            1u);
  const Facts none = look("bin/b", std::string("\x7f"
                                               "ELF\0-----BEGIN CERTIFICATE-----\n\0-----END CERTIFICATE-----\n\0",
                                               60));
  EXPECT_TRUE(none.facts.empty());
  EXPECT_TRUE(none.unexamined.empty());
}

TEST(Certificates, BrokenOnesAreSaid) {
  const std::string pem = test_certificate("A", 1700000000, 1731536000), der = test_der(pem);
  std::size_t said = 0;
  for (std::size_t size = 16; size < der.size(); ++size) {
    EXPECT_FALSE(read_certificate(as_bytes(der.substr(0, size))).has_value());
    const Facts f = look("etc/a.pem", "-----BEGIN CERTIFICATE-----\n" + test_base64(der.substr(0, size)) +
                                          "\n-----END CERTIFICATE-----\n");
    EXPECT_TRUE(f.facts.empty());
    said += f.unexamined.size();
  }
  EXPECT_EQ(said, der.size() - 16);
  std::mt19937 random(5);
  for (int i = 0; i < 2000; ++i) {
    std::string changed = der;
    changed[random() % changed.size()] = static_cast<char>(random());
    const Result<CertificateText> c = read_certificate(as_bytes(changed));
    if (c.has_value()) {
      EXPECT_EQ(c->spki_sha256.size(), 64u);
    }
  }
}

// Debian's own bundle, where it is installed.
TEST(Certificates, PublicBundle) {
  const auto bundle = MappedFile::open("/etc/ssl/certs/ca-certificates.crt");
  if (!bundle) GTEST_SKIP() << "no /etc/ssl/certs/ca-certificates.crt here";
  const std::string content(as_text(bundle->bytes()));
  const auto start = std::chrono::steady_clock::now();
  const Facts f = look("etc/ssl/certs/ca-certificates.crt", content);
  std::cout << f.facts.size() << " certificates in "
            << std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() << " ms\n";
  EXPECT_GT(f.facts.size(), 100u);
  EXPECT_TRUE(f.unexamined.empty());
  for (const Fact& c : f.facts) {
    EXPECT_EQ(text(c, "usage"), "trust-store");
    EXPECT_EQ(text(c, "ca"), "1");
    EXPECT_FALSE(text(c, "key").empty());
  }
}

// The same bundle read by OpenSSL: what we read ourselves is the same.
TEST(Certificates, AgreeWithOpenssl) {
  const auto bundle = MappedFile::open("/etc/ssl/certs/ca-certificates.crt");
  if (!bundle) GTEST_SKIP() << "no /etc/ssl/certs/ca-certificates.crt here";
  std::size_t compared = 0;
  parse::each_pem(bundle->bytes(), [&](const parse::PemBlock& b) {
    const unsigned char* at = b.der.data();
    X509* c = d2i_X509(nullptr, &at, static_cast<long>(b.der.size()));
    ASSERT_NE(c, nullptr);
    const Result<CertificateText> ours = read_certificate(b.der);
    ASSERT_TRUE(ours.has_value()) << ours.error().text();
    EVP_PKEY* key = X509_get0_pubkey(c);
    ASSERT_NE(key, nullptr);
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
      EXPECT_EQ(ours->key, "rsa-" + std::to_string(EVP_PKEY_get_bits(key)));
    } else {
      EXPECT_EQ(ours->key, "p-" + std::to_string(EVP_PKEY_get_bits(key)));
    }
    EXPECT_EQ(ours->ca, X509_check_ca(c) > 0) << ours->subject;
    EXPECT_EQ(ours->self_signed, X509_NAME_cmp(X509_get_subject_name(c), X509_get_issuer_name(c)) == 0);
    EXPECT_EQ(ours->signature_algorithm, OBJ_nid2ln(X509_get_signature_nid(c)));
    tm after{};
    ASN1_TIME_to_tm(X509_get0_notAfter(c), &after);
    char day[64];
    std::snprintf(day, sizeof day, "%04d-%02d-%02d", after.tm_year + 1900, after.tm_mon + 1, after.tm_mday);
    EXPECT_EQ(ours->not_after, day);
    unsigned char* spki = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(c), &spki);
    EXPECT_EQ(ours->spki_sha256, sha256_hex({spki, static_cast<std::size_t>(size)}));
    OPENSSL_free(spki);
    X509_free(c);
    ++compared;
  });
  EXPECT_GT(compared, 100u);
}

}  // namespace
}  // namespace assay::inspect
