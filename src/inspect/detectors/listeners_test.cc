#include <gtest/gtest.h>

#include "inspect/detectors/test_trees.h"

namespace assay::inspect {

extern const Detector listeners;

namespace {

const std::string kElf = std::string(
                             "\x7f"
                             "ELF") +
                         std::string(60, '\0');

// "tcp *:23 telnetd none 0"
std::vector<std::string> ports(const Tree& tree) {
  Facts facts;
  listeners.tree(tree, facts);
  std::vector<std::string> out;
  for (const Fact& f : facts.facts) {
    const std::string address = value_of(f, "address");
    out.push_back(value_of(f, "proto") + " " + (address.empty() ? "*" : address) + ":" + value_of(f, "port") + " " +
                  value_of(f, "service") + " " + value_of(f, "auth") + " " + value_of(f, "encrypted"));
  }
  return out;
}
using Ports = std::vector<std::string>;

Tree with(const std::string& commands) {
  Tree tree;
  tree.place = "squashfs";
  put(tree, "bin/busybox", kElf);
  for (const char* applet : {"telnetd", "httpd", "ntpd", "tcpsvd", "nc", "udhcpd", "inetd"})
    link(tree, std::string("usr/sbin/") + applet, "/bin/busybox");
  for (const char* program : {"dropbear", "sshd", "lighttpd", "nginx", "dnsmasq", "mosquitto", "vsftpd", "boa",
                              "rtsp_server", "camera", "avahi-daemon", "uhttpd"})
    put(tree, std::string("usr/sbin/") + program, kElf);
  put(tree, "etc/rc.local", "#!/bin/sh\n" + commands);
  return tree;
}

TEST(Listeners, ByArguments) {
  EXPECT_EQ(ports(with("telnetd\n")), (Ports{"tcp *:23 telnetd password 0"}));
  EXPECT_EQ(ports(with("telnetd -l /bin/sh -p 2323 &\n")), (Ports{"tcp *:2323 telnetd none 0"}));
  EXPECT_EQ(ports(with("/bin/busybox telnetd -l/bin/sh -b 127.0.0.1:24\n")),
            (Ports{"tcp 127.0.0.1:24 telnetd none 0"}));
  EXPECT_EQ(ports(with("dropbear\n")), (Ports{"tcp *:22 dropbear password 1"}));
  EXPECT_EQ(ports(with("dropbear -s -p 2222 -p 127.0.0.1:22\n")),
            (Ports{"tcp *:2222 dropbear key 1", "tcp 127.0.0.1:22 dropbear key 1"}));
  EXPECT_EQ(ports(with("httpd -h /www\n")), (Ports{"tcp *:80 httpd unknown 0"}));
  EXPECT_EQ(ports(with("httpd -p 127.0.0.1:8080 -h /www\n")), (Ports{"tcp 127.0.0.1:8080 httpd unknown 0"}));
  EXPECT_EQ(ports(with("uhttpd -p 0.0.0.0:80 -s [::]:443\n")),
            (Ports{"tcp *:443 uhttpd unknown 1", "tcp *:80 uhttpd unknown 0"}));
  EXPECT_EQ(ports(with("tcpsvd -vE 0 21 ftpd -w /\n")), (Ports{"tcp *:21 tcpsvd none 0"}));
  EXPECT_EQ(ports(with("nc -l -p 4444 -e /bin/sh &\n")), (Ports{"tcp *:4444 nc none 0"}));
  EXPECT_EQ(ports(with("rtsp_server &\n")), (Ports{"tcp *:554 rtsp_server unknown 0"}));
  EXPECT_EQ(ports(with("camera -p 9000 &\n")), (Ports{"unknown *:9000 camera unknown "}));
  EXPECT_EQ(ports(with("ntpd -p pool\n")), Ports{});
  EXPECT_EQ(ports(with("ntpd -l\n")), (Ports{"udp *:123 ntpd none 0"}));
  EXPECT_EQ(ports(with("avahi-daemon -D\n")), (Ports{"udp *:5353 avahi-daemon none 0"}));
  EXPECT_EQ(ports(with("dnsmasq --port=0 --dhcp-range=10.0.0.2,10.0.0.9\n")), (Ports{"udp *:67 dnsmasq none 0"}));
}

TEST(Listeners, ByConfiguration) {
  Tree tree = with("lighttpd -f /etc/l.conf\nnginx\nsshd\nmosquitto -c /etc/m.conf\nvsftpd\nboa\n");
  put(tree, "etc/l.conf",
      "server.port = 8080\n#server.port = 1\n$SERVER[\"socket\"] == \":8443\" {\n  ssl.engine = \"enable\"\n}\n");
  put(tree, "etc/nginx/nginx.conf",
      "http {\n server {\n  listen 81;\n  listen [::]:444 ssl default_server; # x\n }\n}\n");
  put(tree, "etc/ssh/sshd_config", "Port 2200\n#Port 22\nPasswordAuthentication no\nListenAddress 10.0.0.1\n");
  put(tree, "etc/m.conf", "listener 1883 127.0.0.1\nlistener 8883\ncertfile /etc/c.pem\nallow_anonymous true\n");
  put(tree, "etc/vsftpd.conf", "anonymous_enable=YES\nlisten_port=2121\n");
  put(tree, "etc/boa/boa.conf", "Port 8000\n");
  EXPECT_EQ(ports(tree),
            (Ports{"tcp *:8080 lighttpd unknown 0", "tcp *:8443 lighttpd unknown 1", "tcp *:81 nginx unknown 0",
                   "tcp *:444 nginx unknown 1", "tcp 10.0.0.1:2200 sshd key 1", "tcp 127.0.0.1:1883 mosquitto none 0",
                   "tcp *:8883 mosquitto none 1", "tcp *:2121 vsftpd none 0", "tcp *:8000 boa unknown 0"}));
  Facts facts;
  listeners.tree(tree, facts);
  const Fact& nginx = *rows(facts, "listener", "service", "nginx").front();
  EXPECT_EQ(nginx.place, "squashfs > /etc/nginx/nginx.conf");
  EXPECT_EQ(nginx.at, 17u);
  ASSERT_TRUE(nginx.excerpt.has_value());
}

TEST(Listeners, OpenWrt) {
  Tree tree;
  put(tree, "etc/rc.common", "#!/bin/sh\n");
  for (const std::string name : {"dropbear", "uhttpd", "dnsmasq"}) {
    put(tree, "usr/sbin/" + name, kElf);
    put(tree, "etc/init.d/" + name,
        "#!/bin/sh /etc/rc.common\nstart_service() {\n procd_set_param command /usr/sbin/" + name +
            " -C /var/etc/x\n}\n");
    link(tree, "etc/rc.d/S50" + name, "../init.d/" + name);
  }
  put(tree, "etc/config/dropbear", "config dropbear\n\toption PasswordAuth 'off'\n\toption Port '22'\n");
  put(tree, "etc/config/uhttpd",
      "config uhttpd main\n\tlist listen_http 0.0.0.0:80\n\tlist listen_http [::]:80\n\tlist listen_https "
      "0.0.0.0:443\n");
  put(tree, "etc/config/dhcp", "config dnsmasq\n\toption x 1\nconfig dhcp lan\n\toption start 100\n");
  EXPECT_EQ(ports(tree), (Ports{"udp *:53 dnsmasq none 0", "tcp *:53 dnsmasq none 0", "udp *:67 dnsmasq none 0",
                                "tcp *:22 dropbear key 1", "tcp *:80 uhttpd unknown 0"}));
  put(tree, "lib/libustream-ssl.so", kElf);
  EXPECT_EQ(ports(tree).back(), "tcp *:443 uhttpd unknown 1");
}

TEST(Listeners, OnlyWhatStarts) {
  Tree tree = with("exit 0\n");
  put(tree, "etc/init.d/telnet", "#!/bin/sh\ntelnetd\n");
  put(tree, "etc/init.d/ssh", "#!/bin/sh\n/usr/sbin/sshd\n");
  link(tree, "etc/rc2.d/S20ssh", "../init.d/ssh");
  put(tree, "etc/rc.local", "#!/bin/sh\n/usr/sbin/not_there -p 1 &\n# telnetd\n");
  EXPECT_EQ(ports(tree), (Ports{"tcp *:22 sshd password 1"}));
}

TEST(Listeners, Inetd) {
  Tree tree = with("inetd\n");
  put(tree, "etc/inetd.conf",
      "telnet stream tcp nowait root /usr/sbin/telnetd telnetd -l /bin/sh\n69 dgram udp wait root /usr/sbin/tftpd "
      "tftpd\nweird stream tcp nowait root /usr/sbin/httpd httpd\n");
  EXPECT_EQ(ports(tree), (Ports{"tcp *:23 telnetd none 0"}));
}

}  // namespace
}  // namespace assay::inspect
