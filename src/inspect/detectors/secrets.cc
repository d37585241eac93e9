// Keys and passwords in files: private keys in every form that firmware has them, public keys with what they are for,
// and passwords in configuration. Files that the tree keeps are looked at once it is complete, so that a configuration
// that names a key tells its use; all others (programs with a key inside) while they are hot.
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <openssl/evp.h>

#include "base/data.h"
#include "base/digest.h"
#include "base/text.h"
#include "inspect/config_secrets.h"
#include "inspect/crypto.h"
#include "inspect/detector.h"
#include "inspect/guess.h"
#include "parse/pem.h"
#include "parse/ssh_key.h"

namespace assay::inspect {
namespace {

using std::string_view;

constexpr std::size_t kMaxKeys = 1000;  // a file

bool begins(string_view text, string_view start) { return text.substr(0, start.size()) == start; }
bool ends(string_view text, string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}
bool holds(string_view text, string_view part) { return text.find(part) != string_view::npos; }
string_view base_name(string_view path) { return path.substr(path.rfind('/') + 1); }

// By fingerprint, of data/credentials/test_keys.yaml. Built once.
const std::map<std::string, std::string, std::less<>>& test_keys() {
  static const std::map<std::string, std::string, std::less<>> known = [] {
    std::map<std::string, std::string, std::less<>> out;
    const Result<const Node*> file = data::file("credentials/test_keys.yaml");
    if (!file) return out;
    for (const Node& key : (**file)["keys"].items())
      for (string_view form : {"spki", "ssh"})
        if (key.has(form)) out.emplace(key[form].text(), key["name"].text());
    return out;
  }();
  return known;
}

// Where a path says what a key is for.
string_view key_usage(string_view path) {
  const std::string p = lower(path);
  const auto any = [&p](std::initializer_list<string_view> list) {
    return std::any_of(list.begin(), list.end(), [&p](string_view w) { return holds(p, w); });
  };
  if (any({"opkg/keys", "apk/keys", "/ota", "firmware", "swupdate", "rauc", "mender", "update", "apt/trusted",
           "usign"}))
    return "update";
  if (any({"dropbear", "etc/ssh/", "ssh_host", "host_key", "sshd/"})) return "host-key";
  if (any({"openvpn", "wireguard", "ipsec", "strongswan", "vpn", "swanctl"})) return "vpn";
  if (any({".ssh/", "id_rsa", "id_ed25519", "id_ecdsa", "id_dsa"})) return "login";
  if (any({"wpa_supplicant", "hostapd", "eap"})) return "wifi";
  if (any({"ssl/", "tls", "https", "uhttpd", "lighttpd", "nginx", "httpd", "stunnel", "mosquitto", "server.", "cert"}))
    return "tls";
  return "unknown";
}

// What a line that names a key file is about; "" where it does not say.
string_view usage_by_reference(string_view line, string_view from) {
  const std::string l = lower(line), f = lower(from);
  const auto any = [](const std::string& text, std::initializer_list<string_view> list) {
    return std::any_of(list.begin(), list.end(), [&text](string_view w) { return text.find(w) != std::string::npos; });
  };
  if (any(l, {"openssl dgst", "usign", "-verify", "swupdate", "rauc"}) || any(f, {"swupdate", "rauc", "upgrade"}))
    return "update";
  if (any(f, {"openvpn", "ipsec", "strongswan"})) return "vpn";
  if (any(f, {"sshd_config", "dropbear"}) || any(l, {"hostkey", "dropbear"})) return "host-key";
  if (any(f, {"wpa_supplicant", "hostapd"}) || any(l, {"private_key="})) return "wifi";
  if (any(l, {"keyfile", "key_file", "ssl", "tls", "pemfile", "privkey", "option key", "cert"})) return "tls";
  return {};
}

struct Range {
  std::uint64_t at, size;
};

class Look {
 public:
  Look(std::string place, string_view path, FileKind kind, Bytes content, string_view referred, Facts& out)
      : place_(std::move(place)),
        path_(path),
        kind_(kind),
        content_(content),
        usage_(referred.empty() ? key_usage(path) : referred),
        out_(out),
        first_(out.facts.size()) {}

