// The update chain as far as the image shows it: package feeds and whether their lists are signed, scripts that fetch
// something and flash or run it, whether anything checks a signature on the way, and the update agents that are
// installed.
//
// `present` says whether the thing itself is there: of kind signature, whether a signature is checked. A download over
// TLS whose certificate is not checked is nobody's https: its scheme is `unknown`, and the detail says why.
#include <algorithm>

#include "base/text.h"
#include "inspect/detector.h"
#include "inspect/shell.h"
#include "inspect/startup.h"

namespace assay::inspect {
namespace {

using std::string;
using std::string_view;
using Words = std::vector<string>;

constexpr string_view kTables[] = {"update"};
constexpr std::size_t kMost = 500;  // rows of one tree

string_view scheme_of(string_view url) {
  for (const string_view known : {"https", "http", "ftp", "file"})
    if (url.substr(0, known.size()) == known && url.substr(known.size(), 3) == "://") return known;
  return "unknown";
}

struct Place {
  const TreeFile* file = nullptr;
  std::uint64_t at = 0, size = 0;
};

class Updates {
 public:
  Updates(const Tree& tree, Facts& out) : tree_(tree), out_(out) {}

  void run() {
    opkg();
    apk();
    apt();
    sysupgrade();
    agents();
    for (const auto& [path, file] : tree_.files)
      if (file.entry.type == EntryType::file && file.kept && (file.kind == FileKind::script || path.ends_with(".sh")))
        script(path, file);
  }

 private:
  Fact& add(const Place& where, string_view kind, string_view present, string detail, string_view url = {},
            string_view scheme = {}) {
    static thread_local Fact spare;
    if (++count_ > kMost) return spare = {};
    Fact& fact = out_.add("update", tree_.place_of(where.file->entry.path)).set("kind", kind).set("present", present);
    if (!url.empty()) fact.set("url", clean_utf8(url));
    if (!scheme.empty()) fact.set("scheme", scheme);
    fact.at = where.at;
    if (where.file->kept && where.size > 0)
      fact.excerpt = make_excerpt(as_bytes(where.file->content), where.at, where.size, clean_utf8(detail));
    fact.set("detail", clean_utf8(detail));
    return fact;
  }

  const TreeFile* text(string_view path) const {
    const TreeFile* file = tree_.resolve(path);
    return file && file->kept ? file : nullptr;
  }

  void opkg() {
    std::vector<const TreeFile*> files;
    if (const TreeFile* f = text("etc/opkg.conf")) files.push_back(f);
    for (const TreeFile* f : tree_.below("etc/opkg"))
      if (f->kept && f->entry.path.ends_with(".conf")) files.push_back(f);
    if (files.empty()) return;
    bool said = false;
    for (const TreeFile* f : files)
      each_line(f->content, [&](string_view line, std::size_t at) {
        const std::vector<string_view> w = words(line.substr(0, line.find('#')));
        const Place here{f, at, line.size()};
        if (w.size() >= 2 && w[0] == "option" && w[1] == "check_signature") {
          said = true;
          const bool off = w.size() > 2 && (w[2] == "0" || w[2] == "no");
          add(here, "signature", off ? "no" : "yes",
              off ? "opkg is told not to check the signatures of package lists"
                  : "opkg checks the signatures of package lists");
        }
        if (w.size() >= 3 && (w[0] == "src/gz" || w[0] == "src"))
          add(here, "feed", "yes", "opkg feed " + string(w[1]), w[2], scheme_of(w[2]));
      });
    // libopkg leaves the check out unless it is told to (conf.c, check_signature).
    if (!said)
      add({files.front(), 0, 0}, "signature", "no", "opkg is not told to check the signatures of package lists");
    add({files.front(), 0, 0}, "mechanism", "yes", "opkg installs packages from feeds");
  }

  void apk() {
    const TreeFile* repositories = text("etc/apk/repositories");
    if (!repositories) return;
    each_line(repositories->content, [&](string_view line, std::size_t at) {
      string_view l = trim(line.substr(0, line.find('#')));
      if (l.starts_with("@") && l.find(' ') != string_view::npos) l = trim(l.substr(l.find(' ')));
      if (l.find("://") != string_view::npos)
        add({repositories, at, line.size()}, "feed", "yes", "apk repository", l, scheme_of(l));
    });
    const std::size_t keys = tree_.below("etc/apk/keys").size();
    add({repositories, 0, 0}, "signature", keys > 0 ? "yes" : "unknown",
        "apk checks its indexes against " + std::to_string(keys) + " keys in /etc/apk/keys");
    add({repositories, 0, 0}, "mechanism", "yes", "apk installs packages from repositories");
  }

