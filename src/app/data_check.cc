#include "app/data_check.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/plan_costs.h"
#include "base/data.h"
#include "base/data_file.h"
#include "base/json.h"
#include "base/text.h"
#include "begin/kit.h"
#include "begin/scope.h"
#include "catalogue/catalogue.h"
#include "catalogue/details.h"
#include "catalogue/guidance.h"
#include "catalogue/guide.h"
#include "catalogue/requirements.h"
#include "crosswalk/crosswalk.h"
#include "evidence/claims.h"
#include "inspect/patterns.h"
#include "judge/judge.h"
#include "judge/rule.h"
#include "passwords/lists.h"
#include "scheme/scheme.h"

namespace assay::app {
namespace {

using std::string;
using std::string_view;
using Errors = std::vector<Error>;

void add(Errors& to, Errors from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}
template <class T>
void add(Errors& to, Result<T> result) {
  if (!result) to.push_back(std::move(result).error());
}

Errors check_version() {
  const DataFile file("version.yaml");
  const auto tree = data::file(file.name());
  Errors out;
  if (!tree) return {tree.error()};
  add(out, file.keys(**tree, {"version"}));
  add(out, file.text(**tree, "version"));
  return out;
}

// Ids that notes and remarks name: of the catalogue, of the ETSI standards, of the schemes.
class KnownIds {
 public:
  KnownIds(const std::vector<catalogue::Standard>& standards, const scheme::Register& schemes) {
    for (const catalogue::Standard& s : standards) {
      ids_.insert(s.id);
      for (const catalogue::Part& p : s.parts) ids_.insert(p.id);
      for (const catalogue::Requirement& r : s.requirements) ids_.insert(r.id);
    }
    for (const scheme::Scheme& s : schemes.schemes)
      for (const scheme::Requirement& r : s.requirements) ids_.insert(r.id);
    for (const catalogue::Edition* e : catalogue::editions()) {
      for (const catalogue::Reference& c : e->clauses) ids_.insert(c.ref);
      for (const catalogue::Provision& p : e->provisions) ids_.insert(p.id);
      for (const catalogue::Case& c : e->cases) ids_.insert(c.id);
    }
  }
  bool has(const string& id) const {
    // Public tools invent cases; a note that says so names them.
    return ids_.contains(id) || (id.find(':') == string::npos && ids_.contains(id.substr(0, id.rfind('-'))));
  }