  void run() {
    bool pem = false;
    parse::each_pem(content_, [&](const parse::PemBlock& b) {
      pem = true;
      if (room()) block(b);
    });
    if (!pem && kind_ != FileKind::elf) {
      if (begins(as_text(content_), "untrusted comment:")) {
        usign();
      } else if (content_.size() > 8 && content_[0] == 0 && content_[1] == 0) {
        dropbear();
      } else if (kind_ == FileKind::key && content_[0] == 0x30) {
        der();
      } else if (kind_ == FileKind::text || kind_ == FileKind::key) {
        if (content_.size() < (256u << 10)) ssh_lines();
      } else if (gpg_place()) {
        gpg();
      }
    }
    if (kind_ == FileKind::text && is_configuration(path_)) configuration();
    if (kind_ == FileKind::script) script();
    finish();
  }

 private:
  bool room() {
    if (out_.facts.size() - first_ < kMaxKeys) return true;
    if (!full_)
      out_.not_examined(place_, "secret", "more than " + std::to_string(kMaxKeys) + " keys and passwords in one file");
    full_ = true;
    return false;
  }

  Fact& add(string_view table, std::uint64_t at, std::uint64_t size, std::string note,
            string_view confidence = "high") {
    Fact& fact = out_.add(table, place_);
    fact.at = at;
    fact.confidence = std::string(confidence);
    fact.excerpt = make_excerpt(content_, at, size, std::move(note));
    return fact;
  }
  static void optional(Fact& fact, string_view column, const std::string& text) {
    if (!text.empty()) fact.set(column, text);
  }
  // [from, from+size) is secret: hidden in every excerpt of this file.
  void conceal(std::uint64_t from, std::uint64_t size) { secret_.push_back({from, size}); }

  void private_key(std::uint64_t at, std::uint64_t size, const std::string& algorithm, const std::string& digest,
                   bool encrypted, std::string shown, string_view confidence = "high", string_view usage = {}) {
    const auto test = test_keys().find(digest);
    const std::string what =
        (encrypted ? "encrypted private key" : "private key") + (algorithm.empty() ? std::string() : ", " + algorithm);
    Fact& fact = add("secret", at, size, test == test_keys().end() ? what : what + ": " + test->second, confidence);
    fact.set("kind", "private-key")
        .set("usage", usage.empty() ? usage_ : usage)
        .set("encrypted", encrypted)
        .set("redacted", shown);
    optional(fact, "algorithm", algorithm);
    optional(fact, "digest", digest);
    if (test != test_keys().end()) fact.set("known_test_key", test->second);
  }

  void block(const parse::PemBlock& b) {
    const std::string label = clean_utf8(b.label);
    const std::string shown = "-----BEGIN " + label + "-----…";
    if (ends(b.label, "PRIVATE KEY")) {
      conceal(b.body_at, b.body_size);
      if (b.der.size() < 16) return;  // a program that knows the words
      if (b.label == "OPENSSH PRIVATE KEY") {
        const Result<parse::SshKey> key = parse::read_openssh_key(b.der);
        if (key)
          private_key(b.at, b.size, key->algorithm, sha256_hex(key->public_blob), key->encrypted, shown);
        else
          private_key(b.at, b.size, {}, sha256_hex(b.der), false, shown, "low");
        return;
      }
      if (b.encrypted) {
        private_key(b.at, b.size, lower(b.label.substr(0, b.label.find(' '))), sha256_hex(b.der), true, shown);
        return;
      }
      const Result<KeyText> key = read_private_key(b.der);
      if (!key)
        private_key(b.at, b.size, {}, sha256_hex(b.der), b.label == "ENCRYPTED PRIVATE KEY", shown, "low");
      else
        private_key(b.at, b.size, key->algorithm, key->encrypted ? sha256_hex(b.der) : key->spki_sha256, key->encrypted,
                    shown);
    } else if (b.label == "PGP PRIVATE KEY BLOCK") {
      conceal(b.body_at, b.body_size);
      if (b.body_size > 100)
        private_key(b.at, b.size, "openpgp", sha256_hex(clip(content_, b.body_at, b.body_size)), false, shown,
                    "medium");
    } else if (begins(b.label, "OpenVPN Static key")) {
      conceal(b.body_at, b.body_size);
      if (b.body_size < 200) return;
      Fact& fact = add("secret", b.at, b.size, "static key of OpenVPN, the same on both ends");
      fact.set("kind", "symmetric-key")
          .set("usage", "vpn")
          .set("redacted", shown)
          .set("digest", sha256_hex(clip(content_, b.body_at, b.body_size)));
    } else if (b.label == "PUBLIC KEY" || b.label == "RSA PUBLIC KEY" || b.label == "EC PUBLIC KEY") {
      const Result<KeyText> key = read_public_key(b.der);
      if (!key) return;
      const bool apk = holds(path_, "apk/keys/");
      public_key(b.at, b.size, apk ? "apk" : "pem", key->algorithm, key->spki_sha256,
                 apk ? std::string(base_name(path_)) : std::string());
    } else if (b.label == "PGP PUBLIC KEY BLOCK" && b.body_size > 100) {
      public_key(b.at, b.size, "gpg", {}, {}, {});
    }
  }

