// X.509 certificates (RFC 5280), PEM anywhere in a file and DER as a whole file.
#include <array>

#include "base/text.h"
#include "inspect/crypto.h"
#include "inspect/detector.h"
#include "parse/pem.h"

namespace assay::inspect {
namespace {

using std::string_view;

// The longest public bundle has some 450.
constexpr std::size_t kMaxCertificates = 2000;

bool holds(string_view text, string_view part) { return text.find(part) != string_view::npos; }

string_view usage(string_view path, const CertificateText& c) {
  const std::string p = lower(path);
  for (string_view word : {"rauc", "swupdate", "mender", "fwup", "/ota/", "firmware", "update"})
    if (holds(p, word) && !holds(p, "update-ca") && !holds(p, "ca-certificates")) return "update";
  if (c.ca) return "trust-store";
  for (string_view word : {"etc/ssl/certs/", "ca-certificates", "ca-bundle", "cacert"})
    if (holds(p, word)) return "trust-store";
  if (c.server && !c.client) return "server";
  if (c.client && !c.server) return "client";
  for (string_view word : {"uhttpd", "lighttpd", "nginx", "httpd", "stunnel", "server", "goahead", "boa"})
    if (holds(p, word)) return "server";
  if (holds(p, "client")) return "client";
  return "unknown";
}

void add(const FileView& f, std::uint64_t at, std::uint64_t size, Bytes der, Facts& out) {
  const Result<CertificateText> c = read_certificate(der);
  if (!c) {
    out.not_examined(f.place(), "certificate", c.error().what + ", at offset " + std::to_string(at));
    return;
  }
  Fact& fact = out.add("certificate", f.place());
  fact.at = at;
  const auto put = [&fact](string_view column, const std::string& text) {
    if (!text.empty()) fact.set(column, text);
  };
  put("subject", c->subject);
  put("issuer", c->issuer);
  put("serial", c->serial);
  put("key", c->key);
  put("signature_algorithm", c->signature_algorithm);
  put("not_before", c->not_before);
  put("not_after", c->not_after);
  fact.set("ca", c->ca);
  put("spki_sha256", c->spki_sha256);
  fact.set("self_signed", c->self_signed).set("usage", usage(f.path, *c));
  fact.excerpt = make_excerpt(f.content, at, size,
                              "certificate of " + (c->subject.empty() ? std::string("nobody named") : c->subject));
}

void file(const FileView& f, Facts& out) {
  std::size_t count = 0;
  bool pem = false;
  parse::each_pem(f.content, [&](const parse::PemBlock& b) {
    pem = true;
    if (b.label != "CERTIFICATE" && b.label != "X509 CERTIFICATE" && b.label != "TRUSTED CERTIFICATE") return;
    // A program that knows how to write PEM has the two lines in its strings, with nothing between them.
    if (b.der.empty() && f.kind != FileKind::certificate) return;
    if (++count <= kMaxCertificates) add(f, b.at, b.size, b.der, out);
  });
  if (count > kMaxCertificates)
    out.not_examined(f.place(), "certificate",
                     "more than " + std::to_string(kMaxCertificates) + " certificates in one file");
  if (!pem && f.kind == FileKind::certificate && f.content[0] == 0x30) add(f, 0, f.content.size(), f.content, out);
}

constexpr string_view kTables[] = {"certificate"};

}  // namespace

extern constinit const Detector certificates{
    .name = "certificates",
    .title = "X.509 certificates",
    .tables = kTables,
    .file = file,
};

}  // namespace assay::inspect
