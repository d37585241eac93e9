#include "inspect/startup.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "inspect/shell.h"
#include "inspect/uci.h"

namespace assay::inspect {
namespace {

using std::string;
using std::string_view;
using Words = std::vector<string>;

constexpr int kDepth = 6;             // scripts that call scripts
constexpr std::size_t kMost = 2'000;  // services of one tree

// Programs that serve or watch: a script that names one starts it, in the background or not.
constexpr string_view kDaemons[] = {
    "adbd",        "avahi-daemon", "boa",       "chronyd",        "connmand",  "cron",   "crond",     "cupsd",
    "dbus-daemon", "dhcpcd",       "dhcpd",     "dnsmasq",        "dropbear",  "ftpd",   "gdbserver", "goahead",
    "hostapd",     "httpd",        "in.ftpd",   "in.telnetd",     "in.tftpd",  "inetd",  "klogd",     "lighttpd",
    "mdnsd",       "mini_httpd",   "minidlnad", "miniupnpd",      "mosquitto", "nginx",  "nmbd",      "ntpclient",
    "ntpd",        "odhcpd",       "openvpn",   "proftpd",        "pure-ftpd", "radvd",  "rpcbind",   "rsyslogd",
    "smbd",        "snmpd",        "sshd",      "stunnel",        "syslogd",   "tcpsvd", "telnetd",   "tftpd",
    "thttpd",      "udevd",        "udhcpc",    "udhcpd",         "udpsvd",    "uhttpd", "umdns",     "upnpd",
    "utelnetd",    "vsftpd",       "watchdog",  "wpa_supplicant", "xinetd",    "zcip",   "procd",     "netifd",
    "rpcd",        "fcgiwrap"};

// Commands that end in d, or run in the background, and are no service.
constexpr string_view kTools[] = {"[",           "[[",        "add",
                                  "arp",         "awk",       "basename",
                                  "blkid",       "brctl",     "cat",
                                  "cd",          "chmod",     "chown",
                                  "chpasswd",    "clear",     "cp",
                                  "cut",         "date",      "dd",
                                  "depmod",      "dmesg",     "du",
                                  "echo",        "eval",      "exit",
                                  "expand",      "export",    "false",
                                  "find",        "fold",      "fsck",
                                  "grep",        "head",      "hexd",
                                  "id",          "ifconfig",  "insmod",
                                  "ip",          "iptables",  "kill",
                                  "killall",     "ln",        "load",
                                  "local",       "logger",    "ls",
                                  "lsmod",       "mdev",      "md",
                                  "mkdir",       "mknod",     "modprobe",
                                  "mount",       "mtd",       "mv",
                                  "nand",        "od",        "passwd",
                                  "pidof",       "ping",      "pivot_root",
                                  "printf",      "ps",        "pwd",
                                  "read",        "reboot",    "return",
                                  "rm",          "rmdir",     "rmmod",
                                  "route",       "sed",       "send",
                                  "set",         "shift",     "sleep",
                                  "sort",        "swapon",    "sync",
                                  "sysctl",      "tail",      "tar",
                                  "tee",         "test",      "touch",
                                  "tr",          "trap",      "true",
                                  "tty",         "udevadm",   "ulimit",
                                  "umask",       "umount",    "uname",
                                  "uniq",        "unset",     "usleep",
                                  "vconfig",     "wait",      "wc",
                                  "wget",        "which",     "xargs",
                                  "zcat",        "lsusb",     "hwclock",
                                  "mkfs",        "ubiattach", "flashcp",
                                  "fw_printenv", "fw_setenv", "nvram",
                                  "curl",        "cmp",       "diff",
                                  "sha256sum",   "md5sum",    "start-stop-daemon"};

constexpr string_view kSearchPath[] = {"sbin",           "usr/sbin",      "bin",    "usr/bin",
                                       "usr/local/sbin", "usr/local/bin", "opt/bin"};

bool among(string_view word, const auto& list) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

struct Launch {
  Words words;  // program first
  string user;
};

// Functions and labels of init scripts that do not start anything.
bool stops(string_view verb) {
  if (verb.empty()) return false;
  if (verb == "restart" || verb == "reload" || verb == "force-reload" || verb == "reload_service" || verb == "status" ||
      verb == "shutdown")
    return true;
  return (verb.find("stop") != string_view::npos || verb.find("kill") != string_view::npos ||
          verb.find("status") != string_view::npos || verb.find("trigger") != string_view::npos) &&
         verb.find("start") == string_view::npos;
}
bool label_stops(string_view label) {
  if (label.empty()) return false;
  for (const string_view part : split(label, '|'))
    if (!stops(part)) return false;
  return true;
}

class Finder {
 public:
  explicit Finder(const Tree& tree) : tree_(tree) {}

