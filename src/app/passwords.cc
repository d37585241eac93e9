#include "app/passwords.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "app/firmware_strings.h"
#include "base/data.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "passwords/examine.h"
#include "report/scan_report.h"
#include "report/terminal.h"

namespace assay::app {
namespace {

using passwords::Batch;
using passwords::Examination;
using passwords::Finding;
using std::string;

constexpr std::string_view kExaminer = "passwords/1";
constexpr std::string_view kLaw = "schemes/uk-psti.yaml";
constexpr std::string_view kBans[] = {"S1P1.2", "S1P1.3a", "S1P1.3b", "S1P1.3c", "S1P1.3d"};

struct Ban {
  string id, cite, title;
  bool broken = false;
};

// The law's requirements on passwords, in the words of its data file, and which of them the findings break.
Result<std::vector<Ban>> bans_of(const Examination& e) {
  std::set<string> broken;
  for (const Finding& f : e.findings)
    if (f.breaks) broken.insert(f.bans.begin(), f.bans.end());
  std::vector<Ban> out;
  const Node& law = *ASSAY_TRY(data::file(string(kLaw)));
  for (const std::string_view id : kBans)
    for (const Node& r : law["requirements"].items())
      if (r["id"].text() == id)
        out.push_back({"uk-psti:" + string(id), r["cite"].text(), r["title"].text(), broken.contains(string(id))});
  return out;
}

Result<void> read_budget(std::string_view text, passwords::SearchOptions& o) {
  const auto bad = [](const string& what) {
    return fail(Error{Errc::invalid,
                      "--budget: " + what,
                      "usage",
                      {},
                      "Write candidates=400M, time=60 (seconds), or both with a comma."});
  };
  if (text.empty()) return {};
  for (const std::string_view part : split(text, ',')) {
    const std::size_t at = part.find('=');
    const std::string_view key = part.substr(0, at);
    std::string_view value = at == string::npos ? std::string_view() : part.substr(at + 1);
    std::uint64_t scale = 1;
    if (!value.empty() && !is_digit(value.back())) {
      scale = value.back() == 'K' ? 1'000 : value.back() == 'M' ? 1'000'000 : value.back() == 'G' ? 1'000'000'000 : 0;
      value.remove_suffix(1);
    }
    if (scale == 0 || value.empty() || value.size() > 9 || !std::all_of(value.begin(), value.end(), is_digit))
      return bad(fmt::format("'{}' is no limit", part));
    const std::uint64_t number = std::stoull(string(value)) * scale;
    if (key == "candidates")
      o.candidates = number;
    else if (key == "time" && number <= 1'000'000)
      o.seconds = static_cast<std::uint32_t>(number);
    else
      return bad(fmt::format("there is no limit '{}'", key));
  }
  return {};
}

// What was found of one unit, without its password; several findings with a semicolon.
void add_rows(const Batch& batch, const Examination& e, const PasswordOptions& o, const string& name,
              std::uint64_t size, evidence::Evidence& out) {
  JsonWriter scope;
  scope.object(true).field("devices", static_cast<std::uint64_t>(batch.units.size()));
  if (!o.entry.empty()) scope.field("entry", o.entry);
  if (!o.sampling.empty()) scope.field("sampling", o.sampling);
  const string typed = scope.end_object().take();
  out.add_artefact(e.artefact, e.artefact, "batch", name, "batch", size, {{"unit_password", string(kExaminer), typed}});
  std::vector<std::vector<string>> details(batch.units.size());
  std::vector<std::set<string>> bans(batch.units.size());
  for (const Finding& f : e.findings)
    for (const std::uint32_t u : f.units) {
      if (f.breaks)
        for (const string& b : f.bans) bans[u].insert("uk-psti:" + b);
      if (f.breaks) details[u].push_back(f.formula.empty() || f.id == "same-password" ? f.id : f.id + ": " + f.formula);
    }
  for (std::size_t i = 0; i < batch.units.size(); ++i) {
    const passwords::Unit& u = batch.units[i];
    string serial, identifiers;
    for (std::size_t c = 0; c < batch.columns.size(); ++c) {
      if (u.identifiers[c].empty()) continue;
      if (batch.find(passwords::Kind::serial) == c)
        serial = clean_utf8(u.identifiers[c]);
      else
        identifiers += (identifiers.empty() ? "" : "; ") + clean_utf8(batch.columns[c].title + "=" + u.identifiers[c]);
    }
    const auto text = [](string t) { return t.empty() ? Value() : Value(std::move(t)); };
    out.add_row("unit_password", {{"artefact", e.artefact},
                                  {"source", string("batch")},
                                  {"place", fmt::format("line {}", u.line)},
                                  {"at", std::int64_t{u.line}},
                                  {"entry", text(o.entry)},
                                  {"serial", text(serial)},
                                  {"identifiers", text(identifiers)},
                                  {"digest", e.digests[i]},
                                  {"class", e.classes[i]},
                                  {"detail", text(join(details[i], "; "))},
                                  {"bans", text(join({bans[i].begin(), bans[i].end()}, ","))},
                                  {"examiner", string(kExaminer)},
                                  {"confidence", string("high")}});
  }
  const auto missing = [&](string why) {
    out.add(Unexamined{name, "unit_password", string(kExaminer), std::move(why)}, e.artefact, "batch");
  };
  if (!e.searched.cut.empty())
    missing(fmt::format("derivations were searched to depth {} only: {}", e.searched.depth_done, e.searched.cut));
  if (!batch.empty.empty())
    missing(fmt::format("{} lines have no password, the first of them line {}", batch.empty.size(), batch.empty[0]));
  if (e.searched.cut.empty()) out.complete(e.artefact, "unit_password", kExaminer, typed);
}

// "less than 1 in 10^12"
string chance(const Finding& f) {
  if (f.log10_bound < -300) return "less than 1 in 10^300";
  return fmt::format("less than 1 in 10^{:.0f}", std::floor(-f.log10_bound));
}

string lines_of(const Finding& f, const Batch& batch) {
  if (f.units.size() == batch.units.size() || f.units.empty()) return {};
  string out;
  for (std::size_t i = 0; i < f.units.size() && i < 4; ++i)
    out += (i ? ", " : "") + report::shorten(batch.label(batch.units[f.units[i]]), 24);
  if (f.units.size() > 4) out += fmt::format(" and {} more", f.units.size() - 4);
  return out;
}

string shape_words(const Examination& e) {
  const auto& n = e.entropy;
  const string length = n.shortest == n.longest ? fmt::format("{} characters", n.longest)
                                                : fmt::format("{} to {} characters", n.shortest, n.longest);
  const char* alphabet = n.alphabet == 10                       ? "digits"
                         : n.alphabet == 16                     ? "digits and letters a to f"
                         : n.alphabet == 26                     ? "letters of one case"
                         : n.alphabet == 32 || n.alphabet == 36 ? "digits and letters of one case"
                         : n.alphabet == 52                     ? "letters of both cases"
                         : n.alphabet == 62                     ? "digits and letters of both cases"
                         : n.alphabet == 6                      ? "letters a to f"
                                                                : "letters, digits and other characters";
  return n.alphabet == 0 ? length : length + ", " + alphabet;
}

string show(const Batch& batch, const Examination& e, const std::vector<Ban>& bans, const PasswordOptions& o,
            const string& name, const Shown& shown, bool firmware_all) {
  const report::Terminal t{shown.colour, shown.unicode};
  const std::size_t n = batch.units.size();
  const string right = "sha256 " + e.artefact.substr(0, 16);
  string left = report::shorten_place(name, 40, shown.unicode) + fmt::format("  {} units", grouped(n));
  string out = report::pad(left, report::Terminal::kWidth - right.size()) + right + "\n\n";

  const auto fails = static_cast<std::size_t>(
      std::count_if(e.findings.begin(), e.findings.end(), [](const Finding& f) { return f.breaks; }));
  string verdict;
  if (fails > 0) {
    verdict = e.findings[0].title;
    verdict[0] = static_cast<char>(verdict[0] >= 'a' && verdict[0] <= 'z' ? verdict[0] - 32 : verdict[0]);
    out += report::wrapped(t.shape(Verdict::fail) + " ", t.colour ? verdict + "." : verdict + ".");
  } else {
    out += report::wrapped(t.shape(Verdict::inconclusive) + " ",
                           n < 10 ? "Nothing was found against these passwords. That is little: ten units are the "
                                    "least that the rules count, sixty and more tell much."
                                  : "Nothing was found against these passwords. That disproves nothing: it is no proof "
                                    "that they are random.");
  }
  std::set<string> models;
  std::vector<string> columns;
  for (const passwords::Column& c : batch.columns)
    columns.push_back(c.kind == passwords::Kind::other ? "“" + c.title + "”" : string(passwords::name(c.kind)));
  out += "\n" + t.bold("BATCH") + "\n";
  out +=
      report::wrapped("  passwords   ", fmt::format("{}; {} different", shape_words(e), grouped(e.entropy.different)));
  if (e.entropy.alphabet > 0)
    out += report::wrapped("  at most     ",
                           fmt::format("{:.1f} bits by length and alphabet, {:.1f} by what is seen at each position",
                                       e.entropy.space_bits, e.entropy.observed_bits));
  out += report::wrapped("  printed     ", columns.empty()
                                               ? string("nothing beside the password: derivations cannot be looked for")
                                               : join(columns, ", "));

  if (!e.findings.empty()) {
    out += "\n" + t.bold("FOUND") + "\n";
    for (const Finding& f : e.findings) {
      string title =
          f.title +
          fmt::format(" ({:.0f} %)", std::floor(100.0 * static_cast<double>(f.units.size()) / static_cast<double>(n)));
      out += report::wrapped("  " + t.shape(f.breaks ? Verdict::fail : Verdict::inconclusive) + " ", title);
      if (!f.formula.empty()) out += report::wrapped("      ", f.formula);
      if (!f.expression.empty() && f.expression != f.formula && f.expression.size() < 200)
        out += report::wrapped("      = ", f.expression);
      if (const string units = lines_of(f, batch); !units.empty()) out += report::wrapped("      units: ", units);
      if (f.by_chance)
        out += report::wrapped("      ", "by chance: " + chance(f) +
                                             (f.tried >= 1 ? fmt::format(", over the {} candidates tried",
                                                                         grouped(static_cast<std::uint64_t>(f.tried)))
                                                           : string()));
      if (!f.next.empty()) out += report::wrapped("      mend: ", f.next);
    }
  }
  out += "\n" + t.bold("UNITED KINGDOM") + "  SI 2023/1007, schedule 1, paragraph 1\n";
  for (const Ban& b : bans) {
    string cite = b.cite;
    if (const std::size_t at = cite.find("para "); at != string::npos) cite = cite.substr(at + 5);
    out +=
        report::wrapped("  " + t.shape(b.broken ? Verdict::fail : Verdict::inconclusive) + " " + report::pad(cite, 9),
                        fmt::format("{}: {}", b.title, b.broken ? "broken" : "nothing found"));
  }
  out += "\n" + t.bold("LOOKED FOR") + "\n";
  out += report::wrapped("  ",
                         "the same password twice, lists of defaults, too few values, bias, order, sequences, words, "
                         "dates: all tests together accuse one good batch in 1 000 000 (Bonferroni)");
  if (!batch.columns.empty() && !(e.entropy.different == 1)) {
    string search = "copies, arithmetic, counters, linear congruential sequences, seeded generators";
    if (e.searched.planned > 0)
      search += fmt::format("; digests to depth {}, {} hashes{}", e.searched.depth_done, grouped(e.searched.hashes),
                            o.firmware.empty() ? ""
                            : firmware_all     ? ", with the strings of the firmware"
                                               : ", with the first 20 000 strings of the firmware");
    out += report::wrapped("  ", search);
  }
  if (!e.searched.cut.empty())
    out +=
        report::wrapped("  " + t.shape(Verdict::inconclusive) + " ", "the search is not complete: " + e.searched.cut);
  out += "\n";
  const bool derived = std::any_of(e.findings.begin(), e.findings.end(),
                                   [](const Finding& f) { return f.id == "derived" || f.id == "counter"; });
  if (derived) out += report::wrapped("", "The formula opens every device of this kind: keep this report as a secret.");
  if (fails > 0)
    out += "Next: name the file in product.yaml (batch:), then assay assess DIR\n";
  else if (o.firmware.empty() && !batch.columns.empty())
    out += report::wrapped(
        "Next: ",
        fmt::format("assay passwords {} --firmware IMAGE --depth 4 tries constants of the firmware and longer formulas",
                    name));
  else
    out += report::wrapped(
        "Next: ", "ask the maker for the generator: its source of randomness decides, and no batch can show it");
  return out;
}

string json_of(const Batch& batch, const Examination& e, const std::vector<Ban>& bans, const PasswordReport& r,
               const string& name, const Shown& shown) {
  JsonWriter w(1);
  w.object();
  w.key("assay").object(true).field("version", shown.version).field("data_version", data::version()).end_object();
  w.key("batch").object();
  w.field("file", name).field("sha256", e.artefact).field("units", static_cast<std::uint64_t>(batch.units.size()));
  w.field("password_column", printable(batch.password_column)).key("columns").array(true);
  for (const passwords::Column& c : batch.columns)
    w.object(true).field("title", c.title).field("kind", passwords::name(c.kind)).end_object();
  w.end_array()
      .key("columns_left_out")
      .texts(batch.unused)
      .field("lines_without_password", static_cast<std::uint64_t>(batch.empty.size()));
  w.end_object();
  w.key("passwords").object();
  w.field("shortest", static_cast<std::uint64_t>(e.entropy.shortest))
      .field("longest", static_cast<std::uint64_t>(e.entropy.longest));
  w.field("different", static_cast<std::uint64_t>(e.entropy.different))
      .field("alphabet", static_cast<std::uint64_t>(e.entropy.alphabet));
  w.field("bits_at_most", std::round(e.entropy.space_bits * 10) / 10)
      .field("bits_seen", std::round(e.entropy.observed_bits * 10) / 10);
  w.end_object();
  w.key("findings").array();
  for (const Finding& f : e.findings) {
    w.object();
    w.field("id", f.id)
        .field("breaks", f.breaks)
        .field("title", f.title)
        .field("formula", f.formula)
        .field("expression", f.expression);
    w.field("units", static_cast<std::uint64_t>(f.units.size()))
        .field("share", static_cast<double>(f.units.size()) / static_cast<double>(batch.units.size()));
    w.key("log10_false_positive_bound");
    if (f.by_chance)
      w.value(std::round(f.log10_bound * 10) / 10);
    else
      w.null();
    w.field("tried", static_cast<std::uint64_t>(f.tried)).key("requirements").array(true);
    for (const string& b : f.bans) w.value("uk-psti:" + b);
    w.end_array().field("mend", f.next).end_object();
  }
  w.end_array().key("requirements").array();
  for (const Ban& b : bans)
    w.object(true)
        .field("id", b.id)
        .field("cite", b.cite)
        .field("title", b.title)
        .field("broken", b.broken)
        .end_object();
  w.end_array();
  w.key("search")
      .object(true)
      .field("depth", e.searched.depth_done)
      .field("hashes", e.searched.hashes)
      .field("planned", e.searched.planned);
  w.field("cut", e.searched.cut)
      .field("reproducible", e.searched.reproducible)
      .field("error_rate_log10", passwords::kFamilyLog10)
      .end_object();
  w.key("tables");
  r.evidence.write_json(w);
  w.end_object();
  return w.take() + "\n";
}

}  // namespace

Result<PasswordReport> examine_passwords(const PasswordOptions& o, const Shown& shown) {
  const string name = o.name.empty() ? o.file.filename().string() : o.name;
  const string file = ASSAY_TRY(read_file(o.file, passwords::kMostBytes + 1));
  const Batch batch = ASSAY_TRY(passwords::read_batch(file, o.file.string(), o.column));
  PasswordReport out;
  passwords::SearchOptions search;
  search.depth = o.depth;
  search.jobs = o.jobs;
  search.progress = o.progress;
  search.stop = o.stop;
  ASSAY_TRY(read_budget(o.budget, search));
  bool all_strings = true;
  if (!o.firmware.empty()) {
    FirmwareStrings strings = ASSAY_TRY(firmware_strings(o.firmware, o.examine));
    search.constants = std::move(strings.constants);
    search.alphabets = std::move(strings.alphabets);
    all_strings = strings.all;
    for (string& r : strings.remarks) out.remarks.push_back(std::move(r));
    if (!strings.all)
      out.remarks.push_back(fmt::format("{}: only the first {} of its strings are tried",
                                        o.firmware.filename().string(), grouped(kMostConstants)));
  }
  const Examination e = ASSAY_TRY(passwords::examine(batch, file, search));
  add_rows(batch, e, o, name, file.size(), out.evidence);
  out.evidence.finish();
  for (const string& r : batch.remarks) out.remarks.push_back(r);
  for (const string& c : batch.unused)
    out.remarks.push_back(
        fmt::format("Column {} looks like a password too and was left out; --column {} examines it.", c, c));
  out.breaks = e.breaks();
  out.reproducible = e.searched.reproducible;
  const std::vector<Ban> bans = ASSAY_TRY(bans_of(e));
  if (shown.json)
    out.json = json_of(batch, e, bans, out, name, shown);
  else
    out.text = show(batch, e, bans, o, name, shown, all_strings);
  return out;
}

Result<string> passwords_csv(const PasswordReport& r) { return report::table_csv(r.evidence, "unit_password"); }

}  // namespace assay::app