 private:
  std::set<string, std::less<>> ids_;
};

// The graphs themselves are checked where they are read; here, that what they name is there.
Errors check_scope() {
  const auto scope = begin::scope_data();
  if (!scope) return {scope.error()};
  const auto schemes = scheme::schemes();
  if (!schemes) return {};  // said by its own loader
  Errors out;
  for (const begin::Law& law : (*scope)->laws) {
    const scheme::Scheme* s = (*schemes)->scheme(law.scheme);
    const auto missing = [&](const string& level) { return !level.empty() && s->level(level) == nullptr; };
    string what;
    if (s == nullptr)
      what = fmt::format("the law '{}' names the scheme '{}', which is not there", law.id, law.scheme);
    else if (missing(law.level) || std::any_of(law.levels.begin(), law.levels.end(),
                                               [&](const begin::LevelFor& l) { return missing(l.level); }))
      what = fmt::format("the law '{}' names a level that {} does not have", law.id, law.scheme);
    if (!what.empty()) out.push_back(Error{Errc::malformed, what, "data/" + law.file + ":1:1", {}, {}});
  }
  return out;
}

Errors check_interview() {
  Errors out;
  add(out, begin::kit());
  return out;
}

Errors check_standards() {
  Errors out = catalogue::check_editions();
  if (!out.empty()) return out;  // the rest names what stands there
  add(out, catalogue::check_standards());
  add(out, catalogue::check_details());
  if (!out.empty()) return out;
  const auto standards = catalogue::standards();
  const auto schemes = scheme::schemes();
  if (!standards || !schemes) return out;  // the loader of schemes says what is wrong
  const KnownIds ids(**standards, **schemes);
  for (const catalogue::Standard& s : **standards) {
    const auto wrong = [&](Mark at, string what) {
      out.push_back(
          {Errc::malformed, std::move(what), fmt::format("data/{}:{}:{}", s.file, at.line, at.column), {}, {}});
    };
    const scheme::Scheme* scheme = s.scheme.empty() ? nullptr : (*schemes)->scheme(s.scheme);
    if (!s.scheme.empty() && scheme == nullptr) wrong({1, 1}, fmt::format("no scheme '{}'", s.scheme));
    for (const catalogue::Remark& r : s.remarks) {
      if (scheme != nullptr && scheme->requirement(r.on) == nullptr)
        wrong(r.mark, fmt::format("no requirement '{}' in data/schemes/{}.yaml", r.on, s.scheme));
      for (const string& id : r.see)
        if (!ids.has(id)) wrong(r.mark, fmt::format("nothing is called '{}'", id));
    }
    for (const catalogue::Requirement& r : s.requirements) {
      if (scheme != nullptr && scheme->requirement(r.id) != nullptr)
        wrong(r.mark, fmt::format("'{}' stands in data/schemes/{}.yaml already", r.id, s.scheme));
      for (const string& id : r.see)
        if (!ids.has(id)) wrong(r.mark, fmt::format("nothing is called '{}'", id));
    }
    for (const catalogue::Note& n : s.notes)
      for (const string& id : n.about)
        if (!ids.has(id)) wrong(n.mark, fmt::format("nothing is called '{}'", id));
  }
  return out;
}

Errors check_claims() { return evidence::check_claim_schema(); }

Errors check_schemes() {
  Errors out;
  if (auto read = scheme::read_register(scheme::data_files(), &out); !read) out.push_back(std::move(read).error());
  if (!out.empty()) return out;
  // The editions that verdicts are carried between list the provisions of the catalogue once more.
  const auto all = scheme::schemes();
  if (!all) return {all.error()};
  const auto differs = [&](const scheme::Edition& e, const string& what) {
    out.push_back({Errc::malformed,
                   fmt::format("edition {}: {}", e.edition, what),
                   "data/crosswalk/en303645_editions.yaml:1:1",
                   {},
                   {}});
  };
  for (const scheme::Edition& e : (*all)->editions) {
    const auto known = catalogue::edition(e.edition);
    if (!known) continue;  // a mistake of the standards, or an edition that only schemes know
    std::size_t listed = 0;
    for (const auto* list : {&e.mandatory, &e.recommended}) {
      listed += list->size();
      for (const string& id : *list) {
        const catalogue::Provision* p = (*known)->provision(id);
        if (p == nullptr)
          differs(e, fmt::format("no provision '{}' in data/standards/en_303_645.yaml", id));
        else if (p->mandatory != (list == &e.mandatory) || p->conditional() != e.is_conditional(id))
          differs(e, fmt::format("the status of '{}' is another one in data/standards/en_303_645.yaml", id));
      }
    }
    if (listed != (*known)->provisions.size())
      differs(e, "a provision of data/standards/en_303_645.yaml is not listed");
  }
  return out;
}

Errors check_crosswalk() {
  Errors out;
  add(out, crosswalk::load());
  return out;
}

Errors check_guidance() {
  Errors out;
  add(out, catalogue::guidance());
  return out;
}

Errors check_guide() {
  Errors out;
  add(out, catalogue::guide());
  return out;
}

Errors check_costs() {
  Errors out;
  add(out, read_costs({}));
  return out;
}

Errors check_passwords() {
  Errors out;
  add(out, passwords::load_lists());
  return out;
}

Errors lines_of(const string& text) {
  Errors out;
  each_line(text, [&](string_view line, std::size_t) {
    // "rules/5.1.yaml:12:5: what is wrong"
    const std::size_t end = line.find(": ");
    if (end == string_view::npos)
      out.push_back({Errc::malformed, string(line), {}, {}, {}});
    else
      out.push_back({Errc::malformed, string(line.substr(end + 2)), string(line.substr(0, end)), {}, {}});
  });
  return out;
}

Errors check_scopes() {
  constexpr string_view kTypes[] = {"number", "word", "text"};
  const DataFile file("standards/scopes.yaml");
  const auto tree = data::file(file.name());
  if (!tree) return {tree.error()};
  Errors out;
  add(out, file.keys(**tree, {"scopes"}));
  for (const Node& scope : (**tree)["scopes"].items()) {
    add(out, file.keys(scope, {"source", "table", "keys"}));
    add(out, file.text(scope, "source"));
    add(out, file.text(scope, "table"));
    for (const Node& key : scope["keys"].items()) {
      add(out, file.keys(key, {"key", "type", "words", "about"}));
      for (const string_view name : {"key", "about"}) add(out, file.text(key, name));
      const string& type = key["type"].text();
      if (std::find(std::begin(kTypes), std::end(kTypes), type) == std::end(kTypes))
        out.push_back(file.bad(key["type"], fmt::format("'{}' is no word for 'type'", type)).value());
      if ((type == "word") == key["words"].items().empty())
        out.push_back(file.bad(key, "words stand where the type is word, and only there").value());
    }
  }
  return out;
}

Errors check_rules() {
  if (Errors scopes = check_scopes(); !scopes.empty()) return scopes;
  const Result<judge::RuleSet> rules = judge::load_rules();
  if (!rules) return rules.error().where.empty() ? lines_of(rules.error().what) : Errors{rules.error()};
  Errors out;
  for (const string& line : judge::check_queries(*rules, catalogue::editions())) add(out, lines_of(line));
  return out;
}

Errors check_components() {
  Errors out;
  for (const string& name : data::list("components/")) {
    const auto tree = data::file(name);
    if (!tree) {
      out.push_back(tree.error());
      continue;
    }
    auto made = inspect::Patterns::make({*tree});
    if (!made) {
      Error e = std::move(made).error();
      // "line 7": the file is only known here.
      e.where = "data/" + name + (e.where.starts_with("line ") ? ":" + e.where.substr(5) : "");
      out.push_back(std::move(e));
    }
  }
  return out;
}

// Lists of pairs, and fingerprints of known keys. The examiners leave out what they cannot read.
Errors check_credentials() {
  Errors out;
  const auto digest = [](const string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == string::npos;
  };
  for (const string& name : data::list("credentials/")) {
    const DataFile file(name);
    const auto tree = data::file(name);
    if (!tree) {
      out.push_back(tree.error());
      continue;
    }
    const Node& root = **tree;
    if (!root.has("keys")) {
      add(out, file.keys(root, {"list", "about", "pairs"}));
      add(out, file.text(root, "list"));
      for (const Node& pair : root["pairs"].items())
        if (pair.items().size() != 2 || !pair.items()[0].is_text() || !pair.items()[1].is_text())
          out.push_back(file.bad(pair, "a pair is [user, password]").value());
      continue;
    }
    add(out, file.keys(root, {"keys"}));
    for (const Node& key : root["keys"].items()) {
      add(out, file.keys(key, {"name", "spki", "ssh", "known"}));
      add(out, file.text(key, "name"));
      add(out, file.text(key, "known"));
      if (!key.has("spki") && !key.has("ssh")) out.push_back(file.bad(key, "a key without a fingerprint").value());
      for (const string_view form : {"spki", "ssh"})
        if (key.has(form) && !digest(key[form].text()))
          out.push_back(file.bad(key[form], "a fingerprint is 64 hexadecimal figures").value());
    }
  }
  return out;
}

// clang-format off
// One line each: who reads what of data/. A file that stands in no line is refused.
constexpr DataLoader kLoaders[] = {
    {"version", {"version.yaml"}, check_version},
    {"claims", {"standards/ixit.yaml"}, check_claims},
    {"standards", {"standards/en_303_645", "standards/ts_103_701_", "standards/catalogue/"}, check_standards},
    {"schemes", {"schemes/", "recognition/", "categories.yaml", "sources.yaml", "assessment_steps.yaml", "scheme_notes.yaml", "crosswalk/en303645_editions.yaml"}, check_schemes},
    {"crosswalk", {"crosswalk/"}, check_crosswalk},
    {"guidance", {"guidance/"}, check_guidance},
    {"guide", {"guide/"}, check_guide},
    {"scope", {"scope/"}, check_scope},
    {"interview", {"interview/", "templates/"}, check_interview, true},
    {"costs", {"costs.yaml"}, check_costs},
    {"rules", {"rules/", "standards/scopes.yaml"}, check_rules, true},
    {"components", {"components/"}, check_components},
    {"credentials", {"credentials/"}, check_credentials},
    {"passwords", {"passwords/"}, check_passwords},
};
// clang-format on

bool reads(const DataLoader& loader, string_view name) {
  return std::any_of(std::begin(loader.reads), std::end(loader.reads),
                     [&](string_view part) { return !part.empty() && name.starts_with(part); });
}

// "data/x.yaml:1:2", "rules/x.yaml:1:2" and "DIR/x.yaml:1:2" all to the last form.
string placed(const string& where, const string& root, const std::vector<string>& names) {
  const string head = where.substr(0, where.find(':'));
  if (where.starts_with("data/") && root != "data") return root + where.substr(4);
  if (std::find(names.begin(), names.end(), head) != names.end()) return root + "/" + where;
  return where;
}

}  // namespace

std::span<const DataLoader> data_loaders() { return kLoaders; }

DataCheck check_data(const std::filesystem::path& directory) {
  string root = directory.generic_string();
  while (root.size() > 1 && root.ends_with('/')) root.pop_back();
  DataCheck out;
  const std::vector<string> names = data::list("");
  out.files = names.size();
  std::set<std::pair<string, string>> seen;  // a broken file is met by every loader that reads it
  const auto note = [&](string_view loader, Error error) {
    error.where = placed(error.where, root, names);
    if (!seen.emplace(error.where, error.what).second) return false;
    out.mistakes.push_back({loader, std::move(error)});
    return true;
  };
  for (const string& name : names) {
    if (const auto tree = data::file(name); !tree) note("yaml", tree.error());
    if (std::none_of(std::begin(kLoaders), std::end(kLoaders), [&](const DataLoader& l) { return reads(l, name); }))
      note("files", Error{Errc::invalid,
                          "nothing reads this file: it is misplaced, or its name is misspelt",
                          "data/" + name,
                          {},
                          {}});
  }
  bool claims = true;
  for (const DataLoader& loader : kLoaders) {
    DataCheck::Loaded loaded{loader.name, 0, 0, false};
    for (const string& name : names) loaded.files += reads(loader, name) ? 1 : 0;
    if (loader.needs_claims && !claims) {
      loaded.skipped = true;
    } else {
      for (Error& error : loader.check()) loaded.mistakes += note(loader.name, std::move(error)) ? 1 : 0;
    }
    if (loader.name == "claims") claims = loaded.mistakes == 0;
    out.loaders.push_back(loaded);
  }
  std::stable_sort(out.mistakes.begin(), out.mistakes.end(),
                   [](const auto& a, const auto& b) { return natural_less(a.error.where, b.error.where); });
  return out;
}

string data_check_text(const DataCheck& check, bool json) {
  if (json) {
    JsonWriter w(1);
    w.object().field("data_version", data::version()).field("data_digest", data::digest());
    w.field("files", static_cast<std::uint64_t>(check.files)).key("loaders").array();
    for (const DataCheck::Loaded& l : check.loaders)
      w.object(true)
          .field("name", l.name)
          .field("files", static_cast<std::uint64_t>(l.files))
          .field("mistakes", static_cast<std::uint64_t>(l.mistakes))
          .field("skipped", l.skipped)
          .end_object();
    w.end_array().key("mistakes").array();
    for (const DataCheck::Mistake& m : check.mistakes)
      w.object(true).field("where", m.error.where).field("what", m.error.what).field("loader", m.loader).end_object();
    w.end_array().end_object();
    return w.take() + "\n";
  }
  string out;
  for (const DataCheck::Mistake& m : check.mistakes) {
    out += printable(m.error.text()) + "\n";
    if (!m.error.hint.empty()) out += "  " + printable(m.error.hint) + "\n";
  }
  for (const DataCheck::Loaded& l : check.loaders)
    if (l.skipped) out += fmt::format("{} could not be checked: it needs what is broken above\n", l.name);
  std::vector<string> parts;
  for (const DataCheck::Loaded& l : check.loaders) parts.push_back(fmt::format("{} {}", l.name, l.files));
  if (check.mistakes.empty()) return out + fmt::format("{} files are sound: {}.\n", check.files, join(parts, ", "));
  return out + fmt::format("{} mistake{} in {} files\n", check.mistakes.size(), check.mistakes.size() == 1 ? "" : "s",
                           check.files);
}

}  // namespace assay::app