  void public_key(std::uint64_t at, std::uint64_t size, string_view kind, const std::string& algorithm,
                  const std::string& fingerprint, const std::string& comment, string_view usage = {}) {
    const string_view use = !usage.empty() ? usage : usage_ == "update" || usage_ == "login" ? usage_ : "unknown";
    Fact& fact = add("public_key", at, size, "public key" + (comment.empty() ? std::string() : ": " + comment));
    fact.set("kind", kind).set("usage", use);
    optional(fact, "algorithm", algorithm);
    optional(fact, "fingerprint", fingerprint);
    optional(fact, "comment", comment);
  }

  // usign and signify: a comment line, then base64 of "Ed", eight bytes that name the key, and the key.
  void usign() {
    const string_view text = as_text(content_);
    const std::size_t line = text.find('\n');
    if (line == string_view::npos || line > 1024) return;
    const std::string comment = clean_utf8(trim(text.substr(18, line - 18)));
    const string_view body = text.substr(line + 1, text.find('\n', line + 1) - line - 1);
    if (body.size() > 512) return;
    const std::vector<std::uint8_t> key = parse::base64(body);
    if (key.size() < 42 || key[0] != 'E' || key[1] != 'd') return;
    if (key.size() == 42) {
      public_key(line + 1, body.size(), "usign", "ed25519", hex(clip(key, 2, 8)), comment);
    } else if (key.size() == 104) {
      conceal(line + 1, body.size());
      const bool locked = (std::uint32_t{key[4]} << 24 | std::uint32_t{key[5]} << 16 | std::uint32_t{key[6]} << 8 |
                           key[7]) != 0;  // rounds of the key derivation
      private_key(line + 1, body.size(), "ed25519", sha256_hex(clip(key, 72, 32)), locked,
                  "usign secret key " + hex(clip(key, 32, 8)), "high", usage_ == "unknown" ? "update" : usage_);
    }
  }

  void dropbear() {
    const Result<parse::SshKey> key = parse::read_dropbear_key(content_);
    if (!key) return;
    const std::uint64_t type = 4 + content_[3];
    conceal(type, content_.size() - type);
    private_key(0, content_.size(), key->algorithm, sha256_hex(key->public_blob), false,
                "dropbear key " + clean_utf8(as_text(clip(content_, 4, content_[3]))), "high",
                usage_ == "unknown" ? "host-key" : usage_);
  }

  void der() {
    if (const Result<KeyText> key = read_private_key(content_)) {
      conceal(4, content_.size() - 4);
      private_key(0, content_.size(), key->algorithm, key->encrypted ? sha256_hex(content_) : key->spki_sha256,
                  key->encrypted, "DER private key");
    } else if (const Result<KeyText> open = read_public_key(content_)) {
      public_key(0, content_.size(), "pem", open->algorithm, open->spki_sha256, {});
    }
  }

