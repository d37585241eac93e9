// What judging and deciding say about one product: the shapes of assessment.json (interfaces). Plain values; report/,
// scheme/ and app/ hand them on.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/verdict.h"

namespace assay {

// A row of an evidence table that speaks for or against, with what it means here.
struct Finding {
  enum class Role : unsigned char { fail, missing, doubt, confirm };
  Role role = Role::fail;
  std::string entry;  // empty: the whole unit
  std::string table;
  std::string id;
  std::string why;   // one line
  std::string mend;  // an order to the maker; empty where there is none
};
std::string_view name(Finding::Role role);

struct PersonVerdict {
  Verdict value = Verdict::inconclusive;
  std::string by, date, reason, evidence;
  std::vector<std::string> overrules;  // row ids
  bool stale = false;
};

struct EntryVerdict {
  std::string entry;  // empty: the DUT, or the whole unit
  std::string title;
  Verdict machine = Verdict::not_assessed;
  std::optional<PersonVerdict> person;
  Verdict value = Verdict::not_assessed;  // the effective one
};

enum class Coverage : unsigned char { absent, partial, complete };
std::string_view name(Coverage coverage);

struct UnitVerdict {
  std::string id;         // "ts103701:1.1.1:5.6-1-2.b"
  std::string unit;       // "5.6-1-2.b", as the edition at hand calls it (no @)
  std::string case_id;    // "5.6-1-2"
  std::string provision;  // "5.6-1"
  std::string method;     // conceptual, functional
  std::string decide;     // automatic, disproves_only, assisted, by_hand
  std::string asks;
  Verdict machine = Verdict::not_assessed;
  Verdict value = Verdict::not_assessed;
  std::string by;                  // "rule", "person", "rule and person", "nobody"
  std::string rule;                // name; empty: no rule for this unit yet
  std::string reason;              // one sentence: why this verdict
  std::string question;            // of the rule's `ask`; what a person is asked, or empty
  std::vector<std::string> needs;  // what it takes, in words: "tcp ports 1-65535 scanned"
  Coverage coverage = Coverage::absent;
  std::vector<EntryVerdict> entries;
  std::vector<Finding> findings;
  std::string shown_digest;             // what a person's verdict has to name so as not to be stale
  std::string steps, note;              // of the rule's `ask`: how to do it, what to record
  std::vector<std::string> errors;      // queries that failed, and rows that were not what a row must be
  std::vector<std::string> set_aside;   // looks and unexamined parts that a person set aside, with the reason
  std::vector<std::string> not_given;   // claims that the rule reads and nobody declared: "1-AuthMech"
  std::optional<PersonVerdict> person;  // of the whole unit
};

struct CaseVerdict {
  std::string id, case_id, provision, method;  // id: "ts103701:1.1.1:5.6-1-2"
  Verdict value = Verdict::not_assessed;
  std::vector<std::string> units;  // UnitVerdict::unit
};

struct ProvisionVerdict {
  std::string id;          // "en303645:2.1.1:5.6-1"
  std::string provision;   // "5.6-1"
  std::string clause;      // "5.6"
  std::string title;       // own words
  std::string asks;        // own words
  bool mandatory = false;  // applicable strength: "shall" against "should"
  std::string ics;         // Y, N, N/A, or empty: not answered
  std::string ics_detail;
  Verdict group = Verdict::not_assessed;  // the fold of its cases
  Verdict value = Verdict::not_assessed;  // after the ICS row
  std::string reason;
  std::vector<std::string> cases;
};

struct Contradiction {
  std::string unit;  // or empty: of an ICS row
  std::string provision;
  std::string claimed;                                    // one line: "port 23 is not listed"
  std::string observed;                                   // one line: "the firmware starts telnetd on tcp port 23"
  Verdict verdict = Verdict::inconclusive;                // of the provision
  std::vector<std::pair<std::string, std::string>> rows;  // table, id
};

struct Conformity {
  std::string scheme, level;
  std::string result;  // conforms, conforms_with_residual, does_not_conform, undetermined, out_of_scope
  std::vector<std::string> residual, failed, open;
  std::string legal_effect;  // duty_met, application_possible, deemed_compliant, presumption_of_conformity, none
  std::string deemed_by, valid_until;  // or empty
  std::vector<std::string> why;
  std::string confidence;
};

struct Recognition {
  std::string from_scheme, from_level, to_scheme, to_level;
  std::string effect, by, usable;
  std::vector<std::string> conditions;
  std::string valid_until, confidence;
};

struct HeldMark {
  std::string scheme, level, from, until, edition, basis = "application";
};

struct Fix {
  std::string mend;
  std::vector<Finding> rows;
  std::vector<std::string> provisions;  // "5.1-1"
  std::vector<std::string> turns;       // "uk-psti", "sg-cls:L1": what it helps to turn

  // What mends doubts alone turns no verdict from fail to pass. A fix without rows mends what it names.
  bool only_doubts() const {
    return !rows.empty() &&
           std::all_of(rows.begin(), rows.end(), [](const Finding& f) { return f.role == Finding::Role::doubt; });
  }
};

struct Product {
  std::string id, name, model, firmware_version, maker, category;
  std::string support_from, support_until, contact;
  std::vector<std::string> markets;
  std::vector<HeldMark> held;
};

struct Assessment {
  Product product;
  std::string en_edition, ts_edition;  // "2.1.1", "1.1.1"
  Date at;
  std::vector<UnitVerdict> units;
  std::vector<CaseVerdict> cases;
  std::vector<ProvisionVerdict> provisions;
  std::vector<Contradiction> contradictions;
  std::vector<Conformity> conformity, conformity_after;  // today; with the listed fixes made
  std::vector<Recognition> recognition;
  std::vector<std::string> notes;  // of deciding
  std::vector<Fix> fixes;
  std::string evidence_digest, rules_digest, data_version;
  bool reproducible = true;
};

}  // namespace assay
