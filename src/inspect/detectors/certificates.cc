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

void add(const std::string& place, string_view path, Bytes content, std::uint64_t at, std::uint64_t size, Bytes der,
         Facts& out) {
  const Result<CertificateText> c = read_certificate(der);
  if (!c) {
    out.not_examined(place, "certificate", c.error().what + ", at offset " + std::to_string(at));
    return;
  }
  Fact& fact = out.add("certificate", place);
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
  fact.set("self_signed", c->self_signed).set("usage", usage(path, *c));
  fact.excerpt = make_excerpt(content, at, size,
                              "certificate of " + (c->subject.empty() ? std::string("nobody named") : c->subject));
}

void look(const std::string& place, string_view path, FileKind kind, Bytes content, Facts& out) {
  std::size_t count = 0;
  bool pem = false;
  parse::each_pem(content, [&](const parse::PemBlock& b) {
    pem = true;
    if (b.label != "CERTIFICATE" && b.label != "X509 CERTIFICATE" && b.label != "TRUSTED CERTIFICATE") return;
    // A program that knows how to write PEM has the two lines in its strings, with nothing between them.
    if (b.der.empty() && kind != FileKind::certificate) return;
    if (++count <= kMaxCertificates) add(place, path, content, b.at, b.size, b.der, out);
  });
  if (count > kMaxCertificates)
    out.not_examined(place, "certificate",
                     "more than " + std::to_string(kMaxCertificates) + " certificates in one file");
  if (!pem && kind == FileKind::certificate && content[0] == 0x30)
    add(place, path, content, 0, content.size(), content, out);
}

void file(const FileView& f, Facts& out) { look(f.place(), f.path, f.kind, f.content, out); }
// Firmware without files (a microcontroller's, a kernel) carries its certificates as text too.
void part(string_view place, Bytes content, Facts& out) { look(std::string(place), {}, FileKind::data, content, out); }

constexpr string_view kTables[] = {"certificate"};

}  // namespace

extern constinit const Detector certificates{
    .name = "certificates",
    .title = "X.509 certificates",
    .tables = kTables,
    .file = file,
    .part = part,
};

}  // namespace assay::inspect
