#include <gtest/gtest.h>

#include <random>

#include "base/digest.h"
#include "inspect/config_secrets.h"
#include "inspect/crypto.h"
#include "inspect/detectors/testing.h"
#include "inspect/detectors/testing_keys.h"
#include "parse/pem.h"
#include "parse/ssh_key.h"

namespace assay::inspect {
extern const Detector accounts, secrets;
namespace {

Facts look(std::initializer_list<std::pair<std::string, std::string>> files) {
  Tree tree;
  tree.place = "squashfs";
  Facts out;
  for (const auto& [path, content] : files) {
    put_file(tree, path, content);
    const TreeFile& f = tree.files[path];
    secrets.file({tree.place, path, f.entry, f.kind, as_bytes(content)}, out);
  }
  secrets.tree(tree, out);
  return out;
}
// The only row of `table`.
const Fact& only(const Facts& facts, std::string_view table) {
  const auto found = rows(facts, table);
  EXPECT_EQ(found.size(), 1u) << table;
  static const Fact none;
  return found.empty() ? none : *found[0];
}
// No piece of six letters of the secret stands in an excerpt or a column.
void expect_hidden(const Facts& facts, const std::string& secret) {
  std::string shown = all_excerpts(facts);
  for (const Fact& f : facts.facts) shown += text(f, "redacted") + "\n";
  for (std::size_t at = 0; at + 6 <= secret.size(); at += 5)
    if (secret.find('\n', at) >= at + 6) {
      EXPECT_EQ(shown.find(secret.substr(at, 6)), std::string::npos) << secret.substr(at, 6);
    }
}
std::string body(const std::string& pem) {
  const std::size_t from = pem.find('\n') + 1;
  return pem.substr(from, pem.find("-----END") - from);
}

std::string wire(std::initializer_list<std::string> parts) {
  std::string out;
  for (const std::string& p : parts) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(p.size() >> shift);
    out += p;
  }
  return out;
}
std::string number(std::size_t bytes, char first) { return std::string(1, first) + std::string(bytes - 1, '\x5a'); }

TEST(Secrets, PrivateKeysInEveryDress) {
  const TestKey ec = test_key(), rsa = test_key("RSA"), ed = test_key("ED25519");
  struct Case {
    std::string pem, algorithm, encrypted;
  };
  const Case cases[] = {{test_pkcs8(ec), "p-256", "0"},
                        {test_traditional(ec), "p-256", "0"},
                        {test_pkcs8(rsa), "rsa-1024", "0"},
                        {test_traditional(rsa), "rsa-1024", "0"},
                        {test_pkcs8(ed), "ed25519", "0"},
                        {test_pkcs8(ec, "pass phrase"), "", "1"},
                        {test_traditional(rsa, "pass phrase"), "rsa", "1"}};
  for (const Case& c : cases) {
    const Facts f = look({{"etc/uhttpd.key", c.pem}});
    const Fact& key = only(f, "secret");
    EXPECT_EQ(text(key, "kind"), "private-key");
    EXPECT_EQ(text(key, "algorithm"), c.algorithm) << c.pem.substr(0, 40);
    EXPECT_EQ(text(key, "encrypted"), c.encrypted);
    EXPECT_EQ(text(key, "usage"), "tls");
    EXPECT_EQ(text(key, "known_test_key"), "");
    EXPECT_EQ(text(key, "digest").size(), 64u);
    EXPECT_EQ(key.at, 0u);
    expect_hidden(f, body(c.pem));
  }
}

// The digest of a private key is that of its public key, so that a certificate finds its key.
TEST(Secrets, DigestIsThatOfTheCertificate) {
  const TestKey key = test_key();
  const std::string pem = test_certificate("A", 1700000000, 1731536000, key);
  const Result<CertificateText> c = read_certificate(as_bytes(test_der(pem)));
  ASSERT_TRUE(c.has_value());
  const Facts f = look({{"etc/lighttpd/server.pem", pem + test_pkcs8(key)}});
  EXPECT_EQ(text(only(f, "secret"), "digest"), c->spki_sha256);
  EXPECT_EQ(only(f, "secret").at, pem.size());
}

TEST(Secrets, KeysInsideProgramsAndAsDer) {
  const TestKey key = test_key();
  const std::string pem = test_traditional(key);
  const Facts inside = look({{"usr/bin/camd", std::string("\x7f"
                                                          "ELF\1\1\0\0",
                                                          8) +
                                                  std::string(200, '\0') + pem + '\0'}});
  EXPECT_EQ(only(inside, "secret").at, 208u);
  EXPECT_EQ(text(only(inside, "secret"), "algorithm"), "p-256");
  const Facts words = look(
      {{"usr/bin/openssl", std::string("\x7f"
                                       "ELF\1\1\0\0-----BEGIN RSA PRIVATE KEY-----\n\0-----END RSA PRIVATE KEY-----\n",
                                       8 + 32 + 1 + 30)}});
  EXPECT_TRUE(words.facts.empty());
  const Facts der = look({{"etc/uhttpd.key", test_der(test_pkcs8(key))}});
  EXPECT_EQ(text(only(der, "secret"), "digest"), text(only(inside, "secret"), "digest"));
}

TEST(Secrets, KeysInPartsWithoutFiles) {
  const std::string pem = test_traditional(test_key());
  const std::string flash = std::string(1000, '\xff') + pem + std::string(1000, '\xff');
  Facts f;
  secrets.part("esp32 > app0", as_bytes(flash), f);
  EXPECT_EQ(only(f, "secret").place, "esp32 > app0");
  EXPECT_EQ(only(f, "secret").at, 1000u);
  expect_hidden(f, body(pem));
}

TEST(Secrets, KnownTestKeysAreToldApart) {
  // The file format around the public half of Vagrant's insecure key: that half is what a key is known by.
  const std::vector<std::uint8_t> half =
      parse::base64("AAAAC3NzaC1lZDI1NTE5AAAAIN1YdxBpNlzxDqfJyw/QKow1F+wvG9hXGoqiysfJOn5Y");
  const std::string blob(half.begin(), half.end());
  const std::string key = std::string("openssh-key-v1\0", 15) + wire({"none", "none", ""}) +
                          std::string("\0\0\0\1", 4) + wire({blob, std::string(160, 'S')});
  const Facts f = look({{"root/.ssh/id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----\n" + test_base64(key) +
                                                     "\n-----END OPENSSH PRIVATE KEY-----\n"}});
  EXPECT_EQ(text(only(f, "secret"), "known_test_key"), "vagrant insecure key (Ed25519)");
}

// As C text and JSON have it: \n written out.
TEST(Secrets, KeysWithWrittenOutLineEnds) {
  const TestKey key = test_key();
  std::string escaped = test_pkcs8(key);
  for (std::size_t at; (at = escaped.find('\n')) != std::string::npos;) escaped.replace(at, 1, "\\n");
  EXPECT_EQ(text(only(look({{"etc/cloud.json", "{\"key\": \"" + escaped + "\"}"}}), "secret"), "digest"),
            text(only(look({{"etc/a.key", test_pkcs8(key)}}), "secret"), "digest"));
}

TEST(Secrets, DropbearKeys) {
  const std::string e("\1\0\1", 3), n = number(129, '\0'), d = number(128, '\x41'), p = number(65, '\0');
  std::string modulus = n;
  modulus[1] = '\x99';  // 1024 bits
  const std::string rsa = wire({"ssh-rsa", e, modulus, d, p, p});
  const Facts f = look({{"etc/dropbear/dropbear_rsa_host_key", rsa}});
  const Fact& key = only(f, "secret");
  EXPECT_EQ(text(key, "algorithm"), "rsa-1024");
  EXPECT_EQ(text(key, "usage"), "host-key");
  EXPECT_EQ(text(key, "digest"), sha256_hex(as_bytes(wire({"ssh-rsa", e, modulus}))));
  expect_hidden(f, d);
  const std::string ed = wire({"ssh-ed25519", std::string(32, 's') + std::string(32, 'p')});
  const Facts g = look({{"etc/dropbear/dropbear_ed25519_host_key", ed}});
  EXPECT_EQ(text(only(g, "secret"), "digest"), sha256_hex(as_bytes(wire({"ssh-ed25519", std::string(32, 'p')}))));
  expect_hidden(g, std::string(32, 's'));
  const std::string ec = wire({"ecdsa-sha2-nistp256", "nistp256", std::string(65, '\4'), number(32, '\x11')});
  EXPECT_EQ(text(only(look({{"etc/dropbear/dropbear_ecdsa_host_key", ec}}), "secret"), "algorithm"), "p-256");
  for (std::size_t size = 0; size < rsa.size(); ++size) {
    const std::string cut = rsa.substr(0, size);
    const Result<parse::SshKey> read = parse::read_dropbear_key(as_bytes(cut));
    EXPECT_EQ(read.has_value(), size >= 4 + 7 + 4 + 3 + 4 + 129 + 4 + 128) << size;
  }
}

TEST(Secrets, OpenSshKeys) {
  const std::string blob = wire({"ssh-ed25519", std::string(32, 'p')});
  const auto file = [&](const std::string& cipher) {
    std::string key = std::string("openssh-key-v1\0", 15) + wire({cipher, cipher == "none" ? "none" : "bcrypt", ""}) +
                      std::string("\0\0\0\1", 4) + wire({blob, std::string(160, 'S')});
    return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + test_base64(key) + "\n-----END OPENSSH PRIVATE KEY-----\n";
  };
  const Facts open = look({{"etc/ssh/ssh_host_ed25519_key", file("none")}}),
              locked = look({{"root/.ssh/id_ed25519", file("aes256-ctr")}});
  EXPECT_EQ(text(only(open, "secret"), "algorithm"), "ed25519");
  EXPECT_EQ(text(only(open, "secret"), "usage"), "host-key");
  EXPECT_EQ(text(only(open, "secret"), "encrypted"), "0");
  EXPECT_EQ(text(only(open, "secret"), "digest"), sha256_hex(as_bytes(blob)));
  EXPECT_EQ(text(only(locked, "secret"), "encrypted"), "1");
  EXPECT_EQ(text(only(locked, "secret"), "usage"), "login");
  expect_hidden(open, body(file("none")));
}

TEST(Secrets, PublicKeysAndTheirUse) {
  const std::string usign =
      "untrusted comment: OpenWrt usign key of somebody\n" +
      test_base64("Ed" + std::string("\x53\x96\xae\xb7\x51\x41\x41\x11", 8) + std::string(32, 'k')) + "\n";
  const Facts f = look({{"etc/opkg/keys/5396aeb751414111", usign}});
  const Fact& key = only(f, "public_key");
  EXPECT_EQ(text(key, "kind"), "usign");
  EXPECT_EQ(text(key, "algorithm"), "ed25519");
  EXPECT_EQ(text(key, "fingerprint"), "5396aeb751414111");
  EXPECT_EQ(text(key, "usage"), "update");
  EXPECT_EQ(text(key, "comment"), "OpenWrt usign key of somebody");
  EXPECT_TRUE(rows(f, "secret").empty());

  const std::string blob = wire({"ssh-ed25519", std::string(32, 'p')});
  const Facts login = look({{"root/.ssh/authorized_keys", "# support\ncommand=\"/bin/sh\" ssh-ed25519 " +
                                                              test_base64(blob) + " support at maker\n"}});
  EXPECT_EQ(text(only(login, "public_key"), "usage"), "login");
  EXPECT_EQ(text(only(login, "public_key"), "comment"), "support at maker");
  EXPECT_EQ(text(only(login, "public_key"), "fingerprint").substr(0, 7), "SHA256:");
  EXPECT_EQ(text(only(login, "public_key"), "fingerprint").size(), 50u);
  EXPECT_EQ(only(login, "public_key").at, 10u);

  const Facts apk = look({{"etc/apk/keys/builder.rsa.pub", test_public(test_key("RSA"))}});
  EXPECT_EQ(text(only(apk, "public_key"), "kind"), "apk");
  EXPECT_EQ(text(only(apk, "public_key"), "algorithm"), "rsa-1024");
  EXPECT_EQ(text(only(apk, "public_key"), "usage"), "update");
  const Facts pem =
      look({{"etc/config/pub.pem", test_public(test_key())},
            {"usr/bin/do_upgrade.sh", "#!/bin/sh\nopenssl dgst -verify /etc/config/pub.pem -signature $1.sig $1\n"}});
  EXPECT_EQ(text(only(pem, "public_key"), "usage"), "update");
}

TEST(Secrets, UsignSecretKey) {
  const std::string raw = "EdBK" + std::string(4, '\0') + std::string(16, 's') + std::string(8, 'c') +
                          std::string(8, 'f') + std::string(64, 'K');
  const std::string file = "untrusted comment: signing key\n" + test_base64(raw) + "\n";
  const Facts f = look({{"etc/keys/sign.sec", file}});
  EXPECT_EQ(text(only(f, "secret"), "kind"), "private-key");
  EXPECT_EQ(text(only(f, "secret"), "usage"), "update");
  EXPECT_EQ(text(only(f, "secret"), "encrypted"), "0");
  expect_hidden(f, test_base64(raw));
}

TEST(Secrets, AReferenceTellsTheUse) {
  const std::string key = test_pkcs8(test_key());
  EXPECT_EQ(text(only(look({{"etc/device.key", key}}), "secret"), "usage"), "unknown");
  EXPECT_EQ(text(only(look({{"etc/device.key", key},
                            {"etc/mosquitto/mosquitto.conf", "# keyfile /etc/no.key\nkeyfile /etc/device.key\n"}}),
                      "secret"),
                 "usage"),
            "tls");
  EXPECT_EQ(text(only(look({{"etc/device.key", key}, {"etc/openvpn/client.conf", "key /etc/device.key\n"}}), "secret"),
                 "usage"),
            "vpn");
}

TEST(Secrets, PasswordsInConfiguration) {
  struct Case {
    const char *path, *content, *kind, *usage, *secret;
  };
  const Case cases[] = {
      {"etc/wpa_supplicant.conf", "network={\n  ssid=\"lab\"\n  psk=\"Gh7-factory-net\"\n}\n", "psk", "wifi",
       "Gh7-factory-net"},
      {"etc/hostapd.conf", "interface=wlan0\nwpa_passphrase=setup-me-now\n", "psk", "wifi", "setup-me-now"},
      {"etc/config/wireless", "config wifi-iface\n\toption ssid 'X'\n\toption key 'quiet-river-9'\n", "psk", "wifi",
       "quiet-river-9"},
      {"etc/mosquitto/bridge.conf", "remote_username cam\nremote_password hunter2hunter2\n", "password", "login",
       "hunter2hunter2"},
      {"etc/mosquitto/passwd", "cam:$6$abcdefgh$Zm9vYmFyYmF6cXV4\n", "password", "login", "Zm9vYmFyYmF6cXV4"},
      {"etc/httpd.conf", "A:192.168.\n/cgi-bin:admin:swordfish\n", "password", "login", "swordfish"},
      {"www/.htpasswd", "admin:$apr1$abcdefgh$QWERTYUIOPASDFGHJKLZ1.\n", "password", "login", "QWERTYUIOP"},
      {"etc/onvif.conf", "[users]\nadmin_password = s3cretive # factory\n", "password", "login", "s3cretive"},
      {"etc/cloud.json", "{\n  \"api_key\": \"AK-0011223344\",\n  \"region\": \"eu\"\n}\n", "token", "unknown",
       "AK-0011223344"},
      {"etc/ppp/chap-secrets", "# client server secret\nuser * \"p0rtunus\" *\n", "password", "vpn", "p0rtunus"},
      {"etc/ipsec.secrets", "%any : PSK \"open-sesame\"\n", "psk", "vpn", "open-sesame"}};
  for (const Case& c : cases) {
    const Facts f = look({{c.path, c.content}});
    const Fact& s = only(f, "secret");
    EXPECT_EQ(text(s, "kind"), c.kind) << c.path;
    EXPECT_EQ(text(s, "usage"), c.usage) << c.path;
    EXPECT_EQ(s.confidence, "medium");
    expect_hidden(f, c.secret);
    EXPECT_EQ(text(s, "redacted").find(c.secret), std::string::npos);
    EXPECT_LE(*s.at, std::string(c.content).find(c.secret)) << c.path;
  }
}

TEST(Secrets, NoSecretsWhereNothingConstantStands) {
  for (const char* line : {"password=", "password=$PASSWORD", "password=none", "#password=abcdef", "; password=abcdef",
                           "password_file=/etc/pw", "password=/etc/pw", "PASS_MAX_DAYS 99999",
                           "password = <your password>", "password=********", "password required pam_unix.so nullok",
                           "bypass=hello-there", "password: {{ secret }}", "password=%s", "wpa=2", "passwd: files nis"})
    EXPECT_TRUE(config_secrets("etc/any.conf", line).empty()) << line;
  // In programs' scripts a word is too often something else.
  EXPECT_TRUE(look({{"usr/bin/x.sh", "#!/bin/sh\npassword=abcdef\n"}}).facts.empty());
}

TEST(Secrets, ScriptsThatSetAFixedPassword) {
  const Facts f =
      look({{"etc/init.d/S10pw",
             "#!/bin/sh\n# echo root:old | chpasswd\necho 'root:xmhdipc' | chpasswd\necho \"root:$PW\" | chpasswd\n"}});
  const Fact& s = only(f, "secret");
  EXPECT_EQ(text(s, "usage"), "login");
  EXPECT_NE(s.excerpt->note.find("published default"), std::string::npos);
  expect_hidden(f, "xmhdipc");
}

TEST(Secrets, NeighboursAreHiddenToo) {
  const Facts f = look({{"etc/a.conf", "password=aaaaaa1\ntoken=bbbbbb2\nsecret=cccccc3\n"}});
  ASSERT_EQ(rows(f, "secret").size(), 3u);
  for (const char* s : {"aaaaaa1", "bbbbbb2", "cccccc3"}) expect_hidden(f, s);
}

TEST(Secrets, BrokenKeysEndInASafeRow) {
  const std::string pem = test_pkcs8(test_key());
  for (std::size_t size = 0; size < pem.size(); ++size) {
    const Facts f = look({{"etc/a.key", pem.substr(0, size)}});
    EXPECT_TRUE(f.facts.empty() || size >= pem.size() - 2) << size;
  }
  std::mt19937 random(7);
  std::size_t found = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string changed = pem;
    changed[random() % changed.size()] = static_cast<char>(random());
    const Facts f = look({{"etc/a.key", changed}});
    found += f.facts.size();
    for (const Fact& fact : f.facts) EXPECT_EQ(text(fact, "kind"), "private-key");
  }
  EXPECT_GT(found, 500u);
}

