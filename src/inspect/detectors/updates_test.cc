#include <gtest/gtest.h>

#include "inspect/detectors/test_trees.h"

namespace assay::inspect {

extern const Detector updates;

namespace {

// "signature no", "transport yes http http://…"
std::vector<std::string> chain(const Tree& tree) {
  Facts facts;
  updates.tree(tree, facts);
  std::vector<std::string> out;
  for (const Fact& f : facts.facts) {
    std::string row = value_of(f, "kind") + " " + value_of(f, "present");
    if (!value_of(f, "scheme").empty()) row += " " + value_of(f, "scheme");
    if (!value_of(f, "url").empty()) row += " " + value_of(f, "url");
    EXPECT_FALSE(value_of(f, "detail").empty());
    out.push_back(row);
  }
  return out;
}
using Rows = std::vector<std::string>;

Tree with(const std::string& script, const std::string& path = "usr/sbin/x-update") {
  Tree tree;
  tree.place = "squashfs";
  put(tree, path, "#!/bin/sh\n" + script);
  return tree;
}

TEST(Updates, Opkg) {
  Tree tree;
  put(tree, "etc/opkg.conf", "dest root /\noption check_signature\n");
  put(tree, "etc/opkg/distfeeds.conf",
      "# src/gz no http://no\nsrc/gz base http://feeds.example/base\nsrc/gz tls https://feeds.example/tls\n");
  EXPECT_EQ(chain(tree), (Rows{"signature yes", "feed yes http http://feeds.example/base",
                               "feed yes https https://feeds.example/tls", "mechanism yes"}));
  put(tree, "etc/opkg.conf", "dest root /\n");
  EXPECT_EQ(chain(tree)[2], "signature no");
  put(tree, "etc/opkg.conf", "option check_signature 0\n");
  EXPECT_EQ(chain(tree)[0], "signature no");
}

TEST(Updates, ApkAndApt) {
  Tree tree;
  put(tree, "etc/apk/repositories", "http://dl.example/v3.10/main\n#https://x\n");
  put(tree, "etc/apk/keys/a.pub", "x");
  EXPECT_EQ(chain(tree), (Rows{"feed yes http http://dl.example/v3.10/main", "signature yes", "mechanism yes"}));
  Tree apt;
  put(apt, "etc/apt/sources.list", "deb [trusted=yes] http://deb.example/ stable main\n");
  EXPECT_EQ(chain(apt), (Rows{"feed yes http http://deb.example/", "signature no", "mechanism yes"}));
}

TEST(Updates, DownloadThatIsFlashed) {
  const Tree tree = with(
      "URL=http://u.example/f\nwget -q -O /tmp/f.bin $URL/f.bin || exit 1\n[ \"$(md5sum < /tmp/f.bin)\" = x ] || exit "
      "1\nflash_eraseall /dev/mtd3\ndd if=/tmp/f.bin of=/dev/mtd3\n");
  EXPECT_EQ(chain(tree), (Rows{"mechanism yes http http://u.example/f/f.bin",
                               "transport yes http http://u.example/f/f.bin", "signature no"}));
  Facts facts;
  updates.tree(tree, facts);
  EXPECT_EQ(value_of(facts.facts[0], "detail"),
            "/usr/sbin/x-update downloads /tmp/f.bin (line 3) and writes it to flash (line 6)");
  EXPECT_NE(value_of(facts.facts[2], "detail").find("only compares a checksum (line 4)"), std::string::npos);
  EXPECT_EQ(facts.facts[0].place, "squashfs > /usr/sbin/x-update");
  ASSERT_TRUE(facts.facts[0].excerpt.has_value());
}

TEST(Updates, SignatureBeforeFlash) {
  EXPECT_EQ(
      chain(with("curl -fsS --cacert /etc/ca.pem -o /tmp/f https://u.example/f || exit 1\nusign -V -m /tmp/f -p "
                 "/etc/k.pub || exit 1\nsysupgrade /tmp/f\n")),
      (Rows{"mechanism yes https https://u.example/f", "transport yes https https://u.example/f", "signature yes"}));
  EXPECT_EQ(chain(with("curl -o /tmp/f https://u.example/f\nsysupgrade /tmp/f\nopenssl dgst -sha256 -verify k "
                       "-signature s /tmp/f\n"))
                .back(),
            "signature no");
}

TEST(Updates, TheSignatureIsNotTheImage) {
  EXPECT_EQ(
      chain(with(
          "curl -o /tmp/f https://u.example/f\ncurl -o /tmp/f.sig https://u.example/f.sig\nusign -V -m /tmp/f -p k "
          "|| exit 1\ndd if=/tmp/f of=/dev/mtd3\n")),
      (Rows{"mechanism yes https https://u.example/f", "transport yes https https://u.example/f",
            "transport yes https https://u.example/f.sig", "signature yes"}));
}

// Unpacked first: that it is the download cannot be seen, but that something is flashed can.
TEST(Updates, UnpackedBeforeItIsFlashed) {
  EXPECT_EQ(
      chain(with(
          "wget -O /tmp/f.tgz http://u.example/f.tgz\ntar xf /tmp/f.tgz -C /tmp\ndd if=/tmp/rootfs of=/dev/mtd3\n")),
      (Rows{"transport yes http http://u.example/f.tgz", "mechanism yes", "signature no"}));
  EXPECT_EQ(chain(with("dd if=/dev/mtd3 of=/dev/null\n")), Rows{});
}

TEST(Updates, PipedIntoAShell) {
  EXPECT_EQ(
      chain(with("wget -O - http://x.example/i.sh | sh\n", "usr/bin/setup")),
      (Rows{"mechanism yes http http://x.example/i.sh", "transport yes http http://x.example/i.sh", "signature no"}));
  EXPECT_EQ(chain(with("curl -sk https://x.example/i.sh | bash\n", "usr/bin/setup")),
            (Rows{"mechanism yes unknown https://x.example/i.sh", "transport yes unknown https://x.example/i.sh",
                  "signature no"}));
  EXPECT_EQ(chain(with("wget -q http://x.example/tool -O /tmp/t\nchmod +x /tmp/t\n/tmp/t\n", "usr/bin/setup")).front(),
            "mechanism yes http http://x.example/tool");
}

TEST(Updates, CertificateNotChecked) {
  EXPECT_EQ(chain(with("wget --no-check-certificate -O /tmp/version https://u.example/version\n")),
            (Rows{"transport yes unknown https://u.example/version"}));
}

TEST(Updates, DataIsNoUpdate) {
  EXPECT_EQ(chain(with("wget -O /tmp/weather http://w.example/today\ncat /tmp/weather\n", "usr/bin/weather")), Rows{});
  EXPECT_EQ(chain(with("echo wget http://x | sh\nls\n", "usr/bin/other")), Rows{});
  EXPECT_EQ(chain(with("# wget http://x/firmware | sh\n", "usr/bin/other")), Rows{});
}

TEST(Updates, UploadedImage) {
  EXPECT_EQ(chain(with("mtd -r write $1 firmware\n", "www/cgi-bin/upgrade.sh")),
            (Rows{"mechanism yes", "signature no"}));
}

TEST(Updates, Sysupgrade) {
  Tree tree;
  put(tree, "sbin/sysupgrade", "#!/bin/sh\ninclude /lib/upgrade\n");
  put(tree, "lib/upgrade/fwtool.sh", "fwtool_check_image() {\n fwtool -q -i /tmp/m \"$1\"\n}\n");
  EXPECT_EQ(chain(tree), (Rows{"mechanism yes", "signature no"}));
  put(tree, "lib/upgrade/fwtool.sh",
      "check() {\n ucert -V -m \"$1\" -c c -P /etc/opkg/keys\n [ \"$REQUIRE_IMAGE_SIGNATURE\" = 1 ] && return 1\n}\n");
  EXPECT_EQ(chain(tree), (Rows{"mechanism yes", "signature no"}));
  put(tree, "lib/upgrade/platform.sh", "\nREQUIRE_IMAGE_SIGNATURE=1\n");
  EXPECT_EQ(chain(tree), (Rows{"mechanism yes", "signature yes"}));
}

TEST(Updates, Agents) {
  Tree tree;
  put(tree, "usr/bin/mender",
      "\x7f"
      "ELF");
  put(tree, "etc/mender/mender.conf", "{\"ServerURL\": \"https://m.example\"}");
  EXPECT_EQ(chain(tree), (Rows{"mechanism yes", "signature no", "transport yes https https://m.example"}));
}

}  // namespace
}  // namespace assay::inspect
