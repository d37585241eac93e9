// Listeners: the ports that the services which start at boot open, from their arguments, their configuration files and,
// where both are silent, what the program does by default. What the image says is no proof that the port answers;
// probing shows that.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "inspect/detector.h"
#include "inspect/shell.h"
#include "inspect/startup.h"
#include "inspect/uci.h"

namespace assay::inspect {
namespace {

using std::string;
using std::string_view;

constexpr string_view kTables[] = {"listener"};

struct Socket {
  string proto = "tcp";
  string address;  // empty: all
  unsigned port = 0;
  string auth = "unknown";
  int encrypted = 0;
  string confidence = "high";
  string note;
  // Where it is written; empty: where the service is started.
  string path;
  std::uint64_t at = 0, size = 0;
};

std::optional<unsigned> port_number(string_view text) {
  if (text.empty() || text.size() > 5) return std::nullopt;
  unsigned n = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    n = n * 10 + static_cast<unsigned>(c - '0');
  }
  if (n == 0 || n > 65535) return std::nullopt;
  return n;
}

// "80", ":80", "*:80", "0.0.0.0:80", "[::]:80", "127.0.0.1:8080"
bool parse_address(string_view text, Socket& out) {
  const std::size_t colon = text.rfind(':');
  string_view host, port = text;
  if (colon != string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  const auto n = port_number(port);
  if (!n) return false;
  if (host.starts_with("[") && host.ends_with("]")) host = host.substr(1, host.size() - 2);
  if (host == "*" || host == "0.0.0.0" || host == "::" || host == "0") host = {};
  out.address = clean_utf8(host);
  if (out.address == "localhost") out.address = "127.0.0.1";
  out.port = *n;
  return true;
}

// All values of an option: -p 80, -p80, --port 80, --port=80.
std::vector<string> values_of(const std::vector<string>& words, std::initializer_list<string_view> options) {
  std::vector<string> out;
  for (std::size_t i = 0; i < words.size(); ++i)
    for (const string_view option : options) {
      const string& w = words[i];
      const bool is_long = option.starts_with("--");
      if (w == option) {
        if (i + 1 < words.size()) out.push_back(words[i + 1]);
      } else if (is_long && w.size() > option.size() && w.starts_with(option) && w[option.size()] == '=') {
        out.push_back(w.substr(option.size() + 1));
      } else if (!is_long && w.starts_with(option) && w.size() > option.size()) {
        out.push_back(w.substr(option.size()));
      }
    }
  return out;
}
bool has(const std::vector<string>& words, string_view option) {
  return std::find(words.begin(), words.end(), option) != words.end();
}

// Names of /etc/services that inetd lines use.
std::optional<unsigned> service_port(string_view name) {
  constexpr std::pair<string_view, unsigned> kPorts[] = {
      {"echo", 7},    {"discard", 9}, {"daytime", 13},  {"chargen", 19},       {"ftp", 21},    {"ssh", 22},
      {"telnet", 23}, {"smtp", 25},   {"time", 37},     {"domain", 53},        {"bootps", 67}, {"tftp", 69},
      {"finger", 79}, {"http", 80},   {"www", 80},      {"pop3", 110},         {"ntp", 123},   {"netbios-ssn", 139},
      {"imap2", 143}, {"snmp", 161},  {"https", 443},   {"microsoft-ds", 445}, {"swat", 901},  {"exec", 512},
      {"login", 513}, {"shell", 514}, {"printer", 515}, {"rtsp", 554},         {"rsync", 873}, {"ftps", 990},
      {"mqtt", 1883}, {"nfs", 2049},  {"sip", 5060},    {"http-alt", 8080}};
  if (const auto n = port_number(name)) return n;
  for (const auto& [known, port] : kPorts)
    if (name == known) return port;
  return std::nullopt;
}

class Ports {
 public:
  Ports(const Tree& tree, Facts& out) : tree_(tree), out_(out) {}

  void look(const Started& s) {
    now_ = &s;
    if (!s.sockets.empty()) return handed_over();
    struct Known {
      std::initializer_list<string_view> names;
      void (Ports::*look)();
    };
    static const Known kKnown[] = {
        {{"dropbear"}, &Ports::dropbear},
        {{"telnetd", "utelnetd", "in.telnetd"}, &Ports::telnetd},
        {{"sshd"}, &Ports::sshd},
        {{"uhttpd"}, &Ports::uhttpd},
        {{"httpd", "goahead", "webs", "thttpd", "mini_httpd", "boa"}, &Ports::small_web},
        {{"lighttpd"}, &Ports::lighttpd},
        {{"nginx"}, &Ports::nginx},
        {{"dnsmasq"}, &Ports::dnsmasq},
        {{"mosquitto"}, &Ports::mosquitto},
        {{"vsftpd", "ftpd", "in.ftpd", "proftpd", "pure-ftpd", "stupid-ftpd", "bftpd"}, &Ports::ftp},
        {{"ntpd", "chronyd"}, &Ports::ntp},
        {{"tcpsvd", "udpsvd"}, &Ports::ipsvd},
        {{"nc", "netcat"}, &Ports::netcat},
    };
    for (const Known& k : kKnown)
      for (const string_view name : k.names)
        if (s.name == name) return (this->*k.look)();
    if (s.name.find("rtsp") != string::npos || s.name.find("RTSP") != string::npos) return rtsp();
    fixed();
  }

 private:
  const std::vector<string>& words() const { return now_->words; }

  const TreeFile* text(string_view path, string* where = nullptr) const {
    while (path.starts_with("/")) path.remove_prefix(1);
    const TreeFile* file = tree_.resolve(path, where);
    return file && file->kept ? file : nullptr;
  }

  void add(Socket s) {
    if (s.port == 0) return;
    const string key = s.proto + "|" + s.address + "|" + std::to_string(s.port) + "|" + now_->name;
    if (!known_.insert(key).second) return;
    const string path = s.path.empty() ? now_->in : s.path;
    const std::uint64_t at = s.path.empty() ? now_->at : s.at, size = s.path.empty() ? now_->size : s.size;
    Fact& fact = out_.add("listener", tree_.place_of(path))
                     .set("proto", s.proto)
                     .set("port", s.port)
                     .set("service", clean_utf8(now_->name))
                     .set("auth", s.auth);
    if (!s.address.empty()) fact.set("address", s.address);
    if (s.encrypted >= 0) fact.set("encrypted", s.encrypted);
    fact.confidence = s.confidence;
    fact.at = at;
    if (const TreeFile* file = tree_.find(path); file && file->kept && size > 0)
      fact.excerpt = make_excerpt(as_bytes(file->content), at, size,
                                  s.note.empty() ? "opens " + s.proto + " port " + std::to_string(s.port) : s.note);
  }

  // A socket of `option`, an address with port; the default where it is not given.
  void by_option(std::initializer_list<string_view> options, unsigned otherwise, Socket s) {
    bool any = false;
    for (const string& value : values_of(words(), options)) {
      Socket one = s;
      if (parse_address(value, one)) {
        add(one);
        any = true;
      }
    }
    if (any) return;
    s.port = otherwise;
    s.note = "starts " + now_->name + "; port " + std::to_string(otherwise) + " is its default";
    add(s);
  }

  // Each setting of a configuration file, "key value" or "key = value", comments taken off.
  template <class F>
  void settings(const TreeFile& file, F&& each) const {
    each_line(file.content, [&](string_view line, std::size_t at) {
      string_view l = trim(line.substr(0, line.find('#')));
      if (l.empty()) return;
      std::size_t n = 0;
      while (n < l.size() && !is_space(l[n]) && l[n] != '=') ++n;
      string_view value = trim(l.substr(n));
      if (value.starts_with("=")) value = trim(value.substr(1));
      if (value.starts_with("+=")) value = trim(value.substr(2));
      while (value.ends_with(";") || value.ends_with(",")) value = trim(value.substr(0, value.size() - 1));
      if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
        value = value.substr(1, value.size() - 2);
      each(l.substr(0, n), value, at, line.size());
    });
  }

  void dropbear() {
    Socket s;
    s.encrypted = 1;
    s.auth = has(words(), "-s") ? "key" : "password";
    string where;
    const TreeFile* config = now_->by == "procd" ? text("etc/config/dropbear", &where) : nullptr;
    if (!config) return by_option({"-p"}, 22, s);
    for (const UciSection& section : read_uci(config->content)) {
      if (section.type != "dropbear" || section.get("enable") == "0") continue;
      Socket base = s;
      const string_view password = section.get("PasswordAuth");
      if (password == "off" || password == "0" || password == "no" || password == "false") base.auth = "key";
      bool any = false;
      for (const UciOption& o : section.options)
        if (o.name == "Port")
          for (const string_view part : assay::words(o.value)) {
            Socket one = base;
            one.path = where;
            one.at = o.at;
            one.size = o.size;
            if (parse_address(part, one)) {
              add(one);
              any = true;
            }
          }
      if (any) continue;
      base.port = 22;
      add(base);
    }
  }

  string telnet_auth() const {
    const std::vector<string> logins = values_of(words(), {"-l"});
    if (logins.empty()) return "password";
    return logins.front().find("login") != string::npos ? "password" : "none";
  }
  void telnetd() {
    Socket s;
    s.auth = telnet_auth();
    for (const string& address : values_of(words(), {"-b"}))
      if (address.find(':') != string::npos && parse_address(address, s))
        return add(s);
      else
        s.address = address;
    by_option({"-p"}, 23, s);
  }

  void sshd() {
    Socket s;
    s.encrypted = 1;
    s.auth = "password";
    string where;
    const std::vector<string> files = values_of(words(), {"-f"});
    const TreeFile* config = text(files.empty() ? "etc/ssh/sshd_config" : files.front(), &where);
    std::vector<Socket> ports, addresses;
    if (config)
      settings(*config, [&](string_view key, string_view value, std::size_t at, std::size_t size) {
        const string k = lower(key);
        Socket one;
        one.path = where;
        one.at = at;
        one.size = size;
        if (k == "passwordauthentication" && lower(value) == "no") s.auth = "key";
        if (k == "port" && parse_address(value, one)) ports.push_back(one);
        if (k == "listenaddress") {
          if (value.find(':') == string_view::npos || !parse_address(value, one))
            one.address = value == "0.0.0.0" || value == "::" ? "" : clean_utf8(value);
          addresses.push_back(one);
        }
      });
    if (!values_of(words(), {"-p"}).empty() || (ports.empty() && addresses.empty())) return by_option({"-p"}, 22, s);
    if (addresses.empty()) addresses.emplace_back();
    if (ports.empty()) {
      ports.emplace_back();
      ports.back().port = 22;
    }
    for (const Socket& a : addresses)
      for (const Socket& p : ports) {
        Socket one = p.path.empty() ? a : p;
        one.address = a.address;
        one.port = a.port ? a.port : p.port;
        one.auth = s.auth;
        one.encrypted = 1;
        add(one);
      }
  }

  void uhttpd() {
    string where;
    const TreeFile* config = now_->by == "procd" ? text("etc/config/uhttpd", &where) : nullptr;
    Socket s;
    if (!config) {
      Socket tls = s;
      tls.encrypted = 1;
      for (const string& value : values_of(words(), {"-s"}))
        if (parse_address(value, tls)) add(tls);
      if (values_of(words(), {"-p"}).empty() && !values_of(words(), {"-s"}).empty()) return;
      return by_option({"-p"}, 80, s);
    }
    // Its init script opens the TLS ports only where the library for that is there.
    const bool has_tls = tree_.resolve("lib/libustream-ssl.so") || tree_.resolve("usr/lib/libustream-ssl.so");
    for (const UciSection& section : read_uci(config->content)) {
      if (section.type != "uhttpd") continue;
      for (const UciOption& o : section.options) {
        if (o.name != "listen_http" && o.name != "listen_https") continue;
        const bool tls = o.name == "listen_https";
        if (tls && !has_tls) continue;
        for (const string_view part : assay::words(o.value)) {
          Socket one;
          one.encrypted = tls ? 1 : 0;
          one.path = where;
          one.at = o.at;
          one.size = o.size;
          if (parse_address(part, one)) add(one);
        }
      }
    }
  }

  void small_web() {
    Socket s;
    const string& name = now_->name;
    const bool busybox = base_name(find_program(tree_, now_->path)) == "busybox";
    if (name == "httpd" && !busybox) s.confidence = "medium";  // many makers call their own server so
    if (name == "goahead" || name == "webs") s.confidence = "medium";
    if (name == "mini_httpd" && has(words(), "-S")) {
      s.encrypted = 1;
      return by_option({"-p"}, 443, s);
    }
    if (name == "boa") {
      string where;
      bool any = false;
      std::vector<string> places = values_of(words(), {"-f"});
      for (const string& dir : values_of(words(), {"-c"})) places.push_back(dir + "/boa.conf");
      for (const char* usual : {"etc/boa/boa.conf", "etc/boa.conf"}) places.emplace_back(usual);
      for (const string& place : places) {
        const TreeFile* config = text(place, &where);
        if (!config) continue;
        string address;
        settings(*config, [&](string_view key, string_view value, std::size_t at, std::size_t size) {
          if (key == "Listen") address = clean_utf8(value);
          Socket one = s;
          one.path = where;
          one.at = at;
          one.size = size;
          if (key == "Port" && parse_address(value, one)) {
            if (address != "0.0.0.0") one.address = address;
            add(one);
            any = true;
          }
        });
        break;
      }
      if (any) return;
    }
    by_option({"-p", "--port"}, 80, s);
  }

  void lighttpd() {
    string where;
    const std::vector<string> files = values_of(words(), {"-f"});
    const TreeFile* config = text(files.empty() ? "etc/lighttpd/lighttpd.conf" : files.front(), &where);
    Socket main;
    main.port = 80;
    if (!config) {
      main.confidence = "medium";
      main.note = "starts lighttpd; port 80 is its default";
      return add(main);
    }
    Socket* block = &main;
    std::vector<Socket> others;
    others.reserve(64);
    each_line(config->content, [&](string_view line, std::size_t at) {
      const string_view l = trim(line.substr(0, line.find('#')));
      const auto quoted = [&]() -> string_view {
        const std::size_t from = l.find('"', l.find('='));
        const std::size_t to = from == string_view::npos ? from : l.find('"', from + 1);
        return to == string_view::npos ? string_view() : l.substr(from + 1, to - from - 1);
      };
      if (l.starts_with("$SERVER[\"socket\"]") && others.size() < 64) {
        Socket one;
        one.path = where;
        one.at = at;
        one.size = line.size();
        if (parse_address(quoted(), one)) {
          others.push_back(one);
          block = &others.back();
        }
      } else if (l.starts_with("server.port")) {
        if (const auto n = port_number(trim(l.substr(std::min(l.size(), l.find('=') + 1))))) {
          main.port = *n;
          main.path = where;
          main.at = at;
          main.size = line.size();
        }
      } else if (l.starts_with("server.bind")) {
        const string_view bind = quoted();
        main.address = bind == "0.0.0.0" || bind == "::" || bind == "*" ? "" : clean_utf8(bind);
      } else if (l.starts_with("ssl.engine") && quoted() == "enable") {
        block->encrypted = 1;
      } else if (l.starts_with("}")) {
        block = &main;
      }
    });
    add(main);
    for (const Socket& s : others) add(s);
  }

  void nginx() {
    std::vector<const TreeFile*> files;
    for (const string_view directory : {"etc/nginx"})
      for (const TreeFile* f : tree_.below(directory))
        if (f->kept && (f->entry.path.ends_with(".conf") || f->entry.path.find("sites-enabled/") != string::npos))
          files.push_back(f);
    bool any = false;
    for (const TreeFile* f : files)
      settings(*f, [&](string_view key, string_view value, std::size_t at, std::size_t size) {
        if (key != "listen") return;
        Socket s;
        s.path = f->entry.path;
        s.at = at;
        s.size = size;
        const std::vector<string_view> parts = assay::words(value);
        if (parts.empty() || !parse_address(parts[0], s)) return;
        s.encrypted = std::find(parts.begin(), parts.end(), "ssl") != parts.end() ? 1 : 0;
        add(s);
        any = true;
      });
    if (any) return;
    Socket s;
    s.port = 80;
    s.confidence = "medium";
    s.note = "starts nginx; port 80 is its default";
    add(s);
  }

  void dnsmasq() {
    unsigned port = 53;
    bool dhcp = false, tftp = false;
    string address;
    Socket dns;
    dns.auth = "none";
    const auto setting = [&](string_view key, string_view value) {
      if (key == "port")
        port = value == "0" ? 0 : port_number(value).value_or(53);
      else if (key == "dhcp-range")
        dhcp = true;
      else if (key == "enable-tftp")
        tftp = true;
      else if (key == "listen-address")
        address = address.empty() ? clean_utf8(value) : "*";
    };
    for (const string& w : words()) {
      if (!w.starts_with("--")) continue;
      const std::size_t equals = w.find('=');
      setting(string_view(w).substr(2, equals == string::npos ? equals : equals - 2),
              equals == string::npos ? string_view() : string_view(w).substr(equals + 1));
    }
    for (const string& value : values_of(words(), {"-p"})) setting("port", value);
    if (!values_of(words(), {"-F"}).empty()) dhcp = true;
    for (const string& value : values_of(words(), {"-a"})) setting("listen-address", value);
    string where;
    if (const TreeFile* config = now_->by == "procd" ? text("etc/config/dhcp", &where) : nullptr) {
      for (const UciSection& s : read_uci(config->content)) {
        if (s.type == "dnsmasq") {
          if (!s.get("port").empty()) setting("port", s.get("port"));
          if (s.get("enable_tftp") == "1") tftp = true;
        }
        if (s.type == "dhcp" && s.get("ignore") != "1" && !s.get("start").empty()) dhcp = true;
      }
    }
    const std::vector<string> files = values_of(words(), {"-C", "--conf-file"});
    if (const TreeFile* config = text(files.empty() ? "etc/dnsmasq.conf" : files.front()))
      settings(*config, [&](string_view key, string_view value, std::size_t, std::size_t) { setting(key, value); });
    if (address == "*" || address == "0.0.0.0" || address == "::") address.clear();
    dns.address = address;
    dns.port = port;
    for (const char* proto : {"udp", "tcp"}) {
      dns.proto = proto;
      add(dns);
    }
    dns.proto = "udp";
    dns.address.clear();
    dns.port = dhcp ? 67 : 0;
    add(dns);
    dns.port = tftp ? 69 : 0;
    add(dns);
  }

  void mosquitto() {
    string where;
    const std::vector<string> files = values_of(words(), {"-c", "--config-file"});
    const TreeFile* config = text(files.empty() ? "etc/mosquitto/mosquitto.conf" : files.front(), &where);
    std::vector<Socket> all;
    bool anonymous = true, said = false;
    if (config)
      settings(*config, [&](string_view key, string_view value, std::size_t at, std::size_t size) {
        Socket s;
        s.path = where;
        s.at = at;
        s.size = size;
        const std::vector<string_view> parts = assay::words(value);
        if ((key == "listener" || key == "port") && !parts.empty() && all.size() < 64 && parse_address(parts[0], s)) {
          if (parts.size() > 1 && parts[1] != "0.0.0.0") s.address = clean_utf8(parts[1]);
          all.push_back(s);
        } else if (key == "bind_address" && !all.empty()) {
          all.back().address = clean_utf8(value);
        } else if ((key == "certfile" || key == "psk_file") && !all.empty()) {
          all.back().encrypted = 1;
        } else if (key == "allow_anonymous") {
          said = true;
          anonymous = value == "true";
        }
      });
    if (all.empty()) {
      Socket s;
      s.confidence = "medium";
      return by_option({"-p"}, 1883, s);
    }
    for (Socket& s : all) {
      if (said) s.auth = anonymous ? "none" : "password";
      add(s);
    }
  }

  void ftp() {
    Socket s;
    s.auth = "password";
    string where;
    const TreeFile* config = nullptr;
    if (now_->name == "vsftpd")
      config = text(words().empty() || words()[0].starts_with("-") ? "etc/vsftpd.conf" : words()[0], &where);
    if (now_->name == "proftpd") config = text("etc/proftpd.conf", &where);
    s.port = 21;
    s.note = "starts " + now_->name + "; port 21 is its default";
    if (config)
      settings(*config, [&](string_view key, string_view value, std::size_t at, std::size_t size) {
        if (key == "anonymous_enable" && lower(value) == "yes") s.auth = "none";
        if (key == "ssl_enable" && lower(value) == "yes") s.encrypted = 1;
        if (key != "listen_port" && key != "Port") return;
        Socket one;
        if (!parse_address(value, one)) return;
        s.port = one.port;
        s.path = where;
        s.at = at;
        s.size = size;
        s.note.clear();
      });
    add(s);
  }

  void ntp() {
    Socket s;
    s.proto = "udp";
    s.port = 123;
    s.auth = "none";
    const bool busybox = base_name(find_program(tree_, now_->path)) == "busybox";
    if (now_->name == "ntpd" && busybox) {
      if (has(words(), "-l")) add(s);
      return;
    }
    if (now_->name == "chronyd") {
      string where;
      for (const char* path : {"etc/chrony.conf", "etc/chrony/chrony.conf"})
        if (const TreeFile* config = text(path, &where))
          settings(*config, [&](string_view key, string_view, std::size_t at, std::size_t size) {
            if (key != "allow") return;
            s.path = where;
            s.at = at;
            s.size = size;
            add(s);
          });
      return;
    }
    add(s);
  }

  // BusyBox: tcpsvd ADDRESS PORT PROGRAM …
  void ipsvd() {
    std::vector<string> plain;
    for (std::size_t i = 0; i < words().size(); ++i) {
      const string& w = words()[i];
      if (plain.empty() && w.starts_with("-")) {
        if (w.size() == 2 && string_view("cCbulr").find(w[1]) != string_view::npos) ++i;
        continue;
      }
      plain.push_back(w);
    }
    if (plain.size() < 2) return;
    Socket s;
    s.proto = now_->name == "udpsvd" ? "udp" : "tcp";
    if (plain[0] != "0" && plain[0] != "0.0.0.0" && plain[0] != "::") s.address = clean_utf8(plain[0]);
    const auto port = service_port(plain[1]);
    if (!port) return;
    s.port = *port;
    if (plain.size() > 2 && plain[2].find("ftpd") != string::npos && plain[2].find("tftpd") == string::npos)
      s.auth = "none";
    add(s);
  }

  void netcat() {
    Socket s;
    s.proto = has(words(), "-u") ? "udp" : "tcp";
    s.auth = "none";
    for (const string& value : values_of(words(), {"-p"}))
      if (parse_address(value, s)) return add(s);
    for (const string& w : words())
      if (const auto n = port_number(w)) {
        s.port = *n;
        return add(s);
      }
  }

  void rtsp() {
    Socket s;
    s.confidence = values_of(words(), {"-p", "--port"}).empty() ? "medium" : "high";
    by_option({"-p", "--port"}, 554, s);
  }

  // Programs with one port that nobody moves, or with an option for it; and unknown ones that are told a port.
  void fixed() {
    struct Fixed {
      string_view name;
      string_view proto;
      unsigned port;
      string_view auth;
    };
    constexpr Fixed kFixed[] = {{"avahi-daemon", "udp", 5353, "none"},  {"mdnsd", "udp", 5353, "none"},
                                {"mDNSResponder", "udp", 5353, "none"}, {"umdns", "udp", 5353, "none"},
                                {"miniupnpd", "udp", 1900, "none"},     {"upnpd", "udp", 1900, "none"},
                                {"minidlnad", "tcp", 8200, "none"},     {"minidlnad", "udp", 1900, "none"},
                                {"tftpd", "udp", 69, "none"},           {"in.tftpd", "udp", 69, "none"},
                                {"snmpd", "udp", 161, "unknown"},       {"smbd", "tcp", 445, "password"},
                                {"smbd", "tcp", 139, "password"},       {"nmbd", "udp", 137, "none"},
                                {"nmbd", "udp", 138, "none"},           {"udhcpd", "udp", 67, "none"},
                                {"dhcpd", "udp", 67, "none"},           {"rpcbind", "tcp", 111, "none"},
                                {"rpcbind", "udp", 111, "none"},        {"adbd", "tcp", 5555, "unknown"},
                                {"openvpn", "udp", 1194, "key"}};
    bool any = false;
    for (const Fixed& f : kFixed) {
      if (now_->name != f.name) continue;
      any = true;
      if (f.name == "openvpn") continue;  // a client as often as a server
      Socket s;
      s.proto = string(f.proto);
      s.port = f.port;
      s.auth = string(f.auth);
      s.note = "starts " + now_->name + "; port " + std::to_string(f.port) + " is its default";
      add(s);
    }
    if (any) return;
    // What else calls an option so means a port of somebody else's, or a file with a process id, which is no number.
    for (const string& value : values_of(words(), {"-p", "--port", "--listen-port"})) {
      Socket s;
      if (!parse_address(value, s) || !s.address.empty()) continue;
      s.proto = "unknown";
      s.encrypted = -1;
      s.confidence = "low";
      s.note = now_->name + " is told port " + std::to_string(s.port);
      add(s);
    }
  }

  // inetd, xinetd and systemd open the port themselves.
  void handed_over() {
    for (const string& socket : now_->sockets) {
      const std::size_t colon = socket.find(':');
      Socket s;
      s.proto = socket.substr(0, colon) == "dgram" ? "udp" : "tcp";
      const string where = socket.substr(colon + 1);
      if (!parse_address(where, s)) {
        const auto port = service_port(where);
        if (!port) continue;
        s.port = *port;
      }
      const string& name = now_->name;
      if (name.find("telnetd") != string::npos)
        s.auth = telnet_auth();
      else if (name.find("tftpd") != string::npos)
        s.auth = "none";
      else if (name.find("ftpd") != string::npos)
        s.auth = "password";
      else if (name == "sshd" || name == "dropbear" || name == "ssh") {
        s.auth = "password";
        s.encrypted = 1;
      }
      add(s);
    }
  }

  const Tree& tree_;
  Facts& out_;
  const Started* now_ = nullptr;
  std::set<string> known_;
};

void tree(const Tree& t, Facts& out) {
  Ports ports(t, out);
  for (const Started& s : find_started(t))
    if (s.enabled == "yes") ports.look(s);
}

}  // namespace

extern constinit const Detector listeners{
    .name = "listeners",
    .version = 1,
    .title = "ports that enabled services open, from their arguments and configuration",
    .tables = kTables,
    .tree = tree,
};

}  // namespace assay::inspect
