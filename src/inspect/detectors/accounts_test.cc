#include <crypt.h>
#include <gtest/gtest.h>

#include <random>

#include "inspect/detectors/testing.h"
#include "inspect/guess.h"

namespace assay::inspect {
extern const Detector accounts;
namespace {

std::string crypted(const char* password, const char* setting) {
  crypt_data data{};
  const char* made = crypt_rn(password, setting, &data, sizeof data);
  return made ? made : "";
}

Facts look(const Tree& tree) {
  Facts out;
  accounts.tree(tree, out);
  return out;
}
Tree tree_of(std::initializer_list<std::pair<std::string, std::string>> files) {
  Tree tree;
  tree.place = "squashfs";
  for (const auto& [path, content] : files) put_file(tree, path, content);
  return tree;
}
const Fact& user(const Facts& facts, std::string_view name) {
  const auto found = rows(facts, "account", "user", name);
  EXPECT_EQ(found.size(), 1u) << name;
  static const Fact none;
  return found.empty() ? none : *found[0];
}

TEST(Accounts, EmptyPasswordStandsInShadow) {
  const Facts f = look(tree_of(
      {{"etc/passwd", "root:x:0:0:root:/root:/bin/ash\ndaemon:*:1:1:daemon:/var:/bin/false\nlost:x:5:5::/:/bin/sh\n"},
       {"etc/shadow", "daemon:*:0:0:99999:7:::\nroot::0:0:99999:7:::\n"}}));
  ASSERT_EQ(rows(f, "account").size(), 3u);
  const Fact& root = user(f, "root");
  EXPECT_EQ(text(root, "state"), "empty");
  EXPECT_EQ(text(root, "hash_kind"), "none");
  EXPECT_EQ(text(root, "password_class"), "none");
  EXPECT_EQ(text(root, "uid"), "0");
  EXPECT_EQ(text(root, "shell"), "/bin/ash");
  EXPECT_EQ(root.place, "squashfs > /etc/shadow");
  EXPECT_EQ(root.at, 24u);
  EXPECT_EQ(text(user(f, "daemon"), "state"), "locked");
  EXPECT_EQ(text(user(f, "daemon"), "password_class"), "locked");
  EXPECT_EQ(text(user(f, "lost"), "state"), "unknown");
  EXPECT_EQ(user(f, "lost").place, "squashfs > /etc/passwd");
}

TEST(Accounts, BusyBoxWithoutShadow) {
  const Facts f = look(tree_of({{"etc/passwd", "root::0:0:root:/:/bin/sh\nftp:!!:5:5::/:/bin/false\n"}}));
  EXPECT_EQ(text(user(f, "root"), "state"), "empty");
  EXPECT_EQ(text(user(f, "ftp"), "state"), "locked");
}

// The hashes are made here by the library that opens them; the two literals are of devices that were in the news.
TEST(Accounts, DefaultListsOpenHashes) {
  const std::string md5 = crypted("vizxv", "$1$abcdefgh$"), sha = crypted("juantech", "$6$saltsalt$"),
                    mine = crypted("Kx9-unheard", "$1$zzzzzzzz$");
  const std::string plain = "root:absxcfbgXtb3o:0:0::/:/bin/sh\nadmin:" + md5 + ":0:0::/:/bin/sh\nservice:" + sha +
                            ":9:9::/:/bin/sh\nowner:" + mine + ":10:10::/:/bin/sh\n";
  const Facts f = look(tree_of({{"etc/passwd", plain}}));
  const auto expect = [&](std::string_view name, std::string_view kind, std::string_view cls, std::string_view list) {
    const Fact& fact = user(f, name);
    EXPECT_EQ(text(fact, "state"), "hashed") << name;
    EXPECT_EQ(text(fact, "hash_kind"), kind) << name;
    EXPECT_EQ(text(fact, "password_class"), cls) << name;
    EXPECT_EQ(text(fact, "list"), list) << name;
    EXPECT_EQ(text(fact, "digest").size(), 64u) << name;
  };
  expect("root", "descrypt", "default-list", "mirai");  // xc3511, Xiongmai
  expect("admin", "md5crypt", "default-list", "mirai");
  expect("service", "sha512crypt", "default-list", "mirai");
  expect("owner", "md5crypt", "unknown", "");
  // No hash in any excerpt, also not those of the neighbouring lines.
  const std::string shown = all_excerpts(f);
  for (const std::string& hash : {std::string("absxcfbgXtb3o"), md5, sha, mine})
    for (std::size_t at = 3; at + 5 <= hash.size(); at += 3)
      EXPECT_EQ(shown.find(hash.substr(at, 5)), std::string::npos) << hash.substr(at, 5);
  EXPECT_NE(shown.find("root:"), std::string::npos);
}

TEST(Accounts, DerivedOnlyWhereProven) {
  const std::string hash = crypted("Doorbell-7", "$1$abcdefgh$");
  const Facts without = look(tree_of({{"etc/passwd", "root:" + hash + ":0:0::/:/bin/sh\n"}}));
  EXPECT_EQ(text(user(without, "root"), "password_class"), "unknown");
  const Facts with =
      look(tree_of({{"etc/passwd", "root:" + hash + ":0:0::/:/bin/sh\n"}, {"etc/hostname", "Doorbell-7\n"}}));
  EXPECT_EQ(text(user(with, "root"), "password_class"), "derived");
  EXPECT_EQ(text(user(with, "root"), "list"), "");
}

TEST(Accounts, CostlyHashesAreRefused) {
  const Facts f =
      look(tree_of({{"etc/shadow", "root:$6$rounds=900000$saltsalt$" + std::string(86, 'a') +
                                       ":1:0:99999:7:::\nb:$2b$12$" + std::string(53, 'a') + ":1::::::\n"}}));
  EXPECT_EQ(text(user(f, "root"), "password_class"), "unknown");
  EXPECT_NE(user(f, "root").excerpt->note.find("not tried"), std::string::npos);
  EXPECT_EQ(text(user(f, "b"), "hash_kind"), "bcrypt");
  EXPECT_NE(user(f, "b").excerpt->note.find("not tried"), std::string::npos);
}

// The budget is shared, counted and the same on every machine.
TEST(Accounts, BudgetIsShared) {
  const std::string hash = "$6$saltsalt$" + std::string(86, 'a'), other = "$6$saltsalu$" + std::string(86, 'a');
  Guesser one(1), two(2);
  const Guess alone = one.open("root", hash, {});
  EXPECT_EQ(alone.result, Guess::Result::closed);
  EXPECT_EQ(alone.tried, 200'000u / 1550);
  EXPECT_EQ(two.open("root", hash, {}).tried, 100'000u / 1550);
  EXPECT_EQ(two.open("root", hash, {}).tried, 100'000u / 1550);  // remembered: costs nothing more
  EXPECT_GT(two.open("root", other, {}).tried, 60u);
}

TEST(Accounts, TemplatesOverlaysAndBackups) {
  const std::string old = crypted("vizxv", "$1$abcdefgh$");
  const Facts f = look(tree_of({{"rom/etc/passwd", "root::0:0::/:/bin/sh\n"},
                                {"usr/local/passwd.default", "cam::500:500::/:/bin/sh\n"},
                                {"etc/passwd", "admin:*:0:0::/:/bin/sh\n"},
                                {"etc/passwd-", "admin:" + old + ":0:0::/:/bin/sh\n"},
                                {"etc/pam.d/passwd", "auth required pam_unix.so nullok\n"}}));
  EXPECT_EQ(rows(f, "account").size(), 3u);
  EXPECT_EQ(user(f, "root").confidence, "high");
  EXPECT_EQ(user(f, "cam").confidence, "medium");
  EXPECT_EQ(text(user(f, "admin"), "state"), "locked");
  ASSERT_EQ(rows(f, "secret").size(), 1u);
  EXPECT_EQ(rows(f, "secret")[0]->place, "squashfs > /etc/passwd-");
}

TEST(Accounts, ShadowBehindALinkThatLeadsNowhereIsUnknown) {
  Tree t = tree_of({{"etc/passwd", "root:x:0:0::/:/bin/sh\n"}});
  put_link(t, "etc/shadow", "/tmp/shadow");
  EXPECT_EQ(text(user(look(t), "root"), "state"), "unknown");
  put_file(t, "data/shadow", "root::1:0:99999:7:::\n");
  put_link(t, "etc/shadow", "../data/shadow");
  EXPECT_EQ(text(user(look(t), "root"), "state"), "empty");
}

TEST(Accounts, ScriptsThatWriteTheLine) {
  const Facts f =
      look(tree_of({{"etc/init.d/rcS",
                     "#!/bin/sh\n# echo 'old::0:0::/:/bin/sh' > /etc/passwd\nmount -a\necho "
                     "\"root:\\$1\\$RYIwEiRA\\$d5iRRVQ5ZeRTrJwGjRy.B0:0:0:root:/:/bin/sh\" > /tmp/passwd\n"},
                    {"bin/check.sh", "#!/bin/sh\ngrep -q 'root::0:0:' /etc/passwd && echo open\n"}}));
  ASSERT_EQ(rows(f, "account").size(), 1u);
  EXPECT_EQ(text(user(f, "root"), "hash_kind"), "md5crypt");
  EXPECT_EQ(text(user(f, "root"), "password_class"), "default-list");  // xmhdipc
  EXPECT_EQ(user(f, "root").confidence, "medium");
  EXPECT_EQ(all_excerpts(f).find("RYIw"), std::string::npos);
}

TEST(Accounts, RewrittenOnlyWhereItClearlyIs) {
  const std::string passwd = "root::0:0::/:/bin/sh\nadmin::5:5::/:/bin/sh\n";
  const auto by = [&](const char* path, const std::string& script, const char* who = "root") {
    return text(user(look(tree_of({{"etc/passwd", passwd}, {path, "#!/bin/sh\n" + script}})), who), "rewritten_by");
  };
  EXPECT_EQ(by("etc/rc.local", "PW=$(head -c 9 /dev/urandom | base64)\necho \"root:$PW\" | chpasswd\n"),
            "/etc/rc.local");
  EXPECT_EQ(by("etc/uci-defaults/99-pw", "P=`fw_printenv -n pw`\n(echo $P; echo $P) | passwd root\n"),
            "/etc/uci-defaults/99-pw");
  // A constant, another user, a comment, a script that nothing starts, a value out of the image itself.
  EXPECT_EQ(by("etc/rc.local", "PW=secret\necho \"root:$PW\" | chpasswd\n"), "");
  EXPECT_EQ(by("etc/rc.local", "echo root:admin | chpasswd\n"), "");
  EXPECT_EQ(by("etc/rc.local", "PW=$(head -c 9 /dev/urandom)\necho \"root:$PW\" | chpasswd\n", "admin"), "");
  EXPECT_EQ(by("etc/rc.local", "PW=$(head -c 9 /dev/urandom)\n#echo \"root:$PW\" | chpasswd\n"), "");
  EXPECT_EQ(by("usr/bin/reset.sh", "PW=$(head -c 9 /dev/urandom)\necho \"root:$PW\" | chpasswd\n"), "");
  EXPECT_EQ(by("etc/init.d/pw", "PW=$(head -c 9 /dev/urandom)\necho \"root:$PW\" | chpasswd\n"), "");
  EXPECT_EQ(by("etc/rc.local", "PW=$(cat /etc/factory_pw)\necho \"root:$PW\" | chpasswd\n"), "");
  EXPECT_EQ(by("etc/rc.local", "PW=$(head -c 9 /dev/urandom)\nPW=fixed\necho \"root:$PW\" | chpasswd\n"), "");
}

TEST(Accounts, DataOfDefaultsIsWhole) {
  std::map<std::string, int> lists;
  for (const DefaultPair& p : default_pairs()) {
    ++lists[p.list];
    EXPECT_FALSE(p.user.empty());
  }
  EXPECT_EQ(lists["mirai"], 60);  // 62 lines in its source, two of them twice
  EXPECT_GT(lists["vendor-defaults"], 100);
  EXPECT_EQ(default_list("root", "xc3511"), "mirai");
  EXPECT_EQ(default_list("root", "not one"), "");
}

TEST(Accounts, BrokenFilesAreNoAccounts) {
  std::mt19937 random(3);
  const std::string good = "root:$1$abcdefgh$aaaaaaaaaaaaaaaaaaaaaa:0:0:root:/root:/bin/ash\nadmin::1:1::/:/bin/sh\n";
  std::size_t found = 0;
  for (std::size_t size = 0; size <= good.size(); ++size)
    found += rows(look(tree_of({{"etc/passwd", good.substr(0, size)}})), "account").size();
  EXPECT_GT(found, 40u);
  for (int i = 0; i < 60; ++i) {
    std::string changed = good;
    for (int n = 0; n < 3; ++n) changed[random() % changed.size()] = static_cast<char>(random());
    const Facts f = look(tree_of({{"etc/passwd", changed}, {"etc/shadow", changed}}));
    for (const Fact& fact : f.facts) EXPECT_FALSE(text(fact, "state").empty() && fact.table == "account");
  }
  std::string many;
  for (int i = 0; i < 20000; ++i) many += "u" + std::to_string(i) + "::1:1::/:\n";
  const Facts f = look(tree_of({{"etc/passwd", many}}));
  EXPECT_EQ(rows(f, "account").size(), 2000u);
  EXPECT_EQ(f.unexamined.size(), 1u);
}

}  // namespace
}  // namespace assay::inspect
