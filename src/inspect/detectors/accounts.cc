// Accounts: passwd and shadow wherever a tree has them, in whole roots, overlays and templates, and the lines that
// scripts write into them. passwd(5), shadow(5). A backup (passwd-, shadow.bak) is no account; a hash that only stands
// there is a secret.
//
// Where the password stands follows what login programs do: `x` or `*` in passwd looks in shadow, anything else counts
// as it is.
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/digest.h"
#include "base/text.h"
#include "inspect/detector.h"
#include "inspect/guess.h"
#include "inspect/rewrite.h"

namespace assay::inspect {
namespace {

using std::string_view;

struct Line {
  string_view user, hash, shell;
  std::optional<std::uint64_t> uid;
  std::uint64_t at = 0, hash_at = 0;  // offsets in the file
};

// A device has some ten accounts; beyond this a file is not one of accounts, and what is left out is said.
constexpr std::size_t kMaxAccounts = 2000;

bool is_user(string_view text) {
  if (text.empty() || text.size() > 64 || text[0] == '-' || text[0] == '+') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '$'; });
}
std::optional<std::uint64_t> number(string_view text) {
  if (text.empty() || text.size() > 10 || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  std::uint64_t v = 0;
  for (char c : text) v = v * 10 + static_cast<std::uint64_t>(c - '0');
  return v;
}

std::vector<Line> passwd_lines(string_view content) {
  std::vector<Line> out;
  each_line(content, [&](string_view line, std::size_t at) {
    if (out.size() > kMaxAccounts || line.size() > 4096) return;
    const std::vector<string_view> f = split(line, ':');
    if (f.size() < 6 || f.size() > 8 || !is_user(f[0])) return;
    const std::optional<std::uint64_t> uid = number(f[2]);
    if (!uid || !number(f[3])) return;
    out.push_back({f[0], f[1], f.size() > 6 ? f[6] : string_view(), uid, at, at + f[0].size() + 1});
  });
  return out;
}
std::vector<Line> shadow_lines(string_view content) {
  std::vector<Line> out;
  each_line(content, [&](string_view line, std::size_t at) {
    if (out.size() > kMaxAccounts || line.size() > 4096) return;
    const std::vector<string_view> f = split(line, ':');
    if (f.size() < 3 || f.size() > 10 || !is_user(f[0])) return;
    if (!f[2].empty() && !number(f[2])) return;  // days since the last change
    out.push_back({f[0], f[1], {}, std::nullopt, at, at + f[0].size() + 1});
  });
  return out;
}

enum class Suffix : std::uint8_t { none, copy, backup };
struct AccountFile {
  bool shadow = false;
  Suffix suffix = Suffix::none;
  string_view directory, tail;  // "etc", ".default"
};
std::optional<AccountFile> account_file(string_view path) {
  const std::size_t slash = path.rfind('/');
  const string_view name = slash == string_view::npos ? path : path.substr(slash + 1);
  AccountFile out;
  out.directory = slash == string_view::npos ? string_view() : path.substr(0, slash);
  for (string_view stem : {string_view("passwd"), string_view("shadow")}) {
    if (name.substr(0, stem.size()) != stem) continue;
    out.shadow = stem == "shadow";
    out.tail = name.substr(stem.size());
    if (out.tail.empty()) return out;
    for (string_view t : {"-", "~", ".bak", ".old", ".orig"})
      if (out.tail == t) {
        out.suffix = Suffix::backup;
        return out;
      }
    for (string_view t : {".default", ".defaults", ".ro", ".sample", ".tmpl", "_default", ".dist", ".factory", ".base"})
      if (out.tail == t) {
        out.suffix = Suffix::copy;
        return out;
      }
  }
  return std::nullopt;
}

bool is_locked(string_view field) {
  return field[0] == '!' || field[0] == '*' || field == "x" || field == "NP" || field == "LK" || field == "NONE" ||
         field == "-";
}

// A file of accounts with all its hash fields, which no excerpt may show.
struct Source {
  std::string place;
  string_view content;
  std::vector<Line> lines;
};

// `$6$` stays readable: it says the kind. The rest is hidden, of every line that the excerpt touches.
void hide_hashes(Excerpt& excerpt, const std::vector<Line>& lines) {
  for (const Line& l : lines) {
    string_view hash = l.hash;
    std::uint64_t at = l.hash_at;
    while (!hash.empty() && (hash[0] == '!' || hash[0] == '*')) hash.remove_prefix(1), ++at;
    if (hash.size() < 3) continue;
    const std::size_t kind = hash[0] == '$' ? hash.find('$', 1) : string_view::npos;
    const std::size_t from = kind != string_view::npos && kind < 5 ? kind + 1 : 0;
    hide(excerpt, at + from, hash.size() - from);
  }
}

class Accounts {
 public:
  Accounts(const Tree& tree, Facts& out) : tree_(tree), out_(out), rewriters_(tree) {}

  void run() {
    std::set<string_view> shadows_used;
    for (const auto& [path, file] : tree_.files) {
      const std::optional<AccountFile> kind = readable(path, file);
      if (kind && !kind->shadow && kind->suffix != Suffix::backup) passwd(path, file, *kind, shadows_used);
    }
    for (const auto& [path, file] : tree_.files) {
      const std::optional<AccountFile> kind = readable(path, file);
      if (!kind) continue;
      if (kind->suffix == Suffix::backup) {
        backups_.push_back(&file);
      } else if (kind->shadow && !shadows_used.count(path)) {
        const Source shadow{tree_.place_of(path), file.content, shadow_lines(file.content)};
        for (const Line& l : shadow.lines) add(l, nullptr, shadow, confidence(*kind));
      }
    }
    for (const auto& [path, file] : tree_.files)
      if (file.kept && (file.kind == FileKind::script || file.kind == FileKind::text)) scripts(path, file);
    // Guessing comes last: only now is it known how many hashes share the budget.
    guess();
    for (const TreeFile* file : backups_) backup(*file);
  }

 private:
  static std::string confidence(const AccountFile& kind) {
    const bool live = kind.suffix == Suffix::none &&
                      (kind.directory == "etc" ||
                       (kind.directory.size() > 4 && kind.directory.substr(kind.directory.size() - 4) == "/etc"));
    return live ? "high" : "medium";
  }
  static std::optional<AccountFile> readable(string_view path, const TreeFile& file) {
    if (!file.kept || file.entry.type != EntryType::file) return std::nullopt;
    return account_file(path);
  }

  void passwd(string_view path, const TreeFile& file, const AccountFile& kind, std::set<string_view>& shadows_used) {
    const Source passwd{tree_.place_of(path), file.content, passwd_lines(file.content)};
    if (passwd.lines.empty()) return;
    std::optional<Source> shadow;
    const std::string directory = kind.directory.empty() ? std::string() : std::string(kind.directory) + "/";
    for (const std::string& name : {directory + "shadow" + std::string(kind.tail), directory + "shadow"}) {
      std::string where;
      const TreeFile* found = tree_.resolve(name, &where);
      if (!found || !found->kept) continue;
      shadows_used.insert(tree_.files.find(where)->first);
      shadow = Source{tree_.place_of(where), found->content, shadow_lines(found->content)};
      break;
    }
    std::set<string_view> users;
    for (const Line& l : passwd.lines) {
      users.insert(l.user);
      const Line* in_shadow = nullptr;
      if (shadow && (l.hash == "x" || l.hash == "*"))
        for (const Line& s : shadow->lines)
          if (!in_shadow && s.user == l.user) in_shadow = &s;
      if (in_shadow)
        add(*in_shadow, &l, *shadow, confidence(kind));
      else
        add(l, &l, passwd, confidence(kind));
    }
    if (!shadow) return;
    for (const Line& s : shadow->lines)
      if (!users.count(s.user)) add(s, nullptr, *shadow, "low");
  }

  // `line` holds the password field; `account` the rest, where it is known.
  void add(const Line& line, const Line* account, const Source& source, const std::string& confidence) {
    if (++count_ > kMaxAccounts) {
      if (count_ == kMaxAccounts + 1)
        out_.not_examined(source.place, "account",
                          "more than " + std::to_string(kMaxAccounts) + " accounts in one tree");
      return;
    }
    Fact& fact = out_.add("account", source.place);
    fact.at = line.at;
    fact.confidence = confidence;
    fact.set("user", clean_utf8(line.user));
    if (account && account->uid) fact.set("uid", *account->uid);
    if (account && !account->shell.empty()) fact.set("shell", clean_utf8(account->shell));
    fact.excerpt = make_excerpt(as_bytes(source.content), line.at, line.hash_at + line.hash.size() - line.at + 1);
    hide_hashes(*fact.excerpt, source.lines);
    state(fact, line, source.place, account == &line);
  }

  void state(Fact& fact, const Line& line, const std::string& place, bool in_passwd) {
    const std::string user(line.user);
    string_view field = line.hash;
    std::string note;
    if (field.empty()) {
      fact.set("hash_kind", "none").set("state", "empty").set("password_class", "none");
      note = user + ": empty password field, login without a password";
    } else if (in_passwd && field == "x") {
      fact.set("hash_kind", "unknown").set("state", "unknown").set("password_class", "unknown");
      note = user + ": the password stands in shadow, which has no line for it here";
    } else if (is_locked(field)) {
      while (!field.empty() && (field[0] == '!' || field[0] == '*')) field.remove_prefix(1);
      const string_view kind = hash_kind(field);
      fact.set("hash_kind", kind.empty() ? "none" : kind).set("state", "locked").set("password_class", "locked");
      note = user + ": locked";
    } else if (const string_view kind = hash_kind(field); kind.empty()) {
      fact.set("hash_kind", "unknown").set("state", "unknown").set("password_class", "unknown");
      fact.set("digest", sha256_hex(as_bytes(field)));
      note = user + ": a password field of no known form";
    } else {
      fact.set("hash_kind", kind).set("state", "hashed").set("digest", sha256_hex(as_bytes(field)));
      seen_.emplace(field);
      open_.push_back({out_.facts.size() - 1, user, std::string(field)});
      note = user + ": " + std::string(kind);
    }
    if (!is_locked(line.hash.empty() ? string_view("?") : line.hash))
      if (const std::string by = rewriters_.of(user); !by.empty() && place.find(" > /" + by) == std::string::npos)
        fact.set("rewritten_by", "/" + by);
    fact.excerpt->note = note;
  }

  // Scripts that write the line themselves: echo 'root:$1$…:0:0::/:/bin/sh' > /etc/passwd
  void scripts(string_view path, const TreeFile& file) {
    if (account_file(path)) return;
    const string_view content = file.content;
    each_line(content, [&](string_view line, std::size_t at) {
      if (line.size() > 1024 || trim(line).substr(0, 1) == "#") return;
      const std::size_t verb = std::min(line.find("echo"), line.find("printf"));
      const std::size_t ids = line.find(":0:0:");
      if (verb == string_view::npos || ids == string_view::npos || verb > ids) return;
      const std::size_t to = line.find('>', ids);
      if (to == string_view::npos || line.find("passwd", to) == string_view::npos) return;
      const std::size_t colon = ids == 0 ? string_view::npos : line.rfind(':', ids - 1);
      if (colon == string_view::npos || colon == 0) return;
      std::size_t start = colon;
      while (start > 0 && (is_alnum(line[start - 1]) || line[start - 1] == '_' || line[start - 1] == '-')) --start;
      const string_view user = line.substr(start, colon - start), written = line.substr(colon + 1, ids - colon - 1);
      const std::string plain = replace_all(std::string(written), "\\$", "$");  // as the shell reads it
      if (!is_user(user) || (!plain.empty() && hash_kind(plain).empty())) return;
      if (++count_ > kMaxAccounts) return;
      Fact& fact = out_.add("account", tree_.place_of(path));
      fact.at = at + start;
      fact.confidence = "medium";
      fact.set("user", user).set("uid", 0);
      fact.excerpt = make_excerpt(as_bytes(content), at + start, ids - start);
      hide(*fact.excerpt, at + colon + 1, written.size());
      const Line as_line{user, plain, {}, std::uint64_t{0}, at + start, at + colon + 1};
      state(fact, as_line, tree_.place_of(path), false);
      fact.excerpt->note += "; written by this script";
    });
  }

  void guess() {
    // Super-users first: what the budget does not reach is the least worth.
    std::stable_sort(open_.begin(), open_.end(), [&](const Open& a, const Open& b) { return rank(a) < rank(b); });
    std::set<string_view> different;
    for (const Open& o : open_) different.insert(o.hash);
    Guesser guesser(different.size());
    const std::vector<std::string> about = open_.empty() ? std::vector<std::string>() : about_device();
    for (const Open& o : open_) {
      Fact& fact = out_.facts[o.fact];
      const Guess g = guesser.open(o.user, o.hash, about);
      std::string& note = fact.excerpt->note;
      switch (g.result) {
        case Guess::Result::open:
          fact.set("password_class", g.derived ? "derived" : "default-list");
          if (!g.derived) fact.set("list", g.list);
          note += g.derived ? ", opened by a word the device tells about itself" : ", opened by the list " + g.list;
          break;
        case Guess::Result::closed:
          fact.set("password_class", "unknown");
          note += ", not opened by " + std::to_string(g.tried) + " of " + std::to_string(g.of) + " known defaults";
          break;
        case Guess::Result::refused:
          fact.set("password_class", "unknown");
          note += ", not tried: too costly or of an unknown kind";
          break;
      }
    }
  }

  // Hashes that stand in a backup only: an earlier password, which may still open sister products.
  void backup(const TreeFile& file) {
    const std::string& path = file.entry.path;
    const bool shadow = account_file(path)->shadow;
    const std::vector<Line> lines = shadow ? shadow_lines(file.content) : passwd_lines(file.content);
    for (const Line& l : lines) {
      const string_view kind = hash_kind(l.hash);
      if (kind.empty() || !seen_.insert(std::string(l.hash)).second) continue;
      Fact& fact = out_.add("secret", tree_.place_of(path));
      fact.at = l.at;
      fact.confidence = "medium";
      fact.set("kind", "password")
          .set("algorithm", kind)
          .set("redacted", clean_utf8(l.user) + ":…")
          .set("digest", sha256_hex(as_bytes(l.hash)))
          .set("usage", "login");
      fact.excerpt = make_excerpt(as_bytes(file.content), l.at, l.user.size() + 1 + l.hash.size(),
                                  "hash of an earlier password of " + clean_utf8(l.user) + " in a backup file");
      hide_hashes(*fact.excerpt, lines);
    }
  }

  std::vector<std::string> about_device() const {
    std::vector<std::string> out;
    for (string_view path : {"etc/hostname", "etc/HOSTNAME", "etc/model"})
      if (const TreeFile* f = tree_.resolve(path); f && f->kept && f->content.size() < 256)
        out.emplace_back(trim(f->content));
    if (const TreeFile* f = tree_.resolve("etc/config/system"); f && f->kept)
      each_line(f->content, [&](string_view line, std::size_t) {
        const std::vector<string_view> w = words(line);
        if (w.size() != 3 || w[0] != "option" || w[1] != "hostname") return;
        string_view value = w[2];
        while (!value.empty() && (value.front() == '\'' || value.front() == '"')) value.remove_prefix(1);
        while (!value.empty() && (value.back() == '\'' || value.back() == '"')) value.remove_suffix(1);
        out.emplace_back(value);
      });
    return out;
  }

  struct Open {
    std::size_t fact;
    std::string user, hash;
  };
  int rank(const Open& o) const {
    for (const auto& [column, value] : out_.facts[o.fact].values)
      if (column == "uid" && std::get<std::int64_t>(value) == 0) return 0;
    return o.user == "root" ? 0 : 1;
  }

  const Tree& tree_;
  Facts& out_;
  Rewriters rewriters_;
  std::size_t count_ = 0;
  std::vector<Open> open_;
  std::set<std::string> seen_;
  std::vector<const TreeFile*> backups_;
};

void tree(const Tree& t, Facts& out) { Accounts(t, out).run(); }

constexpr string_view kTables[] = {"account", "secret"};

}  // namespace

extern constinit const Detector accounts{
    .name = "accounts",
    .title = "accounts, how they are locked, and passwords that lists of defaults open",
    .tables = kTables,
    .tree = tree,
};

}  // namespace assay::inspect