  std::vector<Started> run() {
    open_wrt_ = tree_.find("etc/rc.common") != nullptr;
    inittab();
    rc_links();
    for (const string_view path :
         {"etc/init.d/rcS", "etc/rcS", "etc_ro/rcS", "etc/rc.sysinit", "etc/rc.d/rc.sysinit", "etc/rc", "etc/rc.d/rcS"})
      if (tree_.find(path)) script(string(path), "script", "", "yes", 0);
    for (const string_view path : {"etc/rc.local", "etc/rc.d/rc.local", "etc/init.d/rc.local"})
      if (tree_.find(path)) script(string(path), "rc.local", "", "yes", 0);
    init_scripts();
    systemd();
    inetd();
    cron();
    return std::move(out_);
  }

 private:
  void add(Started s) {
    if (out_.size() >= kMost || s.name.empty()) return;
    for (const Started& o : out_)
      if (o.name == s.name && o.path == s.path && o.words == s.words && o.in == s.in && o.at == s.at) return;
    out_.push_back(std::move(s));
  }

  // Completes what `launch` starts: where the program lies, and whether it is there.
  Started made(const Launch& launch, string by, string in, string enabled, std::uint64_t at, std::uint64_t size) {
    Started s;
    s.by = std::move(by);
    s.in = std::move(in);
    s.enabled = std::move(enabled);
    s.at = at;
    s.size = size;
    if (!launch.user.empty()) s.user = launch.user;
    s.words.assign(launch.words.begin() + 1, launch.words.end());
    string called;
    s.found = !find_program(tree_, launch.words[0], &called).empty();
    s.path = called;
    s.name = string(base_name(launch.words[0]));
    if (s.name.starts_with("-")) s.name.erase(0, 1);
    // A program that is not in the tree may come from another part, or never.
    if (!s.found && s.enabled == "yes") s.enabled = "unknown";
    return s;
  }

  // Takes off what only wraps a program: exec, nohup, nice, busybox, sh -c …
  static Launch unwrapped(Words words) {
    Launch l;
    for (int i = 0; i < 8 && !words.empty(); ++i) {
      const string name(base_name(words[0]));
      const auto drop = [&words](std::size_t n) {
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(std::min(n, words.size())));
      };
      const auto drop_options = [&words] {
        while (words.size() > 1 && words[1].starts_with("-")) words.erase(words.begin() + 1);
      };
      if (name == "exec" || name == "nohup" || name == "setsid" || name == "command" || name == "busybox") {
        if (words.size() < 2) break;
        if (name != "busybox") drop_options();
        drop(1);
      } else if (name == "env") {
        drop(1);
        while (!words.empty() && (words[0].find('=') != string::npos || words[0].starts_with("-"))) drop(1);
      } else if (name == "nice" || name == "ionice" || name == "chrt") {
        drop(1);
        while (!words.empty() && (words[0].starts_with("-") || is_digit(words[0][0]))) drop(1);
      } else if ((name == "setuidgid" || name == "chpst") && words.size() > 2) {
        std::size_t n = name == "chpst" && words[1] == "-u" ? 2 : 1;
        l.user = words[n];
        drop(n + 1);
      } else if ((name == "sh" || name == "ash" || name == "bash") && words.size() > 2 && words[1] == "-c") {
        const std::vector<Command> inner = read_shell(words[2]);
        if (inner.empty() || inner[0].words.empty()) break;
        words = inner[0].words;
      } else if (name == "daemon" || name == "start_daemon" || name == "startproc" || name == "service_start") {
        drop(1);
        while (!words.empty() && words[0].starts_with("-")) {
          if (words[0].starts_with("--user=")) l.user = words[0].substr(7);
          const bool takes_value = words[0] == "-n" || words[0] == "-p" || words[0] == "--pidfile";
          drop(takes_value ? 2 : 1);
        }
      } else {
        break;
      }
    }
    l.words = std::move(words);
    return l;
  }

