#include <gtest/gtest.h>

#include "inspect/detectors/test_trees.h"
#include "inspect/startup.h"
#include "inspect/uci.h"

namespace assay::inspect {

extern const Detector services;

namespace {

const std::string kElf = std::string(
                             "\x7f"
                             "ELF") +
                         std::string(60, '\0');

const Fact* service(const Facts& facts, std::string_view name) {
  const auto found = rows(facts, "service", "name", name);
  return found.size() == 1 ? found.front() : nullptr;
}

TEST(Services, InittabAndRcS) {
  Tree tree;
  tree.place = "squashfs";
  put(tree, "etc/inittab",
      "# x\n::sysinit:/etc/init.d/rcS\nttyS0::askfirst:-/bin/sh\n::respawn:/usr/sbin/telnetd -F -l "
      "/bin/sh\n::shutdown:/bin/umount -a\n");
  put(tree, "etc/init.d/rcS",
      "#!/bin/sh\nmount -a\nPORT=8080\n/usr/bin/camera -p $PORT &\nsleep 5 &\nhttpd -p 80 -h /www\n. "
      "/etc/more.sh\n#dropbear\n");
  put(tree, "etc/more.sh",
      "#!/bin/sh\nstart-stop-daemon -S -b -c nobody:nogroup -x /usr/sbin/dropbear -- -p 2222\n/sbin/gone_missing &\n");
  put(tree, "bin/busybox", kElf);
  for (const std::string name : {"usr/sbin/telnetd", "usr/sbin/httpd", "bin/sh", "bin/sleep"})
    link(tree, name, "/bin/busybox");
  put(tree, "usr/bin/camera", kElf);
  put(tree, "usr/sbin/dropbear", kElf);
  Facts facts;
  services.tree(tree, facts);
  ASSERT_NE(service(facts, "telnetd"), nullptr);
  EXPECT_EQ(value_of(*service(facts, "telnetd"), "arguments"), "-F -l /bin/sh");
  EXPECT_EQ(value_of(*service(facts, "telnetd"), "started_by"), "inittab");
  EXPECT_EQ(value_of(*service(facts, "telnetd"), "enabled"), "yes");
  EXPECT_EQ(service(facts, "telnetd")->place, "squashfs > /etc/inittab");
  ASSERT_NE(service(facts, "camera"), nullptr);
  EXPECT_EQ(value_of(*service(facts, "camera"), "arguments"), "-p 8080");
  ASSERT_NE(service(facts, "httpd"), nullptr);
  EXPECT_EQ(value_of(*service(facts, "httpd"), "path"), "/usr/sbin/httpd");
  ASSERT_NE(service(facts, "dropbear"), nullptr);
  EXPECT_EQ(value_of(*service(facts, "dropbear"), "user"), "nobody");
  EXPECT_EQ(value_of(*service(facts, "dropbear"), "started_in"), "/etc/more.sh");
  ASSERT_NE(service(facts, "gone_missing"), nullptr);
  EXPECT_EQ(value_of(*service(facts, "gone_missing"), "enabled"), "unknown");
  EXPECT_EQ(service(facts, "sleep"), nullptr);
  EXPECT_EQ(service(facts, "mount"), nullptr);
}

// These start as root and change to the user that their configuration names.
TEST(Services, TheUserOfTheConfiguration) {
  Tree tree;
  put(tree, "etc/init.d/rcS", "#!/bin/sh\nlighttpd -f /etc/web.conf\nnginx\nmosquitto -c /etc/gone.conf\ndnsmasq\n");
  put(tree, "etc/web.conf", "server.port = 80\nserver.username  = \"www\"\n#server.username = \"root\"\n");
  put(tree, "etc/nginx/nginx.conf", "user www-data www; # who\nuserid on;\n");
  put(tree, "etc/dnsmasq.conf", "port=53\nusername=no\n");
  for (const std::string name : {"lighttpd", "nginx", "mosquitto", "dnsmasq"}) put(tree, "usr/sbin/" + name, kElf);
  put(tree, "etc/inittab", "::sysinit:/etc/init.d/rcS\n");
  Facts facts;
  services.tree(tree, facts);
  for (const auto& [name, user] :
       {std::pair{"lighttpd", "www"}, {"nginx", "www-data"}, {"mosquitto", "root"}, {"dnsmasq", "root"}}) {
    ASSERT_NE(service(facts, name), nullptr) << name;
    EXPECT_EQ(value_of(*service(facts, name), "user"), user) << name;
  }
}

TEST(Services, Procd) {
  Tree tree;
  put(tree, "etc/rc.common", "#!/bin/sh\n");
  put(tree, "etc/init.d/web",
      "#!/bin/sh /etc/rc.common\nSTART=50\nUSE_PROCD=1\nPROG=/usr/sbin/uhttpd\nstart_service() {\n  "
      "procd_open_instance\n  procd_set_param command \"$PROG\" -f\n"
      "  procd_append_param command -p 80\n  [ -f /x ] && procd_append_param command -s 443\n  procd_set_param user "
      "www\n  procd_close_instance\n}\n"
      "stop_service() {\n telnetd\n}\n");
  put(tree, "etc/init.d/off",
      "#!/bin/sh /etc/rc.common\nstart_service() {\n procd_set_param command /usr/sbin/uhttpd\n}\n");
  put(tree, "etc/init.d/disabled",
      "#!/bin/sh /etc/rc.common\nstart_service() {\n procd_set_param command /usr/sbin/uhttpd -x\n}\n");
  put(tree, "etc/config/disabled", "config disabled\n\toption enabled '0'\n");
  put(tree, "usr/sbin/uhttpd", kElf);
  link(tree, "etc/rc.d/S50web", "../init.d/web");
  link(tree, "etc/rc.d/S60disabled", "../init.d/disabled");
  Facts facts;
  services.tree(tree, facts);
  const auto all = rows(facts, "service", "name", "uhttpd");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(value_of(*all[0], "arguments"), "-f -p 80");
  EXPECT_EQ(value_of(*all[0], "user"), "www");
  EXPECT_EQ(value_of(*all[0], "started_by"), "procd");
  EXPECT_EQ(value_of(*all[0], "enabled"), "yes");
  EXPECT_EQ(value_of(*all[1], "enabled"), "no");
  EXPECT_EQ(value_of(*all[1], "started_in"), "/etc/init.d/disabled");
  EXPECT_EQ(value_of(*all[2], "enabled"), "no");
  EXPECT_EQ(value_of(*all[2], "started_in"), "/etc/init.d/off");
}

TEST(Services, SysVSystemdInetdCron) {
  Tree tree;
  put(tree, "etc/init.d/ssh",
      "#!/bin/sh\ncase \"$1\" in\n  start)\n    /usr/sbin/sshd -p 22\n    ;;\n  stop)\n    /usr/sbin/telnetd\n    "
      ";;\nesac\n");
  put(tree, "usr/sbin/sshd", kElf);
  put(tree, "usr/sbin/inetd", kElf);
  put(tree, "usr/sbin/in.tftpd", kElf);
  put(tree, "usr/bin/up", kElf);
  link(tree, "etc/rc2.d/S20ssh", "/etc/init.d/ssh");
  put(tree, "lib/systemd/system/web.service",
      "[Service]\nUser=www\nExecStart=-/usr/sbin/sshd -D -q\n[Install]\nWantedBy=multi-user.target\n");
  link(tree, "etc/systemd/system/multi-user.target.wants/web.service", "/lib/systemd/system/web.service");
  put(tree, "etc/rc.local", "#!/bin/sh\ninetd\nexit 0\n");
  put(tree, "etc/inetd.conf",
      "#telnet stream tcp nowait root /bin/telnetd telnetd\ntftp dgram udp wait nobody /usr/sbin/in.tftpd in.tftpd -s "
      "/tftp\n");
  put(tree, "etc/crontabs/root", "# m h\n*/5 * * * * /usr/bin/up --now\n");
  Facts facts;
  services.tree(tree, facts);
  const auto sshd = rows(facts, "service", "name", "sshd");
  ASSERT_EQ(sshd.size(), 2u);
  EXPECT_EQ(value_of(*sshd[0], "started_by"), "sysv");
  EXPECT_EQ(value_of(*sshd[1], "started_by"), "systemd");
  EXPECT_EQ(value_of(*sshd[1], "user"), "www");
  EXPECT_EQ(value_of(*sshd[1], "arguments"), "-D -q");
  ASSERT_NE(service(facts, "in.tftpd"), nullptr);
  EXPECT_EQ(value_of(*service(facts, "in.tftpd"), "user"), "nobody");
  EXPECT_EQ(value_of(*service(facts, "in.tftpd"), "enabled"), "yes");
  EXPECT_EQ(value_of(*service(facts, "in.tftpd"), "arguments"), "-s /tftp");
  ASSERT_NE(service(facts, "up"), nullptr);
  EXPECT_EQ(value_of(*service(facts, "up"), "started_by"), "cron");
  EXPECT_EQ(value_of(*service(facts, "up"), "enabled"), "unknown");  // nothing starts a crond
  EXPECT_TRUE(rows(facts, "service", "name", "telnetd").empty());
}

TEST(Services, ScriptsThatCallEachOtherEnd) {
  Tree tree;
  put(tree, "etc/rc.local", "#!/bin/sh\n. /etc/a.sh\n");
  put(tree, "etc/a.sh", "#!/bin/sh\n. /etc/b.sh\n");
  put(tree, "etc/b.sh", "#!/bin/sh\n. /etc/a.sh\ntelnetd\n");
  link(tree, "etc/rc.d/S01x", "../rc.d/S01x");
  EXPECT_EQ(find_started(tree).size(), 1u);
}

TEST(Services, Uci) {
  const auto s = read_uci("config dropbear\n\toption Port '22' # c\n\tlist x a\n\tlist x \"b c\"\nconfig y 'main'\n");
  ASSERT_EQ(s.size(), 2u);
  EXPECT_EQ(s[0].get("Port"), "22");
  EXPECT_EQ(s[0].options.size(), 3u);
  EXPECT_EQ(s[0].get("x"), "b c");
  EXPECT_EQ(s[1].name, "main");
}

}  // namespace
}  // namespace assay::inspect
