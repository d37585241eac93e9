// What a file is by its first bytes, which files a tree keeps, and finding one's way in a tree.
#include <array>
#include <optional>

#include "base/text.h"
#include "inspect/detector.h"

namespace assay::inspect {
namespace {

using std::string_view;

constexpr std::uint64_t kKeepFile = std::uint64_t{1} << 20;
constexpr std::uint64_t kKeepPackageList = std::uint64_t{16} << 20;
constexpr int kLinks = 16;

bool ends_with(string_view text, string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}
bool begins(string_view text, string_view start) { return text.substr(0, start.size()) == start; }

bool any_end(string_view path, std::initializer_list<string_view> ends) {
  for (string_view end : ends)
    if (ends_with(path, end)) return true;
  return false;
}

bool is_archive(Bytes c) {
  constexpr string_view kMagics[] = {
      string_view("\x1f\x8b\x08", 3),
      string_view("\xfd"
                  "7zXZ\0",
                  6),
      "PK\x03\x04", "!<arch>\n", "BZh", string_view("\x28\xb5\x2f\xfd", 4), string_view("\x04\x22\x4d\x18", 4),
      "070701", "070702", "070707", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07", "MSCF",
      // Images of file systems and of firmware hold files too.
      string_view("\x27\x05\x19\x56", 4), "hsqs", "sqsh", "UBI#", "HDR0", string_view("\xd0\x0d\xfe\xed", 4),
      string_view("\x45\x3d\xcd\x28", 4), "-rom1fs-"};
  for (string_view magic : kMagics)
    if (starts_with(c, magic)) return true;
  return as_text(clip(c, 257, 5)) == "ustar";
}

bool is_picture(Bytes c) {
  if (starts_with(c, "\x89PNG\r\n") || starts_with(c, "\xff\xd8\xff") || starts_with(c, "GIF87a") ||
      starts_with(c, "GIF89a"))
    return true;
  if (starts_with(c, "RIFF") && as_text(clip(c, 8, 4)) == "WEBP") return true;
  return starts_with(c, string_view("\0\0\1\0", 4)) && c.size() > 22 && c[5] == 0;  // .ico
}

// A DER SEQUENCE that is as long as the file.
bool is_whole_der(Bytes c) {
  if (c.size() < 16 || c[0] != 0x30) return false;
  if (c[1] < 0x80) return std::uint64_t{c[1]} + 2 == c.size();
  const unsigned octets = c[1] & 0x7fu;
  if (octets == 0 || octets > 4) return false;
  std::uint64_t length = 0;
  for (unsigned i = 0; i < octets; ++i) length = length << 8 | c[2 + i];
  return length + 2 + octets == c.size();
}

// The wire form of RFC 4253 section 6.6 that dropbear stores: length, "ssh-…" or "ecdsa-sha2-…".
bool is_dropbear_key(Bytes c) {
  if (c.size() < 40 || c[0] != 0 || c[1] != 0 || c[2] != 0 || c[3] < 7 || c[3] > 32) return false;
  const string_view type = as_text(clip(c, 4, c[3]));
  return begins(type, "ssh-") || begins(type, "ecdsa-sha2-");
}

bool is_text(Bytes c) {
  const Bytes head = clip(c, 0, 4096);
  std::size_t odd = 0;
  for (std::uint8_t b : head) {
    if (b == 0) return false;
    if ((b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 0x1b) || b == 0x7f) ++odd;
  }
  return odd * 50 <= head.size();
}

// A directory of configuration on the way to the file: etc, etc_ro, etc.default, rom/etc …
bool in_etc(string_view path) {
  const std::vector<string_view> parts = split(path, '/');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i)
    if (parts[i] == "etc" || begins(parts[i], "etc_") || begins(parts[i], "etc.") || parts[i] == "etcro" ||
        parts[i] == "sysconfig")
      return true;
  return false;
}

bool is_package_list(string_view path) {
  return any_end(path, {"lib/opkg/status", "lib/dpkg/status", "lib/apk/db/installed", "lib/ipkg/status"}) ||
         path.find("lib/opkg/info/") != string_view::npos || path.find("lib/dpkg/status.d/") != string_view::npos;
}

}  // namespace

string_view name(FileKind kind) {
  constexpr std::array<string_view, 9> kNames = {"empty", "elf",     "script", "text", "certificate",
                                                 "key",   "archive", "image",  "data"};
  return kNames[static_cast<std::size_t>(kind)];
}