  // authorized_keys and *.pub: [options] type base64 [comment]
  void ssh_lines() {
    const string_view name = base_name(path_);
    const bool login = begins(name, "authorized_keys");
    if (!login && kind_ != FileKind::key && !ends(name, ".pub")) return;
    each_line(as_text(content_), [&](string_view line, std::size_t at) {
      if (line.empty() || line[0] == '#' || line.size() > 16384) return;
      const std::vector<string_view> w = words(line);
      for (std::size_t i = 0; i + 1 < w.size(); ++i) {
        if (!begins(w[i], "ssh-") && !begins(w[i], "ecdsa-sha2-")) continue;
        const std::vector<std::uint8_t> blob = parse::base64(w[i + 1]);
        const Result<parse::SshKey> key = parse::read_ssh_public(blob);
        if (!key || !room()) return;
        const auto comment_at = static_cast<std::size_t>(w[i + 1].data() + w[i + 1].size() - line.data());
        public_key(at, line.size(), "ssh", key->algorithm, openssh_fingerprint(blob),
                   clean_utf8(trim(line.substr(comment_at))), login ? "login" : "");
        return;
      }
    });
  }

  static std::string openssh_fingerprint(Bytes blob) {
    const Sha256 digest = sha256(blob);
    std::array<unsigned char, 48> text{};
    const int size = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
    return "SHA256:" + std::string(reinterpret_cast<char*>(text.data()),
                                   static_cast<std::size_t>(size) - 1);  // without its one '='
  }

  bool gpg_place() const { return ends(path_, ".gpg") && (holds(path_, "trusted") || holds(path_, "keyring")); }

  // OpenPGP packets (RFC 4880 section 4.2), only to count the primary keys and to name them as gpg does: SHA-1 of a
  // version 4 key.
  void gpg() {
    std::uint64_t at = 0;
    while (at + 3 < content_.size() && room()) {
      const std::uint8_t tag = content_[at];
      if (!(tag & 0x80) || (tag & 0x40)) return;  // new-format packets do not stand in keyrings that gpg exports
      const unsigned octets = 1u << (tag & 3u);
      if ((tag & 3u) == 3 || content_.size() - at < 1 + octets) return;
      std::uint64_t size = 0;
      for (unsigned i = 0; i < octets; ++i) size = size << 8 | content_[at + 1 + i];
      const std::uint64_t body_at = at + 1 + octets;
      if (size > content_.size() - body_at) return;
      const Bytes body = content_.subspan(body_at, size);
      if (((tag >> 2) & 15u) == 6 && size > 6 && size < 65536 && body[0] == 4) {
        std::vector<std::uint8_t> hashed = {0x99, static_cast<std::uint8_t>(size >> 8),
                                            static_cast<std::uint8_t>(size)};
        hashed.insert(hashed.end(), body.begin(), body.end());
        std::array<unsigned char, 20> digest{};
        unsigned length = 0;
        if (EVP_Digest(hashed.data(), hashed.size(), digest.data(), &length, EVP_sha1(), nullptr) != 1) return;
        const unsigned bits = body.size() > 8 ? body[6] << 8u | body[7] : 0;
        public_key(at, 1 + octets + size, "gpg",
                   body[5] == 1    ? "rsa-" + std::to_string(bits)
                   : body[5] == 22 ? "ed25519"
                                   : "",
                   hex(digest), {}, holds(path_, "trusted") ? "update" : "");
      }
      at = body_at + size;
    }
  }

  void configuration() {
    for (const ConfigSecret& s : config_secrets(path_, as_text(content_))) {
      if (!room()) return;
      conceal(s.value_at, s.value_size);
      const Bytes value = clip(content_, s.value_at, s.value_size);
      Fact& fact = add("secret", s.at, s.value_at + s.value_size - s.at,
                       s.kind + " in a configuration file: " + s.name + (s.default_pair ? ", a published default" : ""),
                       "medium");
      fact.set("kind", s.kind).set("redacted", s.name + "=…").set("digest", sha256_hex(value)).set("usage", s.usage);
      optional(fact, "algorithm", s.algorithm);
    }
  }