// The unpacked root of the LEDE image: its seven usign keys, its empty root password, nothing invented.
TEST(Secrets, KnownAnswersOfLede) {
  const char* trees = std::getenv("ASSAY_TREES");
  const std::filesystem::path root = std::filesystem::path(trees ? trees : "") / "lede";
  if (!trees || !std::filesystem::exists(root)) GTEST_SKIP() << "ASSAY_TREES names no unpacked trees";
  const Tree tree = tree_of_directory(root, "squashfs");
  Facts f;
  accounts.tree(tree, f);
  ASSERT_EQ(rows(f, "account", "user", "root").size(), 1u);
  EXPECT_EQ(text(*rows(f, "account", "user", "root")[0], "state"), "empty");
  EXPECT_EQ(rows(f, "account").size(), 6u);
  EXPECT_EQ(rows(f, "account", "state", "locked").size(), 5u);
  secrets.tree(tree, f);
  EXPECT_EQ(rows(f, "public_key", "kind", "usign").size(), 7u);
  EXPECT_EQ(rows(f, "public_key", "usage", "update").size(), 7u);
  EXPECT_EQ(rows(f, "secret").size(), 0u);
  for (const Fact* s : rows(f, "secret")) std::cout << s->place << " " << text(*s, "redacted") << "\n";
}

}  // namespace
}  // namespace assay::inspect
