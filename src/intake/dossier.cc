#include "intake/dossier.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/data.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "intake/check.h"
#include "intake/claim_files.h"
#include "intake/gaps.h"

namespace assay::intake {
namespace {

using std::string;
using std::string_view;
namespace fs = std::filesystem;

constexpr string_view kExaminer = "dossier/1";
constexpr NodeLimits kLimits{.bytes = 2u << 20, .depth = 12, .nodes = 200'000};
constexpr std::uint64_t kAllBytes = 16u << 20;  // of the YAML files together
constexpr std::size_t kMostFiles = 200;         // of ixit/ and persons/ each
constexpr std::size_t kMostDocuments = 1000;
constexpr std::uint64_t kLargestDocument = std::uint64_t{256} << 20;

const std::vector<string> kDocumentKinds = {"manual",    "policy", "support", "datasheet",   "report",
                                            "statement", "label",  "process", "certificate", "other"};
const std::vector<string> kSamplings = {"consecutive", "random", "chosen"};
const std::vector<string> kBases = {"application", "recognition", "declaration"};

// Files below `directory/name`, sorted, as paths below `directory`. Nothing that is not a regular file, no links that
// lead out.
std::vector<string> files_below(const fs::path& directory, const char* name, bool deep) {
  std::vector<string> out;
  std::error_code error;
  const fs::path start = directory / name;
  if (!fs::is_directory(start, error)) return out;
  for (fs::recursive_directory_iterator it(start, fs::directory_options::none, error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_directory(error)) {
      if (!deep || it.depth() > 8 || it->is_symlink(error)) it.disable_recursion_pending();
      continue;
    }
    if (out.size() > 10 * kMostDocuments) break;
    const string path = it->path().lexically_relative(directory).generic_string();
    if (it->path().filename().string().front() == '.') continue;
    out.push_back(path);
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Whether the path, links followed, stays in the dossier: a dossier may come from a stranger.
bool stays_inside(const fs::path& directory, const string& path) {
  std::error_code error;
  const fs::path root = fs::canonical(directory, error);
  if (error) return false;
  const fs::path real = fs::weakly_canonical(directory / path, error);
  if (error) return false;
  const fs::path relative = real.lexically_relative(root);
  return !relative.empty() && *relative.begin() != "..";
}

class Loader {
 public:
  explicit Loader(Dossier& dossier) : d_(dossier) {}

  // Index of the file in Dossier::files; its `read` says whether there is a tree.
  std::size_t load(const string& name) {
    auto file = std::make_unique<SourceFile>();
    file->name = name;
    const std::size_t index = d_.files.size();
    const auto text = stays_inside(d_.directory, name)
                          ? read_file(d_.directory / name, std::min(kLimits.bytes, kAllBytes - bytes_))
                          : Result<string>(fail(Errc::invalid, "leads out of the dossier"));
    if (!text) {
      problems.add(Severity::error, name, text.error().what, text.error().hint);
    } else {
      bytes_ += text->size();
      file->text = *text;
      file->sha256 = sha256_hex(as_bytes(file->text));
      auto tree = parse_yaml(file->text, name, kLimits);
      if (tree) {
        file->tree = std::move(*tree);
        if (!name.starts_with("persons/")) take_gaps(*file);
        file->read = file->sound = true;
      } else {
        problems.add(*file, tree.error());
      }
    }
    d_.files.push_back(std::move(file));
    return index;
  }

  Problems problems;

 private:
  Dossier& d_;
  std::uint64_t bytes_ = 0;
};

string slug(string_view text) {
  string out;
  for (const char c : lower(text))
    if (is_alnum(c))
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

// A path inside the dossier, or empty with a problem.
string inner_path(Check& check, const Node& mapping, string_view key, bool required, const fs::path& directory) {
  const string written = check.text(mapping, key, required);
  if (written.empty()) return {};
  const auto safe = safe_path(written);
  if (!safe || safe->empty() || written.front() == '/') {
    check.error(mapping[key], fmt::format("{} leads out of the dossier", key), {},
                "Write a path below the dossier's directory.");
    return {};
  }
  if (!stays_inside(directory, *safe)) {
    check.error(mapping[key], fmt::format("{} leads out of the dossier through a link", key));
    return {};
  }
  return *safe;
}

string read_category(Check& check, const Node& product) {
  const string category = check.text(product, "category", true);
  if (category.empty()) return {};
  const auto file = data::file("categories.yaml");
  if (!file) return category;
  std::vector<string_view> known;
  for (const Node& c : (**file)["categories"].items()) {
    if (c["id"].text() == category) return category;
    for (const string& s : c["synonyms"].texts())
      if (s == lower(category)) return c["id"].text();
    known.push_back(c["id"].text());
  }
  check.error(product["category"], fmt::format("'{}' is not a category", category.substr(0, 64)), "not known",
              suggestion(category, known, "Known are, among others: camera, doorbell, router, plug, speaker, other."));
  return {};
}

void read_markets(Check& check, const Node& product, Product& out) {
  for (const Node* item : check.items(product, "markets")) {
    string code = item->text();
    if (code == "UK") code = "GB";
    const bool shaped =
        code.size() == 2 && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!shaped)
      check.error(*item, fmt::format("'{}' is not a market", code.substr(0, 32)), {},
                  "Write ISO 3166-1 codes in capitals, for example [GB, SG, DE], or EU.");
    else if (std::find(out.markets.begin(), out.markets.end(), code) == out.markets.end())
      out.markets.push_back(code);
  }
}

void read_firmware(Check& check, const Node& product, Dossier& d) {
  const Node& list = product["firmware"];
  if (list.is_null()) return;
  if (!check.sequence(list, "firmware")) return;
  for (const Node& node : list.items()) {
    if (!check.mapping(node, "a firmware")) continue;
    check.keys(node, {"name", "version", "file", "made_by"}, "a firmware");
    FirmwareRef f;
    f.version = check.text(node, "version", true);
    f.name = node.has("name") ? check.text(node, "name", true) : f.version;
    f.file = inner_path(check, node, "file", true, d.directory);
    f.made_by = inner_path(check, node, "made_by", false, d.directory);
    f.line = node.mark().line;
    if (f.version.empty() || f.name.empty() || f.file.empty()) continue;
    if (d.firmware_named(f.name) != nullptr) {
      check.error(node.has("name") ? node["name"] : node,
                  fmt::format("a firmware '{}' is there already", f.name.substr(0, 64)));
      continue;
    }
    std::error_code error;
    if (f.made_by.empty() && !fs::is_regular_file(d.directory / f.file, error))
      check.warn(node["file"], fmt::format("there is no file {}", f.file));
    d.firmware.push_back(std::move(f));
  }
}

void read_batches(Check& check, const Node& product, Dossier& d) {
  const Node& list = product["batch"];
  if (list.is_null() || !check.sequence(list, "batch")) return;
  for (const Node& node : list.items()) {
    if (!check.mapping(node, "a batch")) continue;
    check.keys(node, {"file", "entry", "sampling", "column"}, "a batch");
    BatchRef b;
    b.file = inner_path(check, node, "file", true, d.directory);
    b.entry = check.text(node, "entry", true);
    b.sampling = check.word(node, "sampling", kSamplings);
    b.column = check.text(node, "column");
    b.node = &node;
    std::error_code error;
    if (!b.file.empty() && !fs::is_regular_file(d.directory / b.file, error))
      check.error(node["file"], fmt::format("there is no file {}", b.file.substr(0, 200)));
    else if (!b.file.empty() && d.batches.size() < 20)
      d.batches.push_back(std::move(b));
  }
}

void read_held(Check& check, const Node& product, Product& out) {
  const Node& list = product["held"];
  if (list.is_null() || !check.sequence(list, "held")) return;
  for (const Node& node : list.items()) {
    if (!check.mapping(node, "a held mark")) continue;
    check.keys(node, {"scheme", "level", "from", "until", "edition", "basis"}, "a held mark");
    HeldMark m;
    m.scheme = check.text(node, "scheme", true);
    m.level = check.text(node, "level");
    m.from = check.date(node, "from");
    m.until = check.date(node, "until");
    m.edition = check.text(node, "edition");
    const string basis = check.word(node, "basis", kBases);
    if (!basis.empty()) m.basis = basis;
    if (!m.from.empty() && !m.until.empty() && m.until < m.from)
      check.error(node["until"], "the mark ends before it begins", fmt::format("before {}", m.from));
    if (!m.scheme.empty()) out.held.push_back(std::move(m));
  }
}

void read_documents(Check& check, const Node& product, Dossier& d) {
  const Node& list = product["documents"];
  if (!list.is_null() && check.sequence(list, "documents"))
    for (const Node& node : list.items()) {
      if (!check.mapping(node, "a document")) continue;
      check.keys(node, {"path", "title", "kind", "url", "retrieved"}, "a document");
      Document doc;
      doc.path = inner_path(check, node, "path", true, d.directory);
      doc.title = check.text(node, "title");
      doc.kind = check.word(node, "kind", kDocumentKinds);
      doc.url = check.text(node, "url");
      doc.retrieved = check.date(node, "retrieved");
      doc.line = node.mark().line;
      if (doc.path.empty()) continue;
      const bool twice =
          std::any_of(d.documents.begin(), d.documents.end(), [&](const Document& o) { return o.path == doc.path; });
      if (twice)
        check.error(node["path"], fmt::format("{} stands here twice", doc.path));
      else if (d.documents.size() < kMostDocuments)
        d.documents.push_back(std::move(doc));
      std::error_code error;
      if (!twice && !fs::is_regular_file(d.directory / node["path"].text(), error))
        check.error(node["path"], fmt::format("there is no file {}", node["path"].text().substr(0, 200)));
    }
}

void read_product(std::size_t index, Dossier& d, Problems& problems) {
  SourceFile& file = *d.files[index];
  Check check(file, problems);
  const Node& p = file.tree;
  if (!check.mapping(p, "product.yaml")) return;
  check.keys(p,
             {"id", "name", "model", "maker", "category", "constrained", "support_from", "support_until", "contact",
              "url", "markets", "firmware", "batch", "held", "documents"},
             "product.yaml");
  d.product.name = check.text(p, "name", true);
  d.product.model = check.text(p, "model", true);
  d.product.maker = check.text(p, "maker", true);
  d.product.category = read_category(check, p);
  d.product.id = check.text(p, "id");
  if (d.product.id.empty()) d.product.id = slug(d.product.maker + " " + d.product.model);
  if (d.product.id.empty()) d.product.id = d.product.category;
  if (d.product.name.empty() && file.is_gap(p["name"])) d.product.name = "not named yet";
  d.constrained = check.flag(p, "constrained");
  d.product.support_from = check.date(p, "support_from");
  d.product.support_until = check.date(p, "support_until");
  if (!d.product.support_from.empty() && !d.product.support_until.empty() &&
      d.product.support_until < d.product.support_from)
    check.error(p["support_until"], "the support period ends before it begins", "before " + d.product.support_from);
  d.product.contact = check.text(p, "contact");
  d.url = check.text(p, "url");
  read_markets(check, p, d.product);
  read_firmware(check, p, d);
  read_batches(check, p, d);
  read_held(check, p, d.product);
  read_documents(check, p, d);
  if (const FirmwareRef* newest = d.newest_firmware()) d.product.firmware_version = newest->version;
  std::vector<string> all;
  for (const char* en : {"2.1.1", "3.1.3"})
    if (const string ts = ts_edition_of(en); !ts.empty()) all.push_back(ts);
  d.given.push_back({index, "product", all});
}

// Titles of Markdown files are their first heading.
string title_of(string_view text, const string& path) {
  string out;
  each_line(text.substr(0, 4096), [&](string_view line, std::size_t) {
    if (out.empty() && line.starts_with("# ")) out = trim(line.substr(2));
  });
  return out.empty() || !is_utf8(out) ? fs::path(path).filename().string() : out.substr(0, 200);
}

void look_at_documents(Dossier& d, Problems& problems) {
  for (const string& path : files_below(d.directory, "evidence", true)) {
    if (d.documents.size() >= kMostDocuments) {
      problems.add(Severity::error, path, fmt::format("more than {} documents", kMostDocuments));
      break;
    }
    if (std::none_of(d.documents.begin(), d.documents.end(), [&](const Document& o) { return o.path == path; }))
      d.documents.push_back({path, {}, {}, {}, {}, {}, 0, 0});
  }
  std::sort(d.documents.begin(), d.documents.end(),
            [](const Document& a, const Document& b) { return a.path < b.path; });
  for (Document& doc : d.documents) {
    if (!stays_inside(d.directory, doc.path)) {
      problems.add(Severity::error, doc.path, "leads out of the dossier through a link");
      continue;
    }
    const auto file = MappedFile::open(d.directory / doc.path);
    if (!file) continue;  // a missing one was reported where it is named
    if (file->bytes().size() > kLargestDocument) {
      problems.add(Severity::warning, doc.path, fmt::format("larger than {} MiB: not read", kLargestDocument >> 20));
      continue;
    }
    doc.size = file->bytes().size();
    doc.sha256 = sha256_hex(file->bytes());
    if (doc.title.empty()) doc.title = title_of(as_text(clip(file->bytes(), 0, 4096)), doc.path);
  }
}

string scope_of(const std::vector<string>& editions) {
  return JsonWriter().object(true).field("editions", join(editions, ",")).end_object().take();
}

Value or_null(const string& text) { return text.empty() ? Value() : Value(text); }

void add_files(const Dossier& d, evidence::Evidence& evidence, Unconfirmed unconfirmed) {
  for (std::size_t i = 0; i < d.files.size(); ++i) {
    const SourceFile& file = *d.files[i];
    if (file.name.starts_with("persons/")) continue;
    const string id = file.sha256.empty() ? "dossier:" + file.name : file.sha256;
    std::vector<evidence::Look> looks;
    for (const Given& g : d.given)
      if (g.file == i) looks.push_back({g.table, string(kExaminer), scope_of(g.editions)});
    evidence.add_artefact(id, file.sha256, "dossier", file.name, "dossier", file.text.size(), looks);
    if (file.sound)
      for (const Given& g : d.given) {
        if (g.file != i || (!g.confirmed && unconfirmed == Unconfirmed::left_out)) continue;
        evidence.complete(id, g.table, kExaminer, scope_of(g.editions));
      }
    else if (looks.empty())  // nobody knows which table it was to give
      evidence.add(Unexamined{file.name, file.name == "ics.yaml" ? "ics" : "", string(kExaminer),
                              "it could not be read, or does not say which table it gives"},
                   id, "dossier");
  }
}

void add_documents(const Dossier& d, evidence::Evidence& evidence) {
  for (const Document& doc : d.documents) {
    const string id = doc.sha256.empty() ? "document:" + doc.path : doc.sha256;
    evidence.add_artefact(id, doc.sha256, "document", doc.path, "document", doc.size,
                          {{"document", string(kExaminer), "{}"}});
    if (doc.size > 0) evidence.complete(id, "document", kExaminer);
    evidence.add_row("document", {{"artefact", id},
                                  {"source", string("document")},
                                  {"place", doc.path},
                                  {"url", or_null(doc.url)},
                                  {"path", doc.path},
                                  {"title", or_null(doc.title)},
                                  {"sha256", or_null(doc.sha256)},
                                  {"retrieved", or_null(doc.retrieved)},
                                  {"kind", or_null(doc.kind)},
                                  {"examiner", string(kExaminer)},
                                  {"confidence", string("high")}});
  }
}

std::vector<std::pair<string, Value>> person_cells(const Dossier& d, const PersonRecord& r) {
  string artefact;
  for (const auto& file : d.files)
    if (file->name == r.file) artefact = file->sha256;
  return {{"artefact", artefact},
          {"source", string("person")},
          {"place", r.file},
          {"at", std::int64_t{r.line}},
          {"kind", string(name(r.kind))},
          {"unit", or_null(r.unit)},
          {"entry", or_null(r.entry)},
          {"value", or_null(r.value)},
          {"by", r.by},
          {"date", r.date},
          {"reason", r.reason},
          {"evidence", or_null(r.evidence)},
          {"rows_digest", or_null(r.rows_digest)},
          {"overrules", or_null(join(r.overrules, ","))},
          {"closes", or_null(r.closes)},
          {"examiner", string(kExaminer)},
          {"confidence", string("high")}};
}

void add_persons(const Dossier& d, evidence::Evidence& evidence) {
  for (const auto& file : d.files) {
    if (!file->name.starts_with("persons/")) continue;
    const string id = file->sha256.empty() ? "person:" + file->name : file->sha256;
    evidence.add_artefact(id, file->sha256, "person", file->name, "records", file->text.size(),
                          {{"person", string(kExaminer), "{}"}});
    if (file->sound) evidence.complete(id, "person", kExaminer);
  }
  for (const PersonRecord& r : d.persons) {
    const auto cells = person_cells(d, r);
    const string row = evidence.add_row("person", cells);
    const string who = "person/" + r.by;
    if (r.kind == PersonRecord::Kind::scope) {
      // A look of a person is an artefact of its own; several looks may cover one table.
      const string id = "look:" + row;
      evidence.add_artefact(id, {}, "person", fmt::format("look of {} on {}", r.by, r.date), "look", 0,
                            {{r.table, who, r.scope}});
      evidence.complete(id, r.table, who, r.scope);
    }
    if (r.kind == PersonRecord::Kind::observation && !r.table.empty()) {
      Fact fact;
      fact.table = r.table;
      for (const auto& [column, value] : r.values) fact.set(column, value);
      fact.place = r.file;
      fact.at = r.line;
      fact.examiner = who;
      evidence.add(fact, std::get<string>(cells.front().second), "person");
    }
  }
}

}  // namespace

const FirmwareRef* Dossier::firmware_named(string_view name) const {
  for (const FirmwareRef& f : firmware)
    if (f.name == name) return &f;
  return nullptr;
}

const FirmwareRef* Dossier::newest_firmware() const {
  const FirmwareRef* newest = nullptr;
  for (const FirmwareRef& f : firmware)
    if (newest == nullptr || natural_less(newest->version, f.version)) newest = &f;
  return newest;
}

Result<Dossier> read_dossier(const fs::path& directory) {
  std::error_code error;
  if (!fs::is_directory(directory, error))
    return fail(Error{Errc::not_found,
                      "is not a directory",
                      directory.string(),
                      {},
                      "Name the directory of a dossier, the one with product.yaml in it."});
  Dossier d;
  d.directory = directory;
  Loader loader(d);
  const auto missing = [&](const char* name) { return !fs::exists(directory / name, error); };

  if (missing("product.yaml"))
    loader.problems.add(Severity::error, "product.yaml", "is missing", "`assay init` writes one.");
  else if (const std::size_t i = loader.load("product.yaml"); d.files[i]->read)
    read_product(i, d, loader.problems);

  if (missing("ics.yaml"))
    loader.problems.add(Severity::warning, "ics.yaml", "is missing: no provision can be assessed");
  else if (const std::size_t i = loader.load("ics.yaml"); d.files[i]->read)
    read_ics(i, d, loader.problems);

  for (const char* folder : {"ixit", "persons"}) {
    std::size_t count = 0;
    for (const string& name : files_below(directory, folder, false)) {
      if (!name.ends_with(".yaml")) {
        loader.problems.add(Severity::warning, name, "is not read: its name does not end in .yaml");
        continue;
      }
      if (++count > kMostFiles) {
        loader.problems.add(Severity::error, name, fmt::format("more than {} files in {}", kMostFiles, folder));
        break;
      }
      const std::size_t i = loader.load(name);
      if (!d.files[i]->read) continue;
      if (string_view(folder) == "ixit") {
        read_ixit(i, d, loader.problems);
        continue;
      }
      for (PersonRecord& r : read_records(*d.files[i], loader.problems)) d.persons.push_back(std::move(r));
    }
  }
  look_at_documents(d, loader.problems);
  report_gaps(d, loader.problems);
  d.problems = std::move(loader.problems).take();
  sort_problems(d.problems);
  return d;
}

void add_claims(const Dossier& d, evidence::Evidence& evidence, Unconfirmed unconfirmed) {
  add_files(d, evidence, unconfirmed);
  if (!d.files.empty() && d.files.front()->name == "product.yaml") {
    const Product& p = d.product;
    evidence.add_row("product", {{"artefact", d.files.front()->sha256},
                                 {"source", string("dossier")},
                                 {"place", d.files.front()->name},
                                 {"at", std::int64_t{1}},
                                 {"name", or_null(p.name)},
                                 {"model", or_null(p.model)},
                                 {"maker", or_null(p.maker)},
                                 {"category", or_null(p.category)},
                                 {"firmware_version", or_null(p.firmware_version)},
                                 {"support_from", or_null(p.support_from)},
                                 {"support_until", or_null(p.support_until)},
                                 {"contact", or_null(p.contact)},
                                 {"url", or_null(d.url)},
                                 {"constrained", d.constrained ? Value(std::int64_t{*d.constrained}) : Value()}});
  }
  add_ics_rows(d, evidence, unconfirmed);
  add_entry_rows(d, evidence, unconfirmed);
  add_documents(d, evidence);
  add_persons(d, evidence);
}

void close_rows(const Dossier& d, evidence::Evidence& evidence) {
  for (const PersonRecord& r : d.persons) {
    if (r.kind != PersonRecord::Kind::close) continue;
    for (const evidence::Row& row : evidence.rows("person"))
      if (evidence::Evidence::text("person", row, "closes") == r.closes &&
          evidence::Evidence::text("person", row, "kind") == "close") {
        evidence.close(r.closes, evidence::Evidence::text("person", row, "id"));
        break;
      }
  }
}

}  // namespace assay::intake