  // echo root:word | chpasswd
  void script() {
    const string_view text = as_text(content_);
    if (!holds(text, "chpasswd")) return;
    each_line(text, [&](string_view line, std::size_t at) {
      if (line.size() > 1024 || begins(trim(line), "#")) return;
      const std::size_t pipe = line.find('|'), echo = line.find("echo");
      if (pipe == string_view::npos || echo == string_view::npos || echo > pipe ||
          line.find("chpasswd", pipe) == string_view::npos)
        return;
      const std::size_t colon = line.find(':', echo);
      if (colon == string_view::npos || colon > pipe) return;
      std::size_t from = colon;
      while (from > echo && (is_alnum(line[from - 1]) || line[from - 1] == '_' || line[from - 1] == '-')) --from;
      std::size_t to = colon + 1;
      while (to < pipe && !is_space(line[to]) && line[to] != '"' && line[to] != '\'') ++to;
      const string_view user = line.substr(from, colon - from), word = line.substr(colon + 1, to - colon - 1);
      if (user.empty() || word.empty() || holds(word, "$") || holds(word, "`") || !room()) return;
      conceal(at + colon + 1, word.size());
      const bool known = !default_list(user, word).empty();
      Fact& fact =
          add("secret", at + from, to - from,
              "a script sets this fixed password of " + clean_utf8(user) + (known ? ", a published default" : ""),
              "medium");
      fact.set("kind", "password")
          .set("redacted", clean_utf8(user) + ":…")
          .set("digest", sha256_hex(as_bytes(word)))
          .set("usage", "login");
    });
  }

  void finish() {
    if (secret_.empty()) return;
    std::sort(secret_.begin(), secret_.end(), [](const Range& a, const Range& b) { return a.at < b.at; });
    for (std::size_t i = first_; i < out_.facts.size(); ++i) {
      Excerpt& e = *out_.facts[i].excerpt;
      for (const Range& r : secret_) {
        if (r.at >= e.at + e.bytes.size()) break;
        if (r.at + r.size > e.at) hide(e, r.at, r.size);
      }
    }
  }

  std::string place_;
  string_view path_;
  FileKind kind_;
  Bytes content_;
  string_view usage_;
  Facts& out_;
  std::size_t first_;
  bool full_ = false;
  std::vector<Range> secret_;
};

void file(const FileView& f, Facts& out) {
  if (f.content.empty() || keep(f.path, f.kind, f.content)) return;  // kept ones come with the tree
  Look(f.place(), f.path, f.kind, f.content, {}, out).run();
}

// Which configuration names which key file: path of the key → its use.
std::map<std::string, string_view, std::less<>> references(const Tree& tree) {
  std::map<std::string, string_view, std::less<>> out;
  for (const auto& entry : tree.files) {
    const std::string& path = entry.first;  // Clang 14 captures no structured bindings
    const TreeFile& f = entry.second;
    if (!f.kept || (f.kind != FileKind::text && f.kind != FileKind::script)) continue;
    if (f.kind == FileKind::text && !is_configuration(path) && !holds(path, "etc/")) continue;
    each_line(f.content, [&](string_view line, std::size_t) {
      if (line.size() > 1024 || line.empty() || trim(line).substr(0, 1) == "#") return;
      for (std::size_t at = line.find('/'); at != string_view::npos; at = line.find('/', at)) {
        std::size_t to = at;
        while (to < line.size() && !is_space(line[to]) && !holds("\"';,:=|&<>()", line.substr(to, 1))) ++to;
        const string_view named = line.substr(at, to - at);
        at = to;
        if (named.size() < 5 || !(ends(named, ".key") || ends(named, ".pem") || ends(named, ".pub") ||
                                  ends(named, ".der") || holds(named, "_key")))
          continue;
        const string_view use = usage_by_reference(line, path);
        if (!use.empty() && out.size() < 1000) out.emplace(std::string(named.substr(1)), use);
      }
    });
  }
  return out;
}

void tree(const Tree& t, Facts& out) {
  const auto named = references(t);
  for (const auto& [path, f] : t.files) {
    if (!f.kept || f.content.empty() || f.entry.type != EntryType::file) continue;
    const auto use = named.find(path);
    Look(t.place_of(path), path, f.kind, as_bytes(f.content), use == named.end() ? string_view() : use->second, out)
        .run();
  }
}

// Firmware without files: only what names itself, PEM.
void part(string_view place, Bytes content, Facts& out) {
  Look(std::string(place), {}, FileKind::elf, content, {}, out).run();
}

constexpr string_view kTables[] = {"public_key", "secret"};

}  // namespace

extern constinit const Detector secrets{
    .name = "secrets",
    .title = "private and public keys, and passwords in configuration files",
    .tables = kTables,
    .file = file,
    .tree = tree,
    .part = part,
};

}  // namespace assay::inspect
