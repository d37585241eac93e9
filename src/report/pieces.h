// Pieces that several sections of the report use: shapes, dates, links, places, facts. Shared inside report/ only.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "report/html.h"
#include "report/report.h"

namespace assay::report {

Html shape(Verdict verdict);                                  // the svg alone
Html verdict_words(Verdict verdict);                          // shape and word, coloured
Html verdict_words(Verdict verdict, std::string_view words);  // shape with other words
Html result_words(std::string_view result);                   // of a conformity
std::string css_class(Verdict verdict);                       // "not-assessed"
std::string shape_path(Verdict verdict);                      // of the svg
Html date_words(Date day, Date from);                         // <time> in full, then the distance
Html provision_link(std::string_view provision);
const MarketLabel* label_of(const ReportInput& in, std::string_view scheme, std::string_view level);
// The rows of the first screen: laws and governments' labels in the markets that were asked for.
std::vector<const Conformity*> official(const ReportInput& in);
std::vector<std::string> market_codes(const ReportInput& in,
                                      const std::vector<std::string>& turns);  // of a fix: "GB", "SG"
std::string result_text(std::string_view result);                              // "does not conform"
std::string artefact_name(const evidence::Evidence& e, std::string_view id);

// One fact with its place, bytes and meaning; an empty Html where the row does not exist.
Html fact_figure(const ReportInput& in, const Finding& finding);

// Counts of provisions by verdict, in the fold's order.
std::map<Verdict, int> count_provisions(const Assessment& a);
// "1 fail, 2 inconclusive"; empty where all is well.
std::string not_passed(const std::map<Verdict, int>& counts);

// The answer in one sentence, and what stands beside it.
struct Answer {
  Verdict verdict = Verdict::not_assessed;
  std::string sentence, more;
};
Answer answer(const Assessment& a);

Html outcome_section(const ReportInput& in);
Html contradictions_section(const ReportInput& in);
Html baseline_section(const ReportInput& in);
Html not_assessed_section(const ReportInput& in);
Html provisions_section(const ReportInput& in);
Html examined_section(const ReportInput& in);
Html components_section(const ReportInput& in);
Html recognition_section(const ReportInput& in);
Html plan_section(const ReportInput& in);
Html method_section(const ReportInput& in);

}  // namespace assay::report