  void apt() {
    std::vector<const TreeFile*> files;
    if (const TreeFile* f = text("etc/apt/sources.list")) files.push_back(f);
    for (const TreeFile* f : tree_.below("etc/apt/sources.list.d"))
      if (f->kept) files.push_back(f);
    const TreeFile* first = nullptr;
    bool trusted = false;
    for (const TreeFile* f : files)
      each_line(f->content, [&](string_view line, std::size_t at) {
        const string_view l = trim(line.substr(0, line.find('#')));
        const Place here{f, at, line.size()};
        if (!l.starts_with("deb ") && !l.starts_with("URIs:")) return;
        for (const string_view w : words(l))
          if (w.find("://") != string_view::npos) {
            add(here, "feed", "yes", "apt source", w, scheme_of(w));
            if (!first) first = f;
          }
        if (l.find("trusted=yes") != string_view::npos) {
          trusted = true;
          add(here, "signature", "no", "apt is told to trust this source without a signature");
        }
      });
    if (!first) return;
    for (const TreeFile* f : tree_.below("etc/apt"))
      if (const std::size_t at = f->kept ? f->content.find("AllowUnauthenticated \"") : string::npos;
          at != string::npos) {
        trusted = true;
        add({f, at, 20}, "signature", "no", "apt is told to install packages without a signature");
      }
    if (!trusted) add({first, 0, 0}, "signature", "yes", "apt checks the signatures of its sources");
    add({first, 0, 0}, "mechanism", "yes", "apt installs packages from sources");
  }

  static bool verifies(const Command& c) {
    if (c.words.empty()) return false;
    std::size_t first = c.words[0] == "busybox" && c.words.size() > 1 ? 1 : 0;
    const string_view name = base_name(c.words[first]);
    const auto has = [&c](string_view option) {
      return std::find(c.words.begin(), c.words.end(), option) != c.words.end();
    };
    if (name == "openssl") return has("-verify") || has("-pubverify") || (has("verify") && has("cms"));
    if (name == "usign" || name == "signify" || name == "ucert" || name == "minisign")
      return std::any_of(c.words.begin() + 1, c.words.end(), [](const string& w) {
        return w.size() > 1 && w[0] == '-' && w[1] != '-' && w.find('V') != string::npos;
      });
    if (name == "gpg" || name == "gpg2") return has("--verify");
    if (name == "gpgv" || name == "gpgv2") return true;
    if (name == "cosign") return has("verify") || has("verify-blob");
    return false;
  }

  // OpenWrt's sysupgrade: a script, its library, and perhaps a check of the image's signature (fwtool and ucert), which
  // only binds where REQUIRE_IMAGE_SIGNATURE is set.
  void sysupgrade() {
    const TreeFile* main = text("sbin/sysupgrade");
    if (!main) return;
    add({main, 0, 0}, "mechanism", "yes", "sysupgrade writes a whole image");
    std::vector<const TreeFile*> files{main};
    for (const TreeFile* f : tree_.below("lib/upgrade"))
      if (f->kept) files.push_back(f);
    if (const TreeFile* f = text("usr/libexec/validate_firmware_image")) files.push_back(f);
    const bool required = std::any_of(files.begin(), files.end(), [](const TreeFile* f) {
      return f->content.find("\nREQUIRE_IMAGE_SIGNATURE=1") != string::npos;
    });
    for (const TreeFile* f : files)
      for (const Command& c : read_shell(f->content))
        if (verifies(c)) {
          const bool optional = f->content.find("REQUIRE_IMAGE_SIGNATURE") != string::npos && !required;
          add({f, c.at, c.size}, "signature", optional ? "no" : "yes",
              optional ? "sysupgrade checks a signature of the image (line " + std::to_string(c.line) +
                             "), but takes images without one"
                       : "sysupgrade checks the signature of the image, line " + std::to_string(c.line));
          return;
        }
    add({main, 0, 0}, "signature", "no", "neither sysupgrade nor its library checks a signature of the image");
  }

