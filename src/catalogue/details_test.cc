#include "catalogue/details.h"

#include <gtest/gtest.h>

#include "catalogue/catalogue.h"

namespace assay::catalogue {
namespace {

TEST(Details, TheFilesHaveNoMistakes) {
  for (const Error& e : check_details()) ADD_FAILURE() << e.text();
  for (const Error& e : check_editions()) ADD_FAILURE() << e.text();
}

TEST(Details, EveryProvisionCaseUnitAndTableHasItsEntry) {
  const auto read = details();
  ASSERT_TRUE(read) << read.error().text();
  const Details& d = **read;
  EXPECT_EQ(d.provisions.size(), 85u);
  EXPECT_EQ(d.cases.size(), 144u);
  EXPECT_EQ(d.units.size(), 335u);
  EXPECT_EQ(d.tables.size(), 29u);
  std::size_t looks = 0;
  for (const UnitNotes& u : d.units) looks += u.looks.size();
  EXPECT_EQ(looks, 861u);
  for (const Edition* e : editions()) {
    for (const Provision& p : e->provisions) EXPECT_NE(d.provision(p.id), nullptr) << p.id;
    for (const Case& c : e->cases) EXPECT_NE(d.test_case(c.id, e->ts), nullptr) << c.id;
    for (const Unit& u : e->units) EXPECT_NE(d.unit(u.id), nullptr) << u.id;
  }
}

TEST(Details, OfOneCaseAndOneUnit) {
  const Details& d = **details();
  const ProvisionNotes& updates = *d.provision("5.3-4");
  EXPECT_EQ(updates.change, Change::dropped);
  EXPECT_EQ(updates.replaced_by, (std::vector<std::string>{"5.3-4A", "5.3-4B"}));
  EXPECT_EQ(d.test_case("5.12-3-1", "1.1.1")->printed_id, "5.12-3-1");
  EXPECT_EQ(d.test_case("5.12-3-1", "2.1.1")->printed_id, "");
  EXPECT_EQ(d.unit("5.1-1-1.a@V1.1.1")->other_edition, "5.1-1-1.a@V2.1.1");
  EXPECT_EQ(d.unit("5.1-1-1.a@V1.1.1")->looks.front().effect, "disproves");
  EXPECT_EQ(d.group("5.3-2"), "at least one secure mechanism exists");
  EXPECT_EQ(d.group("5.2-1"), "");
}

}  // namespace
}  // namespace assay::catalogue
