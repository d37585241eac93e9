// The tables of docs/dossier.md are those of data/standards/ixit.yaml. ASSAY_UPDATE_EXPECTED=1 writes them anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "evidence/claims.h"
#include "intake/dossier.h"

namespace assay::intake {
namespace {

using evidence::ClaimField;
using evidence::ClaimTable;
using evidence::FieldType;

std::string kind_of(const ClaimField& f) {
  switch (f.type) {
    case FieldType::text:
      return "free text";
    case FieldType::code:
      return "text";
    case FieldType::flag:
      return "true or false";
    case FieldType::list: {
      if (!f.words.empty()) return "list of: " + join(f.words, ", ");
      std::string to;
      for (const std::string& view : f.refers)
        for (const char* edition : {"1.1.1", "2.1.1"})
          for (const ClaimTable* t : evidence::tables_behind(view, edition)) {
            const std::string label = fmt::format("{}-{}", t->number, t->name(edition));
            if (to.find(label) == std::string::npos) to += (to.empty() ? "" : ", ") + label;
          }
      return to.empty() ? "list of texts" : "list of ids in " + to;
    }
    case FieldType::word:
      return join(f.words, ", ");
    default:
      return std::string(name(f.type));
  }
}

std::string reference() {
  std::string out;
  for (const ClaimTable& t : evidence::claim_schema()) {
    std::string editions;
    for (const std::string& ts : t.editions) editions += (editions.empty() ? "V" : " and V") + en_edition_of(ts);
    std::string label = t.label();
    if (!t.name_v1.empty() && !t.name_v2.empty() && t.name_v1 != t.name_v2)
      label += fmt::format(" (V3.1.3: {}-{})", t.number, t.name_v2);
    out += fmt::format(
        "### {}\n\n{}, {}; {}. View `{}`.\n\n| key | the standard's field | type | meaning |\n|---|---|---|---|\n",
        label, t.list ? "Entries" : "Form", t.about, editions, t.view);
    for (const ClaimField& f : t.fields) {
      std::string standard = f.name;
      if (!f.name_v2.empty()) standard += " (V3.1.3: " + f.name_v2 + ")";
      if (!f.editions.empty() && !standard.empty())
        standard += fmt::format(" (V{} only)", en_edition_of(f.editions.front()));
      std::string about = f.about;
      if (f.type == FieldType::list) about += fmt::format("{}`{}.{}`", about.empty() ? "" : "; ", f.view, f.column);
      out += fmt::format("| `{}` | {} | {} | {} |\n", f.key, standard, kind_of(f), about);
    }
    out += "\n";
  }
  return out;
}

TEST(Reference, DocsHaveTheTablesAsTheyAre) {
  const std::filesystem::path path = std::filesystem::path(ASSAY_SOURCE_DIR) / "docs/dossier.md";
  const auto text = read_file(path, 1 << 20);
  ASSERT_TRUE(text.has_value()) << text.error().text();
  const std::string_view begin = "<!-- tables -->\n", end = "<!-- end of tables -->\n";
  const std::size_t from = text->find(begin), to = text->find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const std::string wanted = text->substr(0, from) + std::string(begin) + "\n" + reference() + text->substr(to);
  if (std::getenv("ASSAY_UPDATE_EXPECTED") != nullptr) {
    ASSERT_TRUE(write_file(path, wanted).has_value());
    return;
  }
  EXPECT_EQ(*text, wanted) << "run the tests once with ASSAY_UPDATE_EXPECTED=1";
}

}  // namespace
}  // namespace assay::intake