  void agents() {
    const auto installed = [this](std::initializer_list<string_view> names) -> const TreeFile* {
      for (const string_view name : names)
        if (const string path = find_program(tree_, name); !path.empty()) return tree_.find(path);
      return nullptr;
    };
    if (const TreeFile* f = installed({"rauc"})) {
      add({f, 0, 0}, "mechanism", "yes", "RAUC installs bundles");
      // RAUC takes no bundle whose signature it cannot check against its keyring.
      const TreeFile* config = text("etc/rauc/system.conf");
      const std::size_t at = config ? config->content.find("[keyring]") : string::npos;
      if (at != string::npos)
        add({config, at, 9}, "signature", "yes", "RAUC checks bundles against its keyring");
      else
        add({f, 0, 0}, "signature", "unknown", "RAUC is installed, its keyring was not found");
    }
    if (const TreeFile* f = installed({"swupdate"})) {
      add({f, 0, 0}, "mechanism", "yes", "SWUpdate installs images");
      const TreeFile* config = text("etc/swupdate.cfg");
      const std::size_t at = config ? config->content.find("public-key-file") : string::npos;
      if (at != string::npos)
        add({config, at, 15}, "signature", "yes", "SWUpdate is given a public key");
      else
        add({f, 0, 0}, "signature", "unknown", "SWUpdate is installed; no public key was found in its configuration");
    }
    if (const TreeFile* f = installed({"mender", "mender-client", "mender-update"})) {
      add({f, 0, 0}, "mechanism", "yes", "Mender installs artefacts");
      if (const TreeFile* config = text("etc/mender/mender.conf")) {
        const std::size_t key = config->content.find("ArtifactVerifyKey");
        if (key != string::npos)
          add({config, key, 17}, "signature", "yes", "Mender is given a key to check artefacts with");
        else
          add({config, 0, 0}, "signature", "no", "Mender is given no key to check artefacts with");
        if (const std::size_t url = config->content.find("\"ServerURL\""); url != string::npos) {
          const std::size_t from = config->content.find("\"", config->content.find(':', url)),
                            to = config->content.find("\"", from + 1);
          if (from != string::npos && to != string::npos && to - from < 2048) {
            const string server = config->content.substr(from + 1, to - from - 1);
            add({config, url, to - url}, "transport", "yes", "Mender's server", server, scheme_of(server));
          }
        }
      }
    }
  }

  struct Download {
    std::size_t command = 0;
    string tool, url, file;
    bool unchecked = false;  // TLS without looking at the certificate
    bool stdout_ = false;
  };

  static std::optional<Download> download(const Command& c) {
    Words w = c.words;
    if (!w.empty() && base_name(w[0]) == "busybox") w.erase(w.begin());
    if (w.size() < 2) return std::nullopt;
    Download d;
    d.tool = string(base_name(w[0]));
    const bool wget = d.tool == "wget" || d.tool == "uclient-fetch" || d.tool == "fetch", curl = d.tool == "curl",
               tftp = d.tool == "tftp" || d.tool == "ftpget";
    if (!wget && !curl && !tftp) return std::nullopt;
    std::vector<string> plain;
    for (std::size_t i = 1; i < w.size(); ++i) {
      const string& o = w[i];
      if (o == "--no-check-certificate" || o == "--insecure") d.unchecked = true;
      if (curl && o.size() > 1 && o[0] == '-' && o[1] != '-' && o.find('k') != string::npos &&
          o.find_first_of("oHdXuATeEFbcm") == string::npos)
        d.unchecked = true;
      const bool output =
          wget
              ? o == "-O" || o == "--output-document" || (o.size() > 2 && o[0] == '-' && o[1] != '-' && o.back() == 'O')
          : curl ? o == "-o" || o == "--output" || (o.size() > 2 && o[0] == '-' && o[1] != '-' && o.back() == 'o')
                 : o == "-l";
      if (output && i + 1 < w.size()) {
        d.file = w[++i];
      } else if (wget && o.starts_with("-O") && o.size() > 2) {
        d.file = o.substr(2);
      } else if (wget && o.starts_with("--output-document=")) {
        d.file = o.substr(18);
      } else if (o == "--cacert" || o == "--ca-certificate" || o == "-H" || o == "-T" || o == "-r" || o == "-P" ||
                 o == "-u" || o == "-X" || o == "-d" || o == "-m" || o == "-U") {
        if (tftp && o == "-r" && i + 1 < w.size()) plain.push_back(w[i + 1]);
        ++i;
      } else if (!o.starts_with("-")) {
        plain.push_back(o);
      }
    }
    for (const string& p : plain)
      if (d.url.empty() && (p.find("://") != string::npos || (p.starts_with("$") && !tftp))) d.url = p;
    if (d.url.empty() && !plain.empty() && !tftp) d.url = plain.back();
    if (tftp) d.url = "tftp://" + join(plain, "/");
    if (d.url.empty() || d.url == "tftp://") return std::nullopt;
    // wget and curl take http where nothing is said.
    if (!tftp && d.url.find("://") == string::npos && !d.url.starts_with("$")) d.url = "http://" + d.url;
    d.stdout_ = d.file == "-" || d.file == "/dev/stdout" || (curl && d.file.empty());
    if (d.file.empty() && wget) d.file = string(base_name(d.url));
    if (d.stdout_) d.file.clear();
    return d;
  }

