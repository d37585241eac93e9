// Packages by the databases that package managers leave in a tree: opkg, dpkg and apk. The formats: stanzas of "Field:
// value", with continuation lines (Debian policy 5.1); apk's own one-letter fields ("P:name",
// wiki.alpinelinux.org/wiki/Apk_spec).
#include <set>

#include "base/text.h"
#include "inspect/detector.h"

namespace assay::inspect {
namespace {

using std::string;
using std::string_view;

constexpr string_view kTables[] = {"component"};
constexpr std::size_t kMostPackages = 50'000;

struct Package {
  string_view name, version, architecture, status, supplier;
  std::uint64_t at = 0;  // of the line with its name
  std::uint64_t size = 0;
};

// Percent-encoding as the package URL specification has it: all but letters, digits and "-._~" and, here, ":" in
// versions is escaped.
string encoded(string_view text) {
  constexpr string_view kHex = "0123456789ABCDEF";
  string out;
  for (const char c : text) {
    if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

std::vector<Package> read_control(string_view text) {
  std::vector<Package> out;
  Package now;
  const auto finish = [&] {
    if (!now.name.empty()) out.push_back(now);
    now = {};
  };
  each_line(text, [&](string_view line, std::size_t at) {
    if (out.size() >= kMostPackages) return;
    if (trim(line).empty()) return finish();
    if (line[0] == ' ' || line[0] == '\t') return;
    const std::size_t colon = line.find(':');
    if (colon == string_view::npos) return;
    const string_view field = line.substr(0, colon), value = trim(line.substr(colon + 1));
    if (field == "Package") {
      if (!now.name.empty()) finish();  // some writers forget the empty line
      now.name = value;
      now.at = at;
      now.size = line.size();
    } else if (field == "Version") {
      now.version = value;
    } else if (field == "Architecture") {
      now.architecture = value;
    } else if (field == "Status") {
      now.status = value;
    } else if (field == "Maintainer") {
      now.supplier = value;
    }
  });
  finish();
  return out;
}

std::vector<Package> read_apk(string_view text) {
  std::vector<Package> out;
  Package now;
  const auto finish = [&] {
    if (!now.name.empty()) out.push_back(now);
    now = {};
  };
  each_line(text, [&](string_view line, std::size_t at) {
    if (out.size() >= kMostPackages) return;
    if (line.empty()) return finish();
    if (line.size() < 2 || line[1] != ':') return;
    const string_view value = line.substr(2);
    switch (line[0]) {
      case 'P':
        now.name = value;
        now.at = at;
        now.size = line.size();
        break;
      case 'V':
        now.version = value;
        break;
      case 'A':
        now.architecture = value;
        break;
      case 'm':
        now.supplier = value;
        break;
      default:
        break;
    }
  });
  finish();
  return out;
}

// "debian" from ID=debian; the distribution a package comes from.
string distribution(const Tree& tree, string_view otherwise) {
  for (const string_view path : {"etc/os-release", "usr/lib/os-release"}) {
    const TreeFile* file = tree.resolve(path);
    if (!file || !file->kept) continue;
    string id;
    each_line(file->content, [&](string_view line, std::size_t) {
      if (line.starts_with("ID=") && id.empty())
        for (const char c : line.substr(3))
          if (is_alnum(c) || c == '-' || c == '.' || c == '_') id += c;
    });
    if (!id.empty()) return lower(id);
  }
  return string(otherwise);
}

void report(const Tree& tree, const string& path, const TreeFile& file, const Package& p, string_view type,
            const string& from, Facts& out) {
  string_view status = p.status;
  if (!status.empty()) status = status.substr(status.rfind(' ') == string_view::npos ? 0 : status.rfind(' ') + 1);
  // What was taken off again is no part of the product; its row in the database only keeps configuration files.
  if (status == "not-installed" || status == "config-files") return;
  string purl = "pkg:" + string(type) + "/" + (from.empty() ? "" : encoded(from) + "/") + encoded(lower(p.name));
  if (!p.version.empty()) purl += "@" + encoded(p.version);
  if (!p.architecture.empty()) purl += "?arch=" + encoded(p.architecture);
  Fact& fact = out.add("component", tree.place_of(path))
                   .set("name", clean_utf8(p.name))
                   .set("purl", purl)
                   .set("method", "package-db")
                   .set("status", clean_utf8(status.empty() ? "installed" : status));
  if (!p.version.empty()) fact.set("version", clean_utf8(p.version));
  if (!p.architecture.empty()) fact.set("architecture", clean_utf8(p.architecture));
  if (!p.supplier.empty()) fact.set("supplier", clean_utf8(p.supplier));
  fact.at = p.at;
  fact.excerpt = make_excerpt(as_bytes(file.content), p.at, p.size, "the package database lists " + clean_utf8(p.name));
}

// A database that the tree did not keep cannot be read; saying nothing would look like an empty one.
bool readable(const Tree& tree, const string& path, const TreeFile& file, Facts& out) {
  if (file.entry.type != EntryType::file) return false;
  if (!file.kept && file.entry.size > 0)
    out.not_examined(tree.place_of(path), "component", "the package database is too large to keep");
  return file.kept;
}

void tree(const Tree& t, Facts& out) {
  for (const auto& [path, file] : t.files) {
    const bool ipkg = path.ends_with("lib/opkg/status") || path.ends_with("lib/ipkg/status");
    const bool dpkg = path.ends_with("var/lib/dpkg/status");
    if (ipkg || dpkg) {
      if (!readable(t, path, file, out)) continue;
      const string from = dpkg ? distribution(t, "debian") : "";
      std::set<string> known;
      for (const Package& p : read_control(file.content)) {
        known.insert(string(p.name));
        report(t, path, file, p, ipkg ? "opkg" : "deb", from, out);
      }
      if (!ipkg) continue;
      // opkg keeps each package's description beside it; one without a row in the database was put in by hand.
      const string info = path.substr(0, path.size() - 6) + "info";
      for (const TreeFile* control : t.below(info)) {
        if (!control->entry.path.ends_with(".control") || !readable(t, control->entry.path, *control, out)) continue;
        for (const Package& p : read_control(control->content))
          if (!known.contains(string(p.name))) report(t, control->entry.path, *control, p, "opkg", from, out);
      }
    } else if (path.find("var/lib/dpkg/status.d/") != string::npos && !path.ends_with(".md5sums")) {
      if (!readable(t, path, file, out)) continue;
      for (const Package& p : read_control(file.content))
        report(t, path, file, p, "deb", distribution(t, "debian"), out);
    } else if (path.ends_with("lib/apk/db/installed")) {
      if (!readable(t, path, file, out)) continue;
      const string from = distribution(t, "alpine");
      for (const Package& p : read_apk(file.content)) report(t, path, file, p, "apk", from, out);
    }
  }
}

}  // namespace

extern constinit const Detector packages{
    .name = "packages",
    .version = 1,
    .title = "packages in the databases of opkg, dpkg and apk",
    .tables = kTables,
    .tree = tree,
};

}  // namespace assay::inspect