  static std::optional<Launch> start_stop_daemon(const Words& words) {
    Launch l;
    string program, as;
    bool starts = false, stop = false;
    Words rest;
    for (std::size_t i = 1; i < words.size(); ++i) {
      string w = words[i], value;
      if (w == "--") {
        rest.assign(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
        break;
      }
      const auto next = [&]() -> string {
        if (!value.empty()) return value;
        return i + 1 < words.size() ? words[++i] : string();
      };
      if (const std::size_t equals = w.find('='); w.starts_with("--") && equals != string::npos) {
        value = w.substr(equals + 1);
        w.resize(equals);
      }
      if (w == "--start")
        starts = true;
      else if (w == "--stop")
        stop = true;
      else if (w == "--exec")
        program = next();
      else if (w == "--startas")
        as = next();
      else if (w == "--chuid" || w == "--user")
        l.user = next();
      else if (w == "--name" || w == "--pidfile" || w == "--nicelevel" || w == "--chdir" || w == "--group" ||
               w == "--signal" || w == "--retry")
        next();
      else if (w.size() >= 2 && w[0] == '-' && w[1] != '-') {
        for (std::size_t k = 1; k < w.size(); ++k) {  // -Sbmx: bundled, the last may take the next word
          if (w[k] == 'S')
            starts = true;
          else if (w[k] == 'K')
            stop = true;
          else if (w[k] == 'x')
            program = next();
          else if (w[k] == 'a')
            as = next();
          else if (w[k] == 'c' || w[k] == 'u')
            l.user = next();
          else if (string_view("npNdgs").find(w[k]) != string_view::npos)
            next();
        }
      } else if (!w.starts_with("-")) {
        rest.push_back(w);
      }
    }
    if (!as.empty()) program = as;
    if (!starts || stop || program.empty()) return std::nullopt;
    if (const std::size_t colon = l.user.find(':'); colon != string::npos) l.user.resize(colon);
    l.words.push_back(program);
    l.words.insert(l.words.end(), rest.begin(), rest.end());
    return l;
  }

  // What a command starts, if it is something that stays.
  std::optional<Launch> launched(const Command& c) {
    if (c.words.empty()) return std::nullopt;
    const string first(base_name(c.words[0]));
    if (first == "start-stop-daemon") return start_stop_daemon(c.words);
    const bool wrapped =
        first == "daemon" || first == "start_daemon" || first == "startproc" || first == "service_start";
    Launch l = unwrapped(c.words);
    if (l.words.empty()) return std::nullopt;
    const string name(base_name(l.words[0]));
    if (name.empty() || name[0] == '$' || name[0] == '-') return std::nullopt;
    if (name == "start-stop-daemon") return start_stop_daemon(l.words);
    for (const string& w : l.words)
      if (w == "--version" || w == "--help") return std::nullopt;
    if (wrapped || among(name, kDaemons)) return l;
    if ((name == "nc" || name == "netcat") && std::any_of(l.words.begin() + 1, l.words.end(), [](const string& w) {
          return w.starts_with("-") && w.find('l') != string::npos;
        }))
      return l;
    if (among(name, kTools) || name.find('=') != string::npos) return std::nullopt;
    const bool there = !find_program(tree_, l.words[0]).empty();
    if (c.background && !c.piped && (there || l.words[0].starts_with("/"))) return l;
    if (name.ends_with("d") && there && name.size() > 3 && is_program(l.words[0])) return l;
    return std::nullopt;
  }

  bool is_program(string_view word) {
    const TreeFile* file = tree_.find(find_program(tree_, word));
    return file && file->kind == FileKind::elf;
  }

  // The script itself, where it starts nothing that we recognise: it runs once at boot.
  void script_itself(const string& path, const string& by, const string& name, const string& enabled) {
    Started s;
    s.name = name;
    s.path = "/" + path;
    s.by = by;
    s.enabled = enabled;
    s.in = path;
    s.script = name;
    add(std::move(s));
  }

  // Reads one script. `name` is the init script's name, empty for others.
  void script(const string& path, const string& by, const string& name, const string& enabled, int depth) {
    string where;
    const TreeFile* file = tree_.resolve(path, &where);
    if (!file || file->entry.type != EntryType::file || depth > kDepth || !seen_.insert(where).second) return;
    if (!file->kept || (file->kind != FileKind::script && file->kind != FileKind::text)) return;
    const std::size_t before = out_.size();
    std::optional<Launch> procd;
    std::uint64_t at = 0, size = 0;
    const auto give = [&](const Launch& l, std::uint64_t from, std::uint64_t length) {
      Started s = made(l, by, where, enabled, from, length);
      s.script = name;
      if (s.name.starts_with("$") && !name.empty()) s.name = name;
      add(std::move(s));
    };
    const bool procd_script = file->content.find("procd_set_param command") != string::npos;
    for (const Command& c : read_shell(file->content)) {
      if (c.words.empty() || stops(c.function) || label_stops(c.label)) continue;
      if (c.words[0] == "procd_set_param" && c.words.size() > 2) {
        if (c.words[1] == "command") {
          if (procd) give(*procd, at, size);
          procd = unwrapped(Words(c.words.begin() + 2, c.words.end()));
          at = c.at;
          size = c.size;
          if (procd->words.empty()) procd.reset();
        } else if (c.words[1] == "user" && procd) {
          procd->user = c.words[2];
        }
        continue;
      }
      if (c.words[0] == "procd_append_param" && procd && c.words.size() > 2 && c.words[1] == "command") {
        if (!c.conditional) procd->words.insert(procd->words.end(), c.words.begin() + 2, c.words.end());
        continue;
      }
      if (c.words[0] == "procd_close_instance") {
        if (procd) give(*procd, at, size);
        procd.reset();
        continue;
      }
      if (procd_script) continue;  // what it calls directly prepares; what stays is handed to procd
      if (const auto l = launched(c)) {
        give(*l, c.at, c.size);
        continue;
      }
      follow(c, by, enabled, depth);
    }
    if (procd) give(*procd, at, size);
    if (out_.size() == before && !name.empty()) script_itself(where, by, name, enabled);
  }

  // A script that calls another: . file, sh file, /etc/init.d/x start.
  void follow(const Command& c, const string& by, const string& enabled, int depth) {
    const string& first = c.words[0];
    string target;
    std::size_t arguments = 1;
    if ((first == "." || first == "source" || base_name(first) == "sh" || base_name(first) == "ash") &&
        c.words.size() > 1) {
      target = c.words[1];
      arguments = 2;
    } else if (first.starts_with("/")) {
      target = first;
    }
    if (!target.starts_with("/")) return;
    target.erase(0, 1);
    const TreeFile* file = tree_.resolve(target);
    if (!file || !file->kept) return;
    // Libraries of functions are read by many and start nothing by being read.
    if ((first == "." || first == "source") && target.find("lib/") != string::npos) return;
    if (target.starts_with("etc/init.d/")) {
      if (c.words.size() > arguments && c.words[arguments] != "start" && c.words[arguments] != "boot") return;
      script(target, by, string(base_name(target)), enabled, depth + 1);
    } else {
      script(target, by, "", enabled, depth + 1);
    }
  }

  void inittab() {
    for (const string_view path : {"etc/inittab", "etc_ro/inittab", "etc.default/inittab"}) {
      const TreeFile* file = tree_.resolve(path);
      if (!file || !file->kept) continue;
      each_line(file->content, [&](string_view line, std::size_t at) {
        // id:runlevels:action:process, for BusyBox (terminal in the first field) and SysV alike
        if (line.empty() || line[0] == '#') return;
        std::size_t colons[3], from = 0;
        for (std::size_t& colon : colons) {
          colon = line.find(':', from);
          if (colon == string_view::npos) return;
          from = colon + 1;
        }
        const string_view action = trim(line.substr(colons[1] + 1, colons[2] - colons[1] - 1));
        constexpr string_view kActions[] = {"sysinit",  "respawn",  "once",       "wait",           "boot",
                                            "bootwait", "askfirst", "askconsole", "askconsolelate", "respawnlate"};
        if (!among(action, kActions)) return;
        string_view process = trim(line.substr(colons[2] + 1));
        if (process.starts_with("-")) process.remove_prefix(1);  // a login shell
        for (const Command& c : read_shell(process)) {
          if (c.words.empty()) continue;
          Launch l = unwrapped(c.words);
          if (l.words.empty() || among(base_name(l.words[0]), kTools)) continue;
          const string program = find_program(tree_, l.words[0]);
          // OpenWrt's procd takes this line to mean: run the links of rc.d itself.
          if (program.empty() && open_wrt_ && base_name(l.words[0]) == "rcS") continue;
          add(made(l, "inittab", string(path), "yes", at, line.size()));
          const TreeFile* started = tree_.find(program);
          if (started && started->kind == FileKind::script) script(program, "script", "", "yes", 1);
        }
      });
      return;
    }
  }

  // SysV's and OpenWrt's links: S50dropbear -> ../init.d/dropbear. Runlevels 0, 1 and 6 stop the machine or serve a
  // person at it.
  void rc_links() {
    for (const string_view directory : {"etc/rc.d", "etc/rcS.d", "etc/rc2.d", "etc/rc3.d", "etc/rc4.d", "etc/rc5.d",
                                        "etc/rc.d/rc3.d", "etc/rc.d/rc5.d"})
      for (const TreeFile* link : tree_.below(directory)) {
        const string_view path = link->entry.path;
        const string_view name = base_name(path);
        if (path.size() != directory.size() + 1 + name.size() || name.size() < 4 || name[0] != 'S' ||
            !is_digit(name[1]) || !is_digit(name[2]))
          continue;
        string where;
        const TreeFile* file = tree_.resolve(path, &where);
        if (!file || file->entry.type != EntryType::file) continue;
        linked_ = true;
        const string script_name(name.substr(3));
        script(where, by_of(*file), script_name, enabled_by_configuration(script_name, "yes"), 0);
      }
  }
  string by_of(const TreeFile& file) const {
    return file.content.substr(0, 200).find("/etc/rc.common") != string::npos ? "procd" : "sysv";
  }

  void init_scripts() {
    for (const TreeFile* file : tree_.below("etc/init.d")) {
      const string& path = file->entry.path;
      if (path.find('/', 11) != string::npos || file->entry.type != EntryType::file) continue;
      string name(base_name(path));
      if (name == "rcS" || name == "rc" || name == "rcK" || name == "functions" || name == "README" ||
          name == "skeleton" || name == "halt" || name == "reboot")
        continue;
      string enabled = linked_ ? "no" : "unknown";
      if (name.size() > 3 && name[0] == 'S' && is_digit(name[1]) && is_digit(name[2])) {
        name.erase(0, 3);  // buildroot: rcS runs /etc/init.d/S??* in order
        enabled = "yes";
      }
      script(path, by_of(*file), name, enabled_by_configuration(name, enabled), 0);
    }
  }

  // UCI: a service whose every section says `option enabled 0` returns without starting anything.
  string enabled_by_configuration(const string& name, const string& otherwise) {
    if (otherwise != "yes" || !open_wrt_) return otherwise;
    // OpenWrt's cron returns at once where there is no table to run.
    if (name == "cron" && tree_.below("etc/crontabs").empty()) return "no";
    const string config = name == "sysntpd" ? "system" : name;
    const TreeFile* file = tree_.resolve("etc/config/" + config);
    if (!file || !file->kept) return otherwise;
    unsigned sections = 0, off = 0;
    for (const UciSection& s : read_uci(file->content)) {
      if (name == "sysntpd" ? s.type != "timeserver"
                            : s.get("enable").empty() && s.get("enabled").empty() && s.get("disabled").empty())
        continue;
      ++sections;
      const auto is_off = [](string_view v) { return v == "0" || v == "off" || v == "no" || v == "false"; };
      const auto is_on = [](string_view v) { return v == "1" || v == "on" || v == "yes" || v == "true"; };
      if (is_off(s.get("enable")) || is_off(s.get("enabled")) || is_on(s.get("disabled"))) ++off;
    }
    return sections > 0 && off == sections ? "no" : otherwise;
  }

  void systemd() {
    std::set<string> wanted;
    bool any_install = false;
    for (const string_view root : {"etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"})
      for (const TreeFile* f : tree_.below(root)) {
        const string_view path = f->entry.path;
        const string_view parent = base_name(path.substr(0, path.size() - base_name(path).size() - 1));
        if (parent.ends_with(".wants") || parent.ends_with(".requires")) wanted.insert(string(base_name(path)));
      }
    for (const string_view root : {"etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"})
      for (const TreeFile* f : tree_.below(root)) {
        const string& path = f->entry.path;
        const string unit(base_name(path));
        const bool socket = unit.ends_with(".socket");
        if (path.size() != root.size() + 1 + unit.size() || f->entry.type != EntryType::file || !f->kept ||
            (!socket && !unit.ends_with(".service")))
          continue;
        if (!units_.insert(unit).second) continue;  // etc goes before usr/lib
        Started s;
        string exec, user;
        bool install = false;
        each_line(f->content, [&](string_view line, std::size_t at) {
          line = trim(line);
          if (line == "[Install]") install = any_install = true;
          if (line.starts_with("ExecStart=") && exec.empty()) {
            exec = string(line.substr(10));
            s.at = at;
            s.size = line.size();
          }
          if (line.starts_with("User=")) user = string(line.substr(5));
          if (socket && (line.starts_with("ListenStream=") || line.starts_with("ListenDatagram="))) {
            if (s.sockets.empty()) {
              s.at = at;
              s.size = line.size();
            }
            s.sockets.push_back((line[6] == 'S' ? "stream:" : "dgram:") + string(line.substr(line.find('=') + 1)));
          }
        });
        while (!exec.empty() && string_view("-@:+!").find(exec[0]) != string_view::npos) exec.erase(0, 1);
        const std::vector<Command> commands = read_shell(exec);
        const bool enabled = wanted.contains(unit);
        if (socket) {
          if (s.sockets.empty()) continue;
          s.name = unit.substr(0, unit.size() - 7);
        } else {
          if (commands.empty() || commands[0].words.empty()) continue;
          const std::uint64_t at = s.at, size = s.size;
          s = made(unwrapped(commands[0].words), "systemd", path, "yes", at, size);
        }
        if (!enabled && !install) continue;  // started by others, if at all
        s.by = "systemd";
        s.in = path;
        if (!enabled) s.enabled = "no";
        if (!user.empty()) s.user = user;
        add(std::move(s));
      }
  }

  void inetd() {
    const bool runs = std::any_of(out_.begin(), out_.end(), [](const Started& s) {
      return (s.name == "inetd" || s.name == "xinetd") && s.enabled == "yes";
    });
    const string enabled = runs ? "yes" : "unknown";
    if (const TreeFile* file = tree_.resolve("etc/inetd.conf"); file && file->kept)
      each_line(file->content, [&](string_view line, std::size_t at) {
        // service type protocol wait user program arguments (argv[0] first)
        const std::vector<string_view> fields = words(line);
        if (fields.size() < 6 || fields[0].starts_with("#")) return;
        Launch l;
        l.user = string(fields[4].substr(0, fields[4].find_first_of(".:")));
        l.words.emplace_back(fields[5]);
        for (std::size_t i = 7; i < fields.size(); ++i) l.words.emplace_back(fields[i]);
        if (base_name(fields[5]) == "busybox" && fields.size() > 6) l.words[0] = string(fields[6]);
        Started s = made(l, "inetd", "etc/inetd.conf", enabled, at, line.size());
        s.sockets.push_back(string(fields[2].starts_with("udp") ? "dgram:" : "stream:") + string(fields[0]));
        add(std::move(s));
      });
    for (const TreeFile* file : tree_.below("etc/xinetd.d")) {
      if (!file->kept) continue;
      string service, server, user = "root", arguments, proto = "tcp", port;
      bool off = false;
      std::uint64_t at = 0, size = 0;
      each_line(file->content, [&](string_view line, std::size_t from) {
        const std::vector<string_view> w = words(line);
        if (w.size() >= 2 && w[0] == "service") {
          service = string(w[1]);
          at = from;
          size = line.size();
        }
        if (w.size() < 3 || w[1] != "=") return;
        if (w[0] == "disable") off = w[2] == "yes";
        if (w[0] == "server") server = string(w[2]);
        if (w[0] == "user") user = string(w[2]);
        if (w[0] == "protocol") proto = string(w[2]);
        if (w[0] == "port") port = string(w[2]);
        if (w[0] == "server_args") arguments = string(trim(line.substr(line.find('=') + 1)));
      });
      if (service.empty() || server.empty()) continue;
      Launch l{{server}, user};
      for (const string_view w : words(arguments)) l.words.emplace_back(w);
      Started s = made(l, "inetd", file->entry.path, off ? "no" : enabled, at, size);
      s.sockets.push_back((proto == "udp" ? "dgram:" : "stream:") + (port.empty() ? service : port));
      add(std::move(s));
    }
  }

  void cron() {
    // A table that no started program reads does nothing.
    const bool runs = std::any_of(out_.begin(), out_.end(), [](const Started& s) {
      return (s.name == "crond" || s.name == "cron" || s.name == "dcron") && s.enabled == "yes";
    });
    const string enabled = runs ? "yes" : "unknown";
    const auto table = [&](const TreeFile& file, string user, bool names_user) {
      if (!file.kept) return;
      each_line(file.content, [&](string_view line, std::size_t at) {
        const std::vector<string_view> w = words(line);
        if (w.empty() || w[0].starts_with("#") || w[0].find('=') != string_view::npos) return;
        std::size_t n = w[0].starts_with("@") ? 1 : 5;
        string as = user;
        if (names_user) {
          if (w.size() <= n) return;
          as = string(w[n++]);
        }
        if (w.size() <= n) return;
        const std::size_t from = static_cast<std::size_t>(w[n].data() - line.data());
        for (const Command& c : read_shell(line.substr(from))) {
          if (c.words.empty()) continue;
          Launch l = unwrapped(c.words);
          if (l.words.empty()) continue;
          l.user = as;
          add(made(l, "cron", file.entry.path, enabled, at + from + c.at, c.size));
        }
      });
    };
    for (const string_view directory : {"etc/crontabs", "var/spool/cron/crontabs", "var/spool/cron"})
      for (const TreeFile* f : tree_.below(directory))
        if (f->entry.type == EntryType::file) table(*f, string(base_name(f->entry.path)), false);
    for (const TreeFile* f : tree_.below("etc/cron.d"))
      if (f->entry.type == EntryType::file) table(*f, "root", true);
    if (const TreeFile* f = tree_.resolve("etc/crontab")) table(*f, "root", true);
  }

  const Tree& tree_;
  bool open_wrt_ = false;
  bool linked_ = false;  // there are rc links, so a script without one does not start
  std::set<string> seen_;
  std::set<string> units_;
  std::vector<Started> out_;
};

}  // namespace

std::vector<Started> find_started(const Tree& tree) { return Finder(tree).run(); }

string find_program(const Tree& tree, string_view program, string* called) {
  string where;
  const auto at = [&](const string& path) {
    const TreeFile* file = tree.resolve(path, &where);
    return file && file->entry.type == EntryType::file;
  };
  if (called) *called = string(program);
  if (program.empty() || program[0] == '$') return {};
  if (program.find('/') != string_view::npos) {
    const std::size_t slash = program.find_first_not_of('/');
    if (slash == string_view::npos) return {};
    return at(string(program.substr(slash))) ? where : string();
  }
  for (const string_view directory : kSearchPath)
    if (at(string(directory) + "/" + string(program))) {
      if (called) *called = "/" + string(directory) + "/" + string(program);
      return where;
    }
  return {};
}

}  // namespace assay::inspect