  // What a command does to the device with `file`: "writes it to flash", or empty. Without a file: any writing of
  // flash.
  static string_view applies(const Command& c, const string& file) {
    Words w = c.words;
    if (w.empty()) return {};
    if (base_name(w[0]) == "busybox" && w.size() > 1) w.erase(w.begin());
    const string_view name = base_name(w[0]);
    const auto names = [&w](string_view what) {
      return std::any_of(w.begin(), w.end(), [what](const string& x) { return x.find(what) != string::npos; });
    };
    // The word is the file, or an option's value is: of=/tmp/f. "/tmp/f.sig" is another file.
    const bool it = !file.empty() && std::any_of(w.begin(), w.end(), [&file](const string& x) {
      return x == file || (x.size() > file.size() && x.ends_with(file) && x[x.size() - file.size() - 1] == '=');
    });
    const bool flash = names("of=/dev/mtd") || names("of=/dev/mmcblk") || names("of=/dev/ubi");
    if (name == "sysupgrade" || name == "flashcp" || name == "nandwrite" || name == "ubiupdatevol" ||
        name == "fwupdate" || name == "fw_update" || name == "fwup" || name == "mtd_write" ||
        name == "firmwareupgrade" || (name == "mtd" && (names("write") || names("-r"))) || (name == "dd" && flash))
      return it || file.empty() ? "writes it to flash" : string_view();
    if (!it) return {};
    if ((name == "sh" || name == "ash" || name == "bash" || name == "." || name == "source" || name == "exec" ||
         name == "eval"))
      return "runs it";
    if (name == base_name(file) && w[0].find(file) != string::npos) return "runs it";
    if (name == "chmod" &&
        (names("+x") || names("a+x") || (w.size() > 1 && w[1].find_first_of("1357") != string::npos)))
      return "makes it executable";
    if ((name == "opkg" || name == "dpkg" || name == "apk" || name == "rpm" || name == "ipkg") &&
        (names("install") || names("add") || names("-i")))
      return "installs it";
    if (name == "tar" && (has_pair(w, "-C", "/") || names("-C/"))) return "unpacks it over the system";
    if (name == "swupdate" || name == "rauc") return "hands it to an update agent";
    return {};
  }
  static bool has_pair(const Words& w, string_view a, string_view b) {
    for (std::size_t i = 0; i + 1 < w.size(); ++i)
      if (w[i] == a && w[i + 1] == b) return true;
    return false;
  }

  static bool speaks_of_updates(string_view text) {
    const string t = lower(text);
    for (const string_view word :
         {"update", "upgrade", "firmware", "sysupgrade", "fwimage", "ota_", "-ota", "/ota", "_ota"})
      if (t.find(word) != string::npos) return true;
    return false;
  }

