// What a tree starts when it boots, read from inittab, init scripts, rc links, systemd units, inetd and cron. Scripts
// are read, never run; see shell.h for what that leaves out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/detector.h"

namespace assay::inspect {

struct Started {
  std::string name;  // "dropbear"; of an applet of BusyBox: the applet's
  std::string path;  // the program as called, found on the usual search path where it was called by name alone
  std::vector<std::string> words;  // its arguments
  std::string user = "root";
  std::string by;               // inittab, sysv, procd, systemd, rc.local, inetd, cron, script
  std::string enabled = "yes";  // yes, no, unknown
  std::string in;               // path of the file that starts it: "etc/init.d/dropbear"
  std::string script;  // of init scripts: their name, "dropbear", which is also what their configuration is called
  std::uint64_t at = 0, size = 0;    // where in that file
  bool found = true;                 // the program is in the tree
  std::vector<std::string> sockets;  // systemd's ListenStream and inetd's service, as written: "stream:8080"
};

std::vector<Started> find_started(const Tree& tree);

// The path of a program in the tree, with links followed: "bin/busybox" of "/usr/sbin/telnetd"; empty where it is not
// there. `called` receives the path before links.
std::string find_program(const Tree& tree, std::string_view program, std::string* called = nullptr);

}  // namespace assay::inspect
