#include "parse/ssh_key.h"

#include <string_view>

#include "base/reader.h"

namespace assay::parse {
namespace {

using std::string_view;

Result<Bytes> string_field(Reader& in, string_view what) {
  const be32 size = ASSAY_TRY(in.read<be32>(what));
  if (size > 16384) return fail_at(Errc::malformed, in.at(), std::string(what) + " is longer than any key");
  return in.take(size, what);
}

void put(std::vector<std::uint8_t>& out, Bytes part) {
  const auto size = static_cast<std::uint32_t>(part.size());
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(size >> shift));
  out.insert(out.end(), part.begin(), part.end());
}

std::size_t bits(Bytes number) {
  while (!number.empty() && number[0] == 0) number = number.subspan(1);
  if (number.empty()) return 0;
  std::size_t top = 8;
  while (!(number[0] >> (top - 1))) --top;
  return (number.size() - 1) * 8 + top;
}

// The public part, which every form begins with.
Result<SshKey> public_part(Reader& in, bool dropbear) {
  SshKey out;
  const Bytes type = ASSAY_TRY(string_field(in, "SSH key type"));
  const string_view name = as_text(type);
  put(out.public_blob, type);
  if (name == "ssh-rsa") {
    const Bytes e = ASSAY_TRY(string_field(in, "RSA exponent")), n = ASSAY_TRY(string_field(in, "RSA modulus"));
    if (bits(n) < 256) return fail(Errc::malformed, "an RSA modulus of " + std::to_string(bits(n)) + " bits");
    out.algorithm = "rsa-" + std::to_string(bits(n));
    put(out.public_blob, e), put(out.public_blob, n);
  } else if (name == "ssh-dss") {
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) {
      const Bytes number = ASSAY_TRY(string_field(in, "DSA number"));
      if (i == 0) size = bits(number);
      put(out.public_blob, number);
    }
    out.algorithm = "dsa-" + std::to_string(size);
  } else if (name.substr(0, 11) == "ecdsa-sha2-") {
    const Bytes curve = ASSAY_TRY(string_field(in, "curve")), point = ASSAY_TRY(string_field(in, "curve point"));
    const string_view c = as_text(curve);
    if (name.substr(11) != c) return fail(Errc::malformed, "an ECDSA key that names two curves");
    out.algorithm = c == "nistp256" ? "p-256" : c == "nistp384" ? "p-384" : c == "nistp521" ? "p-521" : "ec";
    put(out.public_blob, curve), put(out.public_blob, point);
  } else if (name == "ssh-ed25519") {
    out.algorithm = "ed25519";
    Bytes key = ASSAY_TRY(string_field(in, "Ed25519 key"));
    // Dropbear writes the private half first, then the public one.
    if (dropbear && key.size() == 64) key = key.subspan(32);
    if (key.size() != 32) return fail(Errc::malformed, "an Ed25519 key of " + std::to_string(key.size()) + " bytes");
    put(out.public_blob, key);
  } else {
    return fail_at(Errc::unsupported, 4, "an SSH key of an unknown type");
  }
  return out;
}

}  // namespace

Result<SshKey> read_ssh_public(Bytes blob) {
  Reader in(blob);
  return public_part(in, false);
}

Result<SshKey> read_dropbear_key(Bytes file) {
  Reader in(file);
  SshKey out = ASSAY_TRY(public_part(in, true));
  if (out.algorithm != "ed25519") {
    // The private numbers stand behind: without them this is a public key in a file.
    const Bytes secret = ASSAY_TRY(string_field(in, "private number"));
    if (secret.size() < 8) return fail(Errc::malformed, "no private number behind the public key");
  }
  return out;
}

Result<SshKey> read_openssh_key(Bytes decoded) {
  constexpr string_view kMagic("openssh-key-v1\0", 15);
  if (!starts_with(decoded, kMagic)) return fail_at(Errc::malformed, 0, "no OpenSSH private key");
  Reader in(decoded);
  ASSAY_TRY(in.skip(kMagic.size(), "magic"));
  const Bytes cipher = ASSAY_TRY(string_field(in, "cipher"));
  ASSAY_TRY(string_field(in, "key derivation"));
  ASSAY_TRY(string_field(in, "key derivation options"));
  const be32 count = ASSAY_TRY(in.read<be32>("number of keys"));
  if (count != 1) return fail(Errc::unsupported, "an OpenSSH file of " + std::to_string(count) + " keys");
  const Bytes blob = ASSAY_TRY(string_field(in, "public key"));
  SshKey out = ASSAY_TRY(read_ssh_public(blob));
  out.encrypted = as_text(cipher) != "none";
  return out;
}

}  // namespace assay::parse
