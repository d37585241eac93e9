#include "app/assess.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "app/passwords.h"
#include "app/plan.h"
#include "app/schemes.h"
#include "base/data.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/node.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "intake/dossier.h"
#include "judge/judge.h"
#include "judge/rule.h"
#include "report/report.h"
#include "scheme/decide.h"
#include "scheme/scheme.h"

namespace assay::app {
namespace {

namespace fs = std::filesystem;

fs::path out_of(const AssessOptions& o) { return o.out.empty() ? o.dossier / "out" : o.out; }

// A dossier with mistakes in it is not assessed: a claim that was not read would count as not made.
Result<intake::Dossier> sound_dossier(const fs::path& directory) {
  intake::Dossier dossier = ASSAY_TRY(intake::read_dossier(directory));
  std::size_t errors = 0;
  const intake::Problem* first = nullptr;
  for (const intake::Problem& p : dossier.problems) {
    if (p.severity != intake::Severity::error) continue;
    if (!first) first = &p;
    ++errors;
  }
  if (!first) return dossier;
  std::string hint = "Nothing was written.";
  hint += errors > 1
              ? fmt::format(" There are {} such places; to see them all: assay lint {}", errors, directory.string())
              : fmt::format("\nTo check again: assay lint {}", directory.string());
  return fail(Error{Errc::malformed, intake::show(*first, directory.string()), {}, {}, hint});
}

Result<const intake::FirmwareRef*> choose_firmware(const intake::Dossier& dossier, const std::string& name) {
  if (name.empty()) return dossier.newest_firmware();
  if (const intake::FirmwareRef* f = dossier.firmware_named(name)) return f;
  std::vector<std::string> known;
  for (const intake::FirmwareRef& f : dossier.firmware) known.push_back(f.name);
  return fail(Error{Errc::invalid,
                    fmt::format("the dossier has no firmware '{}'", name),
                    (dossier.directory / "product.yaml").string(),
                    {},
                    known.empty() ? "It names no firmware at all." : "It names " + join(known, ", ") + "."});
}

Result<void> examine(const intake::Dossier& dossier, const intake::FirmwareRef& firmware, const AssessOptions& o,
                     Assessed& out) {
  const fs::path file = dossier.directory / firmware.file;
  std::error_code error;
  if (!fs::exists(file, error)) {
    const std::string hint = firmware.made_by.empty() ? "Put the image there, or take it out of product.yaml."
                                                      : fmt::format("A script makes it: {}",
                                                                    (dossier.directory / firmware.made_by).string());
    return fail(Error{
        Errc::not_found, fmt::format("the image of firmware {} is not there", firmware.name), file.string(), {}, hint});
  }
  const Examined examined = ASSAY_TRY(examine_firmware(file, o.examine, out.evidence));
  out.assessment.reproducible = out.assessment.reproducible && examined.reproducible;
  for (const std::string& r : examined.remarks) out.remarks.push_back(r);
  return {};
}

// Passwords of production batches, with the firmware's strings where there is one.
Result<void> examine_batches(const intake::Dossier& dossier, const intake::FirmwareRef* firmware,
                             const AssessOptions& o, Assessed& out) {
  for (const intake::BatchRef& b : dossier.batches) {
    PasswordOptions p;
    p.file = dossier.directory / b.file;
    p.name = b.file;
    p.column = b.column;
    p.entry = b.entry;
    p.sampling = b.sampling;
    if (firmware != nullptr) p.firmware = dossier.directory / firmware->file;
    p.examine = o.examine;
    p.jobs = o.examine.jobs;
    p.progress = o.examine.progress;
    PasswordReport report = ASSAY_TRY(examine_passwords(p, {}));
    out.evidence.take(std::move(report.evidence));
    out.assessment.reproducible = out.assessment.reproducible && report.reproducible;
    for (std::string& r : report.remarks) out.remarks.push_back(b.file + ": " + std::move(r));
  }
  return {};
}

// A ban of the UK law that a batch breaks, where its claim is of a password that the user does not choose. The law asks
// this of the product itself, so no rule of the baseline stands between.
// Returns a note for each.
Result<std::vector<std::string>> add_bans(const evidence::Evidence& evidence, scheme::DecideInput& in) {
  std::set<std::string> preset;
  std::map<std::string, std::size_t> broken;
  for (const evidence::Row& r : evidence.rows("ixit_1")) {
    const auto text = [&](std::string_view column) { return evidence::Evidence::text("ixit_1", r, column); };
    if (text("origin") != "user-defined" && text("used_after_setup") != "0") preset.insert(text("entry"));
  }
  for (const evidence::Row& r : evidence.rows("unit_password")) {
    const std::string bans = evidence::Evidence::text("unit_password", r, "bans");
    if (preset.contains(evidence::Evidence::text("unit_password", r, "entry")))
      for (const std::string_view ban : split(bans, ','))
        if (!ban.empty()) ++broken[std::string(ban)];
  }
  std::vector<std::string> notes;
  const scheme::Register& all = *ASSAY_TRY(scheme::schemes());
  for (const auto& [ban, units] : broken) {
    in.verdicts[ban] = Verdict::fail;
    const scheme::Scheme* law = all.scheme("uk-psti");
    const scheme::Requirement* r = law != nullptr ? law->requirement(ban) : nullptr;
    notes.push_back(fmt::format("{}: broken by {} preset password{} of the batch: {} ({})", ban, units,
                                units == 1 ? "" : "s", r != nullptr ? r->title : "", r != nullptr ? r->cite : ""));
  }
  return notes;
}

Result<std::vector<report::MarketLabel>> labels(Date at) {
  static constexpr std::pair<std::string_view, std::string_view> kCountries[] = {
      {"GB", "United Kingdom"}, {"SG", "Singapore"},
      {"AU", "Australia"},      {"JP", "Japan"},
      {"DE", "Germany"},        {"FI", "Finland"},
      {"KR", "Korea"},          {"EU", "European Union"},
      {"US", "United States"},  {"IN", "India"},
      {"BR", "Brazil"},         {"CN", "China"},
      {"CA", "Canada"},         {"international", "International"}};
  std::vector<report::MarketLabel> out;
  const scheme::Register& all = *ASSAY_TRY(scheme::schemes());
  for (const scheme::LevelTitle& t : ASSAY_TRY(scheme::level_titles())) {
    std::string country = t.market;
    for (const auto& [code, name] : kCountries)
      if (code == t.market) country = std::string(name);
    out.push_back({t.scheme, t.level, t.market == "international" ? "INT" : t.market, country, t.title,
                   t.kind == "law" || t.kind == "label",
                   scheme::not_in_effect(*all.scheme(t.scheme), *all.scheme(t.scheme)->level(t.level), at)});
  }
  return out;
}

scheme::DecideInput decide_input(const Assessment& a, const std::vector<std::string>& markets) {
  scheme::DecideInput in;
  in.product = a.product.id;
  in.category = a.product.category;
  in.at = a.at;
  in.markets = markets.empty() ? a.product.markets : markets;
  in.held = a.product.held;
  for (const ProvisionVerdict& p : a.provisions) in.verdicts[p.id] = p.value;
  return in;
}

// From finished evidence to verdicts, conformity and fixes.
Result<void> judge_and_decide(const AssessOptions& o, const catalogue::Edition& edition, Assessed& out) {
  Assessment& a = out.assessment;
  const judge::RuleSet rules = ASSAY_TRY(judge::load_rules());
  judge::Judgement judgement = ASSAY_TRY(judge::judge(out.evidence, edition, rules, {.at = o.at}));
  a.units = std::move(judgement.units);
  a.cases = std::move(judgement.cases);
  a.provisions = std::move(judgement.provisions);
  a.contradictions = std::move(judgement.contradictions);
  a.fixes = std::move(judgement.fixes);
  a.rules_digest = judgement.rules_digest;
  a.evidence_digest = out.evidence.digest();
  a.data_version = data::version();

  scheme::DecideInput in = decide_input(a, o.markets);
  const std::vector<std::string> bans = ASSAY_TRY(add_bans(out.evidence, in));
  scheme::Decision today = ASSAY_TRY(scheme::decide(in));
  a.conformity = std::move(today.conformity);
  a.recognition = std::move(today.recognition);
  a.notes = std::move(today.notes);
  a.notes.insert(a.notes.end(), bans.begin(), bans.end());
  if (!a.fixes.empty()) {
    ASSAY_TRY(scheme::order_fixes(in, a.fixes));
    if (std::any_of(a.fixes.begin(), a.fixes.end(), [](const Fix& f) { return !f.only_doubts(); }))
      a.conformity_after = ASSAY_TRY(scheme::after_fixes(in, a.fixes)).conformity;
  }
  return {};
}

// What leads to the laws and labels that the product's markets ask for, and what the marks it holds lead to.
Result<report::WorldDiagram> world_of(const Assessment& a) {
  report::WorldDiagram world = ASSAY_TRY(world_on(a.at));
  std::set<std::string> wanted, held;
  for (const report::MarketLabel& l : ASSAY_TRY(labels(a.at)))
    if (l.official && l.code != "INT" &&
        std::any_of(a.conformity.begin(), a.conformity.end(),
                    [&](const Conformity& c) { return c.scheme == l.scheme; }))
      wanted.insert(l.scheme);
  for (const HeldMark& m : a.product.held) held.insert(m.scheme);
  std::erase_if(world.reaches, [&](const report::WorldReach& r) {
    return r.effect == "none" || !(wanted.contains(r.to) || held.contains(r.from));
  });
  std::erase_if(world.marks, [&](const report::WorldMark& m) {
    return std::none_of(world.reaches.begin(), world.reaches.end(),
                        [&](const report::WorldReach& r) { return r.from == m.id || r.to == m.id; });
  });
  return world;
}

// The least further work for the product's own markets.
Result<report::PlanView> plan_of(const AssessOptions& o, const Assessment& a) {
  PlanGround ground;
  ground.product = a.product;
  ground.en_edition = a.en_edition;
  ground.ts_edition = a.ts_edition;
  ground.assessed_at = a.at.iso();
  for (const ProvisionVerdict& p : a.provisions) ground.provisions[p.id] = p.value;
  for (const UnitVerdict& u : a.units) ground.units[u.id] = u.value;
  PlanWanted wanted;
  wanted.markets = o.markets.empty() ? a.product.markets : o.markets;
  wanted.at = a.at;
  return plan_view(ASSAY_TRY(make_plan(std::move(ground), wanted, ASSAY_TRY(read_costs({})))));
}

Result<report::ReportInput> report_input(const AssessOptions& o, const Assessed& assessed) {
  const catalogue::Edition* edition = ASSAY_TRY(catalogue::edition(o.edition));
  return report::ReportInput{assessed.assessment,
                             assessed.evidence,
                             *edition,
                             ASSAY_TRY(labels(assessed.assessment.at)),
                             ASSAY_TRY(world_of(assessed.assessment)),
                             ASSAY_TRY(plan_of(o, assessed.assessment)),
                             o.command,
                             o.assay_version};
}

Result<void> write_all(const AssessOptions& o, Assessed& out) {
  const fs::path directory = out_of(o);
  // A dossier may come from a stranger: a link of its own must not choose where we write.
  std::error_code error;
  if (o.out.empty() && fs::is_symlink(directory, error))
    return fail(Error{Errc::invalid,
                      "is a link; results are not written through a link in a dossier",
                      directory.string(),
                      {},
                      "Name the directory with --out."});
  ASSAY_TRY(make_directory(directory));
  const report::ReportInput in = ASSAY_TRY(report_input(o, out));
  // The assessment names the digest of the evidence, the report that of the assessment: files of two runs, left by one
  // that was killed, are told apart.
  ASSAY_TRY(write_files({{directory / "evidence.db", ASSAY_TRY(out.evidence.file())},
                         {directory / "report.html", report::report_html(in)},
                         {directory / "assessment.json", report::assessment_json(out.assessment)}},
                        o.out.empty() ? Links::refuse : Links::follow));
  std::string shown = directory.string();
  if (!shown.ends_with('/')) shown += '/';
  out.written = {shown, "report.html", "assessment.json", "evidence.db"};
  return {};
}

// Whether assessment.json was made from this evidence; true where there is none, or it cannot be read.
bool of_one_run(const fs::path& directory, const evidence::Evidence& stored) {
  const auto text = read_file(directory / "assessment.json", std::uint64_t{256} << 20);
  if (!text) return true;
  const auto json = parse_json(*text, "assessment.json");
  if (!json) return json.error().code == Errc::limit;
  const Node* named = json->find("evidence_digest");
  return named && named->text() == stored.digest();
}

void start(const AssessOptions& o, const intake::Dossier& dossier, const catalogue::Edition& edition, Assessed& out) {
  out.assessment.product = dossier.product;
  out.assessment.en_edition = edition.en;
  out.assessment.ts_edition = edition.ts;
  out.assessment.at = o.at;
  for (const intake::Problem& p : dossier.problems)
    if (p.severity == intake::Severity::warning) {
      out.remarks.push_back(fmt::format("The dossier has warnings: assay lint {}", o.dossier.string()));
      break;
    }
}

}  // namespace

Result<Assessed> assess(const AssessOptions& o) {
  Assessed out;
  const catalogue::Edition* edition = ASSAY_TRY(catalogue::edition(o.edition));
  // What the maker declares; a mistake in it ends the run before anything is looked at.
  const intake::Dossier dossier = ASSAY_TRY(sound_dossier(o.dossier));
  start(o, dossier, *edition, out);
  // What is in the firmware: facts, each with its bytes.
  const intake::FirmwareRef* firmware = ASSAY_TRY(choose_firmware(dossier, o.firmware));
  if (firmware != nullptr) {
    out.assessment.product.firmware_version = firmware->version;
    ASSAY_TRY(examine(dossier, *firmware, o, out));
  } else {
    out.remarks.push_back("The dossier names no firmware: only the claims are judged.");
  }
  // What the passwords of production batches show.
  ASSAY_TRY(examine_batches(dossier, firmware, o, out));
  // Claims and persons' records beside the facts, in the same tables.
  intake::add_claims(dossier, out.evidence);
  intake::close_rows(dossier, out.evidence);
  out.evidence.finish();
  // Verdicts, what the laws make of them, what to mend first.
  ASSAY_TRY(judge_and_decide(o, *edition, out));
  // All of it, for people and for programs.
  ASSAY_TRY(write_all(o, out));
  std::size_t open = 0;
  for (const auto& file : dossier.files) open += file->gaps.size() + file->unconfirmed.size();
  const bool failed = std::any_of(out.assessment.provisions.begin(), out.assessment.provisions.end(),
                                  [](const ProvisionVerdict& p) { return p.value == Verdict::fail; });
  if (failed)
    out.next = fmt::format("open {}report.html\n      assay plan {}{} says what remains for each market",
                           out.written[0], o.dossier.string(), o.out.empty() ? "" : " --from " + o.out.string());
  if (open > 0) {
    out.next +=
        fmt::format("{}assay lint {} says what is still to be said", failed ? "\n      " : "", o.dossier.string());
    std::error_code error;
    if (const fs::path page = o.dossier / "FIRST-STEPS.md"; fs::is_regular_file(page, error))
      out.next += fmt::format("\n      {} has it in the order that opens most", page.string());
  } else if (!failed) {
    out.next =
        fmt::format("assay verdict {} UNIT pass --by NAME --reason … records what a person found", o.dossier.string());
  }
  return out;
}

Result<Assessed> judge_again(const AssessOptions& o) {
  Assessed out;
  const catalogue::Edition* edition = ASSAY_TRY(catalogue::edition(o.edition));
  const intake::Dossier dossier = ASSAY_TRY(sound_dossier(o.dossier));
  start(o, dossier, *edition, out);
  const fs::path stored = out_of(o) / "evidence.db";
  auto loaded = evidence::Evidence::load(stored);
  if (!loaded) {
    Error error = loaded.error();
    if (error.code == Errc::not_found) error.hint = fmt::format("First: assay assess {}", o.dossier.string());
    return fail(std::move(error));
  }
  out.evidence = std::move(*loaded);
  if (!of_one_run(out_of(o), out.evidence))
    out.remarks.push_back(
        "The stored evidence and assessment were of different runs (one was interrupted, or a file was "
        "replaced); they are of one again.");
  out.evidence.drop_sources({"dossier", "document", "person"});
  for (const evidence::Row& r : out.evidence.rows("artefact")) {
    if (evidence::Evidence::text("artefact", r, "source") != "firmware") continue;
    const std::string name = evidence::Evidence::text("artefact", r, "name");
    std::vector<const intake::FirmwareRef*> named;
    for (const intake::FirmwareRef& f : dossier.firmware)
      if (fs::path(f.file).filename() == name) named.push_back(&f);
    // Versions in folders of their own may share a name; then the bytes tell.
    if (named.size() > 1)
      std::erase_if(named, [&](const intake::FirmwareRef* f) {
        const auto image = digest_file(dossier.directory / f->file);
        return !image || image->sha256 != evidence::Evidence::text("artefact", r, "sha256");
      });
    if (!named.empty()) out.assessment.product.firmware_version = named.front()->version;
  }
  intake::add_claims(dossier, out.evidence);
  intake::close_rows(dossier, out.evidence);
  out.evidence.finish();
  ASSAY_TRY(judge_and_decide(o, *edition, out));
  ASSAY_TRY(write_all(o, out));
  return out;
}

std::string assessed_json(const Assessed& assessed) { return report::assessment_json(assessed.assessment); }

std::string assessed_text(const Assessed& assessed, const AssessOptions& o, bool colour, bool unicode) {
  const auto in = report_input(o, assessed);
  return in ? report::assessment_text(*in, {colour, unicode}, assessed.written, assessed.next)
            : in.error().text() + "\n";
}

bool fails_on(const Assessment& a, std::string_view condition) {
  if (condition.empty()) return false;
  for (const ProvisionVerdict& p : a.provisions)
    if (p.value == Verdict::fail) return true;
  for (const Conformity& c : a.conformity) {
    if (c.result == "does_not_conform") return true;
    if (condition == "residual" && c.result != "conforms" && c.result != "out_of_scope") return true;
  }
  return false;
}

Result<Recorded> record_verdict(const AssessOptions& o, intake::PersonRecord record) {
  const catalogue::Edition* edition = ASSAY_TRY(catalogue::edition(o.edition));
  const intake::Dossier dossier = ASSAY_TRY(sound_dossier(o.dossier));
  const std::string prefix = "ts103701:" + edition->ts + ":";
  std::string unit = record.unit;
  if (unit.starts_with("ts103701:")) {
    if (!unit.starts_with(prefix))
      return fail(Error{Errc::invalid,
                        fmt::format("{} is of another edition than {}", unit, edition->en),
                        {},
                        {},
                        "Name the edition with --edition."});
    unit.erase(0, prefix.size());
  }
  if (!edition->unit(unit))
    return fail(Error{Errc::invalid,
                      fmt::format("TS 103 701 V{} has no test unit '{}'", edition->ts, unit),
                      {},
                      {},
                      "Units look like 5.6-1-2.b; assay rules lists those with rules, the report all of them."});
  record.unit = prefix + unit;

  auto loaded = evidence::Evidence::load(out_of(o) / "evidence.db");
  if (!loaded) {
    Error error = loaded.error();
    if (error.code == Errc::not_found)
      error.hint = fmt::format("A verdict stands on what was shown. First: assay assess {}", o.dossier.string());
    return fail(std::move(error));
  }
  loaded->drop_sources({"dossier", "document", "person"});
  intake::add_claims(dossier, *loaded);
  intake::close_rows(dossier, *loaded);
  loaded->finish();
  const judge::RuleSet rules = ASSAY_TRY(judge::load_rules());
  const judge::Judgement judgement = ASSAY_TRY(judge::judge(*loaded, *edition, rules, {.at = o.at}));
  Recorded out;
  for (const UnitVerdict& u : judgement.units) {
    if (u.unit != unit) continue;
    record.rows_digest = u.shown_digest;
    if (!record.entry.empty() && std::none_of(u.entries.begin(), u.entries.end(),
                                              [&](const EntryVerdict& e) { return e.entry == record.entry; })) {
      std::vector<std::string> known;
      for (const EntryVerdict& e : u.entries)
        if (!e.entry.empty()) known.push_back(e.entry);
      return fail(
          Error{Errc::invalid,
                fmt::format("unit {} has no entry '{}'", unit, record.entry),
                {},
                {},
                known.empty() ? "It is judged as a whole: leave --entry out." : "Its entries: " + join(known, ", ")});
    }
    for (const std::string& row : record.overrules)
      if (std::none_of(u.findings.begin(), u.findings.end(), [&](const Finding& f) { return f.id == row; }))
        return fail(Error{Errc::invalid,
                          fmt::format("row {} is not among those that unit {} shows", row, unit),
                          {},
                          {},
                          "The report names each row."});
    out.shows = fmt::format("{}: {}\n  {}: {}\n", unit, u.asks, u.rule.empty() ? "no rule" : "rule " + u.rule,
                            words(u.machine));
    for (const Finding& f : u.findings)
      out.shows += fmt::format("    {} {}  {}\n", name(f.role), f.id, printable(f.why));
  }
  out.file = ASSAY_TRY(intake::append_record(o.dossier, record));
  out.unit = record.unit;
  return out;
}

Result<std::filesystem::path> record_observation(const std::filesystem::path& directory,
                                                 const intake::PersonRecord& record) {
  ASSAY_TRY(sound_dossier(directory));
  return intake::append_record(directory, record);
}

}  // namespace assay::app