  void script(const string& path, const TreeFile& file) {
    // sysupgrade's own parts were read above; libraries of functions say nothing by themselves.
    if (path == "sbin/sysupgrade" || path.starts_with("lib/upgrade/") || path.starts_with("lib/functions/") ||
        path.starts_with("lib/preinit/"))
      return;
    const std::vector<Command> all = read_shell(file.content);
    const auto line = [](const Command& c) { return "line " + std::to_string(c.line); };
    const auto place = [&file](const Command& c) { return Place{&file, c.at, c.size}; };
    const Command* check = nullptr;
    const Command* checksum = nullptr;
    for (const Command& c : all) {
      if (!check && verifies(c)) check = &c;
      for (const Words* list : {&c.words, &c.assigned})
        for (const string& w : *list)
          if (!checksum && (w.find("md5sum") != string::npos || w.find("sha1sum") != string::npos ||
                            w.find("sha256sum") != string::npos || w.find("sha512sum") != string::npos))
            checksum = &c;
    }
    const Command* applied = nullptr;
    string doing;
    bool downloads = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto found = download(all[i]);
      if (!found) continue;
      const Download& d = *found;
      downloads = true;
      const string_view scheme =
          d.unchecked && scheme_of(d.url) != "http" && scheme_of(d.url) != "ftp" ? "unknown" : scheme_of(d.url);
      string_view done;
      std::size_t by = i;
      if (i + 1 < all.size() && all[i + 1].piped && !all[i + 1].words.empty()) {
        // wget -O - URL | sh, and the same through a decompressor
        for (std::size_t j = i + 1; j < all.size() && all[j].piped && done.empty(); ++j) {
          const string_view next = all[j].words.empty() ? string_view() : base_name(all[j].words[0]);
          by = j;
          if (next == "sh" || next == "ash" || next == "bash")
            done = "runs it";
          else
            done = applies(all[j], {});
          if (done.empty() && next == "tar" && has_pair(all[j].words, "-C", "/")) done = "unpacks it over the system";
        }
      }
      if (done.empty() && !d.file.empty())
        for (std::size_t j = i + 1; j < all.size() && j < i + 60 && done.empty(); ++j) {
          by = j;
          done = applies(all[j], d.file);
        }
      const bool related =
          !done.empty() || speaks_of_updates(base_name(path)) || speaks_of_updates(d.url) || speaks_of_updates(d.file);
      if (!related) continue;
      string how =
          d.tool + " over " +
          (scheme == "unknown" ? (d.unchecked ? "TLS without checking the certificate" : "a scheme that does not show")
                               : string(scheme));
      if (d.url.starts_with("tftp://")) how = d.tool + " over tftp, which nothing protects";
      if (!done.empty()) {
        add(place(all[i]), "mechanism", "yes",
            "/" + path + " downloads " + (d.file.empty() ? "something" : d.file) + " (" + line(all[i]) + ") and " +
                string(done) + " (" + line(all[by]) + ")",
            d.url, scheme);
        if (!applied) {
          applied = &all[by];
          doing = replace_all(replace_all(string(done), "writes it to", "writes to"), " it", " what it downloads");
        }
      }
      add(place(all[i]), "transport", "yes", how + ", " + line(all[i]) + " of /" + path, d.url, scheme);
    }
    if (!applied) {
      // An image that was uploaded, or came by another way.
      if (!downloads && !speaks_of_updates(path) && !speaks_of_updates(string_view(file.content).substr(0, 65536)))
        return;
      for (const Command& c : all)
        if (const string_view done = applies(c, {}); !done.empty()) {
          applied = &c;
          add(place(c), "mechanism", "yes", "/" + path + " writes to flash (" + line(c) + ")");
          break;
        }
      if (!applied) return;
      doing = "writes to flash";
    }
    if (check && check->at < applied->at) {
      add(place(*check), "signature", "yes",
          "/" + path + " checks a signature (" + line(*check) + ") before it " + doing);
    } else {
      add(place(*applied), "signature", "no",
          "/" + path + " " + doing + " (" + line(*applied) + ") and " +
              (checksum ? "only compares a checksum (" + line(*checksum) + ")"
               : check  ? "checks a signature only afterwards (" + line(*check) + ")"
                        : "checks no signature"))
          .confidence = "medium";
    }
  }

  const Tree& tree_;
  Facts& out_;
  std::size_t count_ = 0;
};

void tree(const Tree& t, Facts& out) { Updates(t, out).run(); }

}  // namespace

extern constinit const Detector updates{
    .name = "updates",
    .version = 1,
    .title = "how updates come: feeds, downloads that are flashed or run, signature checks, update agents",
    .tables = kTables,
    .tree = tree,
};

}  // namespace assay::inspect
