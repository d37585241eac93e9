#include "inspect/config_secrets.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "inspect/guess.h"

namespace assay::inspect {
namespace {

using std::string_view;

constexpr std::size_t kMaxSecrets = 500;
constexpr std::size_t kMaxLine = 2048;

bool begins(string_view text, string_view start) { return text.substr(0, start.size()) == start; }
bool ends(string_view text, string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}
bool holds(string_view text, string_view part) { return text.find(part) != string_view::npos; }
string_view base_name(string_view path) { return path.substr(path.rfind('/') + 1); }

enum class Form : std::uint8_t { general, htpasswd, busybox_httpd, mosquitto, chap, ipsec };

Form form_of(string_view path) {
  const string_view name = base_name(path);
  if (name == ".htpasswd" || begins(name, "htpasswd") || ends(name, ".htpasswd") || name == "lighttpd.user")
    return Form::htpasswd;
  if (name == "httpd.conf") return Form::busybox_httpd;
  if (holds(path, "mosquitto") && (holds(name, "passwd") || holds(name, "password") || holds(name, "pwfile")))
    return Form::mosquitto;
  if (name == "chap-secrets" || name == "pap-secrets") return Form::chap;
  if (name == "ipsec.secrets") return Form::ipsec;
  return Form::general;
}

// Values that are no secret: nothing, a switch, a variable, a template, the name of a file.
bool is_constant_secret(string_view v) {
  if (v.size() < 3 || v.size() > 256) return false;
  if (v[0] == '/' || v.substr(0, 2) == "./") return false;
  for (char c : v)
    if (static_cast<unsigned char>(c) < 0x20 || c == '`' || c == '<' || c == '>' || c == '{' || c == '%') return false;
  // `$p$root` of rpcd points to an account; `$VARIABLE` to something else.
  if (holds(v, "$") && (hash_kind(v).empty() || hash_kind(v) == "unknown")) return false;
  if (std::all_of(v.begin(), v.end(), [&](char c) { return c == v[0]; }) && !is_alnum(v[0])) return false;  // ******
  const std::string low = lower(v);
  constexpr std::array<string_view, 26> kWords = {"none",    "null",     "true",     "false",   "yes",
                                                  "off",     "auto",     "prompt",   "ask",     "disabled",
                                                  "enabled", "optional", "required", "any",     "all",
                                                  "never",   "sha1",     "sha256",   "sha512",  "md5",
                                                  "plain",   "crypt",    "files",    "unknown", "default-password",
                                                  "xxx"};
  if (std::find(kWords.begin(), kWords.end(), low) != kWords.end()) return false;
  for (string_view part : {"your", "example", "xxxx", "placeholder", "insert"})
    if (holds(low, part)) return false;
  return true;
}

// The key without what stands around it: `option key` → key, `"password"` → password, wifi.password → password.
struct Pair {
  string_view key, value;
  std::size_t value_at = 0;  // in the line
  bool quoted(string_view line) const {
    return value_at > 0 && (line[value_at - 1] == '"' || line[value_at - 1] == '\'');
  }
};

string_view unquote(string_view v, std::size_t& at) {
  while (!v.empty() && is_space(v.front())) v.remove_prefix(1), ++at;
  while (!v.empty() && (is_space(v.back()) || v.back() == ',' || v.back() == ';')) v.remove_suffix(1);
  if (v.size() >= 2 && (v.front() == '"' || v.front() == '\'')) {
    const std::size_t close = v.find(v.front(), 1);
    if (close == string_view::npos) return {};
    ++at;
    return v.substr(1, close - 1);
  }
  // A comment behind an unquoted value.
  if (const std::size_t hash = v.find(" #"); hash != string_view::npos) v = trim(v.substr(0, hash));
  return v;
}

bool split_pair(string_view line, Pair& out) {
  std::size_t at = 0;
  while (at < line.size() && is_space(line[at])) ++at;
  if (at == line.size() || line[at] == '#' || line[at] == ';' || line[at] == '/' || line[at] == '[') return false;
  const string_view rest = line.substr(at);
  // UCI: option key 'value'
  for (string_view word : {"option ", "option\t"}) {
    if (!begins(rest, word)) continue;
    std::size_t from = word.size();
    while (from < rest.size() && is_space(rest[from])) ++from;
    std::size_t to = from;
    while (to < rest.size() && !is_space(rest[to])) ++to;
    out.key = rest.substr(from, to - from);
    while (!out.key.empty() && (out.key.front() == '\'' || out.key.front() == '"')) out.key.remove_prefix(1);
    while (!out.key.empty() && (out.key.back() == '\'' || out.key.back() == '"')) out.key.remove_suffix(1);
    out.value_at = at + to;
    out.value = unquote(rest.substr(to), out.value_at);
    return true;
  }
  const std::size_t sign = rest.find_first_of("=:");
  if (sign == string_view::npos || sign > 64) {
    // mosquitto and ddclient: `remote_password secret`
    const std::size_t gap = rest.find_first_of(" \t");
    if (gap == string_view::npos || rest.find_first_of(" \t", rest.find_first_not_of(" \t", gap)) != string_view::npos)
      return false;
    out.key = rest.substr(0, gap);
    out.value_at = at + gap;
    out.value = unquote(rest.substr(gap), out.value_at);
    return true;
  }
  out.key = trim(rest.substr(0, sign));
  while (!out.key.empty() && (out.key.front() == '"' || out.key.front() == '\'')) out.key.remove_prefix(1);
  while (!out.key.empty() && (out.key.back() == '"' || out.key.back() == '\'')) out.key.remove_suffix(1);
  out.value_at = at + sign + 1;
  out.value = unquote(rest.substr(sign + 1), out.value_at);
  return true;
}

// "password", "psk", "token" or "" by the key's last word.
string_view kind_of(string_view path, string_view key) {
  const std::string low = lower(key);
  if (low.empty() || low.size() > 64 || low.find(' ') != std::string::npos) return {};
  for (string_view no : {"file", "path", "min", "max", "len", "hash_type", "backend", "policy"})
    if (ends(low, no)) return {};
  if (low == "psk" || ends(low, "wpa_passphrase") || ends(low, "wpa_psk") || ends(low, "wpapsk") || ends(low, "_psk") ||
      low == "passphrase" || begins(low, "wep_key"))
    return "psk";
  if (low == "key" && ends(path, "etc/config/wireless")) return "psk";
  if (ends(low, "password") || ends(low, "passwd")) return "password";
  const auto last_word = [&](string_view word) {
    if (!ends(low, word)) return false;
    const std::size_t before = low.size() - word.size();
    return before == 0 || low[before - 1] == '_' || low[before - 1] == '-' || low[before - 1] == '.';
  };
  for (string_view word : {"pass", "pwd", "passphrase", "secret"})
    if (last_word(word)) return "password";
  for (string_view word : {"token", "api_key", "apikey", "auth_key", "access_key", "secret_key"})
    if (last_word(word)) return "token";
  return {};
}

string_view usage_of(string_view path, string_view kind) {
  const std::string low = lower(path);
  if (kind == "psk") return "wifi";
  for (string_view word : {"wpa_supplicant", "hostapd", "wireless", "wifi", "wlan"})
    if (holds(low, word)) return "wifi";
  for (string_view word : {"vpn", "ppp", "ipsec", "wireguard", "chap-secrets", "pap-secrets"})
    if (holds(low, word)) return "vpn";
  for (string_view word : {"httpd", "rpcd", "telnet", "ssh", "ftp", "onvif", "rtsp", "login", "users", "mosquitto"})
    if (holds(low, word)) return "login";
  return "unknown";
}

void general(string_view path, string_view line, std::uint64_t at, std::vector<ConfigSecret>& out) {
  Pair p;
  if (!split_pair(line, p)) return;
  const string_view kind = kind_of(path, p.key);
  if (kind.empty() || !is_constant_secret(p.value)) return;
  if (kind == "psk" && p.value.size() < 5) return;
  if (kind != "psk" && holds(p.value, " ") && !p.quoted(line)) return;  // `passwd: files nis`
  ConfigSecret s;
  s.kind = kind;
  s.usage = usage_of(path, kind);
  s.name = clean_utf8(p.key);
  s.algorithm = hash_kind(p.value).substr(0, 2) == "de"
                    ? ""
                    : std::string(hash_kind(p.value));  // 13 letters are more often a password
  s.at = at;
  s.value_at = at + p.value_at;
  s.value_size = p.value.size();
  s.default_pair = s.algorithm.empty() && !default_list({}, p.value).empty();
  out.push_back(std::move(s));
}

// USER:PASSWORD, where the password is a hash or not.
void user_line(string_view line, std::uint64_t at, std::size_t from, std::string usage,
               std::vector<ConfigSecret>& out) {
  const std::size_t colon = line.find(':', from);
  if (colon == string_view::npos || colon == from) return;
  const string_view user = line.substr(from, colon - from);
  std::string_view value = trim(line.substr(colon + 1));
  if (const std::size_t more = value.find(':'); more != string_view::npos && value[0] != '$')
    value = value.substr(value.rfind(':') + 1);  // htdigest: user:realm:hash
  if (value.empty() || user.size() > 64 || holds(user, " ") || holds(value, " ") || value.size() > 512) return;
  ConfigSecret s;
  s.kind = "password";
  s.usage = std::move(usage);
  s.name = clean_utf8(user);
  s.algorithm = begins(value, "$apr1$")  ? "apr1"
                : begins(value, "{SHA}") ? "sha1"
                : begins(value, "$7$")   ? "pbkdf2-sha512"
                                         : std::string(hash_kind(value));
  s.at = at;
  s.value_at = at + static_cast<std::size_t>(value.data() - line.data());
  s.value_size = value.size();
  s.default_pair = s.algorithm.empty() && !default_list(user, value).empty();
  out.push_back(std::move(s));
}

// chap-secrets: client server secret [addresses]
void chap_line(string_view line, std::uint64_t at, std::vector<ConfigSecret>& out) {
  const std::vector<string_view> w = words(line);
  if (w.size() < 3 || w[0][0] == '#') return;
  std::size_t value_at = static_cast<std::size_t>(w[2].data() - line.data());
  const string_view value = unquote(w[2], value_at);
  if (!is_constant_secret(value)) return;
  out.push_back({"password", "vpn", clean_utf8(w[0]), {}, at, at + value_at, value.size(), false});
}

// ipsec.secrets: … : PSK "secret"
void ipsec_line(string_view line, std::uint64_t at, std::vector<ConfigSecret>& out) {
  const std::size_t psk = line.find("PSK");
  if (psk == string_view::npos || trim(line).substr(0, 1) == "#") return;
  std::size_t value_at = psk + 3;
  const string_view value = unquote(line.substr(psk + 3), value_at);
  if (!is_constant_secret(value)) return;
  out.push_back({"psk", "vpn", "PSK", {}, at, at + value_at, value.size(), false});
}

}  // namespace

bool is_configuration(string_view path) {
  if (form_of(path) != Form::general) return true;
  const string_view name = base_name(path);
  if (name == "openssl.cnf") return false;  // the secret in it is the library's own example
  for (string_view end : {".conf", ".cfg", ".ini", ".config", ".cnf", ".properties"})
    if (ends(name, end)) return true;
  const bool in_etc = begins(path, "etc/") || holds(path, "/etc/");
  if (in_etc && (ends(name, ".json") || ends(name, ".yaml") || ends(name, ".yml") || ends(name, ".xml")))
    return !ends(name, ".xml");
  if (in_etc && (holds(path, "etc/config/") || holds(path, "etc/default/") || holds(path, "etc/sysconfig/")))
    return true;
  return (holds(name, "wpa_supplicant") || holds(name, "hostapd")) && !ends(name, ".sh");
}

std::vector<ConfigSecret> config_secrets(string_view path, string_view content) {
  std::vector<ConfigSecret> out;
  const Form form = form_of(path);
  each_line(content, [&](string_view line, std::size_t at) {
    if (line.empty() || line.size() > kMaxLine || out.size() >= kMaxSecrets) return;
    switch (form) {
      case Form::general:
        general(path, line, at, out);
        break;
      case Form::htpasswd:
        if (line[0] != '#') user_line(line, at, 0, "login", out);
        break;
      case Form::busybox_httpd:
        // BusyBox httpd: /path:user:password. Apache's file of the same name has no such lines.
        if (line[0] == '/' && std::count(line.begin(), line.end(), ':') == 2 && !holds(line, " "))
          user_line(line, at, line.find(':') + 1, "login", out);
        break;
      case Form::mosquitto:
        if (line[0] != '#') user_line(line, at, 0, "login", out);
        break;
      case Form::chap:
        chap_line(line, at, out);
        break;
      case Form::ipsec:
        ipsec_line(line, at, out);
        break;
    }
  });
  return out;
}

}  // namespace assay::inspect