FileKind file_kind(string_view path, Bytes content) {
  if (content.empty()) return FileKind::empty;
  if (starts_with(content,
                  "\x7f"
                  "ELF"))
    return FileKind::elf;
  if (starts_with(content, "#!")) return FileKind::script;
  if (is_dropbear_key(content)) return FileKind::key;
  if (is_archive(content)) return FileKind::archive;
  if (is_picture(content)) return FileKind::image;
  const string_view head = as_text(clip(content, 0, 4096));
  if (begins(head, "untrusted comment:") || begins(head, "ssh-rsa ") || begins(head, "ssh-ed25519 ") ||
      begins(head, "ssh-dss ") || begins(head, "ecdsa-sha2-"))
    return FileKind::key;
  // The first PEM block names the kind; comments and `openssl x509 -text` output may stand before it.
  if (const std::size_t pem = head.find("-----BEGIN ");
      pem != string_view::npos && (pem == 0 || head[pem - 1] == '\n')) {
    const string_view label = head.substr(pem + 11, 40).substr(0, head.substr(pem + 11, 40).find("-----"));
    if (ends_with(label, "CERTIFICATE")) return FileKind::certificate;
    if (label.find("KEY") != string_view::npos) return FileKind::key;
  }
  if (is_whole_der(content)) {
    if (any_end(path, {".key"})) return FileKind::key;
    // SEQUENCE { SEQUENCE …: a certificate; a private key goes on with INTEGER.
    const std::size_t first = content[1] < 0x80 ? 2 : 2 + (content[1] & 0x7fu);
    if (content[first] == 0x30) return FileKind::certificate;
    if (content[first] == 0x02) return FileKind::key;
  }
  return is_text(content) ? FileKind::text : FileKind::data;
}

bool wanted(string_view path, FileKind kind) {
  if (is_package_list(path)) return true;
  switch (kind) {
    case FileKind::script:
    case FileKind::certificate:
    case FileKind::key:
      return true;
    case FileKind::empty:
    case FileKind::elf:
    case FileKind::archive:
    case FileKind::image:
      return false;
    case FileKind::data:
      return in_etc(path) || any_end(path, {".key", ".der", ".pem", ".crt", ".cer"});
    case FileKind::text:
      break;
  }
  if (in_etc(path)) return true;
  if (any_end(path, {".conf", ".cfg", ".ini", ".sh", ".service", ".socket", ".timer", ".key", ".pem", ".htpasswd",
                     "authorized_keys", "passwd", "shadow"}))
    return true;
  // Pages, documents and translations are the long part of most trees and configure nothing.
  return !begins(path, "www/") && !begins(path, "usr/share/") && path.find("/www/") == string_view::npos &&
         path.find("/share/doc/") == string_view::npos && path.find("/share/locale/") == string_view::npos &&
         !any_end(path, {".html", ".htm", ".js", ".css", ".svg", ".lua", ".py", ".h", ".md"});
}

bool keep(string_view path, FileKind kind, Bytes content) {
  // Kernel modules say for which kernel they were built; a small one tells as much as a large one.
  if (kind == FileKind::elf && ends_with(path, ".ko")) return content.size() <= 16u << 10;
  return content.size() <= (is_package_list(path) ? kKeepPackageList : kKeepFile) && wanted(path, kind);
}

const TreeFile* Tree::find(string_view path) const {
  const auto found = files.find(path);
  return found == files.end() ? nullptr : &found->second;
}

const TreeFile* Tree::resolve(string_view path, std::string* where) const {
  std::vector<std::string> todo;  // parts still to walk, last first
  const auto push = [&todo](string_view text) {
    const std::vector<string_view> parts = split(text, '/');
    for (auto part = parts.rbegin(); part != parts.rend(); ++part)
      if (!part->empty() && *part != ".") todo.emplace_back(*part);
  };
  push(path);
  std::string at;
  for (int links = 0; !todo.empty();) {
    const std::string part = std::move(todo.back());
    todo.pop_back();
    if (part == "..") {
      const std::size_t slash = at.rfind('/');
      at.resize(slash == std::string::npos ? 0 : slash);
      continue;
    }
    const std::string next = at.empty() ? part : at + "/" + part;
    const TreeFile* file = find(next);
    if (file && (file->entry.type == EntryType::symlink || file->entry.type == EntryType::hardlink)) {
      if (++links > kLinks) return nullptr;
      // A hard link names its target from the root; an absolute symbolic link starts there too.
      if (file->entry.type == EntryType::hardlink || begins(file->entry.target, "/")) at.clear();
      if (file->entry.type == EntryType::hardlink && file->entry.target == next) return nullptr;
      push(file->entry.target);
      if (todo.size() > 4096) return nullptr;
      continue;
    }
    at = next;
  }
  const TreeFile* file = find(at);
  if (file && where) *where = at;
  return file;
}

std::vector<const TreeFile*> Tree::below(string_view directory) const {
  std::vector<const TreeFile*> out;
  const std::string prefix = directory.empty() ? std::string() : std::string(directory) + "/";
  for (auto at = files.lower_bound(prefix); at != files.end() && begins(at->first, prefix); ++at)
    out.push_back(&at->second);
  return out;
}

}  // namespace assay::inspect
