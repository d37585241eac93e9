#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "crosswalk/exchange.h"

namespace assay::crosswalk {
namespace {

constexpr std::string_view kNamespace = "urn:assay:crosswalk";
constexpr std::string_view kOwnWords =
    "Titles are our own short wording, not the standard's; relations are our own judgement, confirmed by no authority.";

// Like a version 5 UUID (RFC 4122 4.3), by SHA-256: the same name, the same id, on every machine.
std::string uuid(std::string_view name) {
  Sha256 d = sha256(as_bytes(std::string(kNamespace) + "/" + std::string(name)));
  d[6] = static_cast<std::uint8_t>((d[6] & 0x0f) | 0x50);
  d[8] = static_cast<std::uint8_t>((d[8] & 0x3f) | 0x80);
  const std::string h = hex({d.data(), 16});
  return fmt::format("{}-{}-{}-{}-{}", h.substr(0, 8), h.substr(8, 4), h.substr(12, 4), h.substr(16, 4), h.substr(20));
}

void metadata(JsonWriter& w, std::string_view title, const Release& release) {
  w.key("metadata").object();
  w.field("title", title).field("last-modified", release.day + "T00:00:00Z").field("version", release.version);
  w.field("oscal-version", "1.2.2").field("remarks", kOwnWords).end_object();
}

void prop(JsonWriter& w, std::string_view name, std::string_view value) {
  w.object(true).field("name", name).field("ns", kNamespace).field("value", value).end_object();
}

std::string_view oscal_word(Relation relation) {
  switch (relation) {
    case Relation::equal:
      return "equal-to";
    case Relation::covers:
      return "superset-of";
    case Relation::covered_by:
      return "subset-of";
    case Relation::overlaps:
      break;
  }
  return "intersects-with";
}
std::string_view olir_word(Relation relation) {
  switch (relation) {
    case Relation::equal:
      return "equal";
    case Relation::covers:
      return "superset of";
    case Relation::covered_by:
      return "subset of";
    case Relation::overlaps:
      break;
  }
  return "intersects with";
}

// Links between two standards as the data states them, by source standard and target standard. Wholes and their parts
// stay within one standard and are left out.
using Pairs = std::map<std::pair<std::string, std::string>, std::vector<const Link*>>;
Result<Pairs> pairs_of(const Crosswalk& all, std::string_view from, std::string_view to) {
  Pairs out;
  for (const Link& l : all.links) {
    if (l.whole) continue;
    const std::string source(standard_of(l.from.front())), target(standard_of(l.to));
    const bool wanted = to.empty() ? source == from || target == from
                                   : (source == from && target == to) || (source == to && target == from);
    if (wanted) out[{source, target}].push_back(&l);
  }
  if (out.empty())
    return fail(Error{Errc::not_found,
                      to.empty() ? fmt::format("the data relates nothing to {}", from)
                                 : fmt::format("the data relates nothing of {} and {} directly", from, to),
                      {},
                      {},
                      "assay map shows what each standard is related to."});
  return out;
}

std::string remarks(const Link& l) {
  std::vector<std::string> parts;
  if (l.from.size() > 1) parts.push_back("All sources together.");
  if (!l.residual.empty()) parts.push_back("The target asks beyond: " + l.residual + ".");
  if (!l.note.empty()) parts.push_back(l.note + ".");
  if (l.yields) parts.push_back("Speaks of whole paragraphs; finer relations decide.");
  return join(parts, " ");
}

void unmapped(JsonWriter& w, std::string_view key, const Standard* standard, const std::set<std::string>& mapped,
              const std::string& name) {
  std::vector<std::string> ids;
  if (standard != nullptr)
    for (const Item& i : standard->items)
      if (!mapped.contains(i.id)) ids.push_back(token(i.id));
  if (ids.empty()) return;
  w.key(key).object().field("uuid", uuid(name + "/" + std::string(key)));
  w.key("unmapped-controls").array().object().key("with-ids").texts(ids).end_object().end_array().end_object();
}

}  // namespace

std::string token(std::string_view id) {
  std::string out;
  for (const char c : id) {
    if (is_alnum(c) || c == '.' || c == '-' || c == '_')
      out += c;
    else if (c == '(')
      out += '.';
    else if (c != ')')
      out += '-';
  }
  return out;
}

std::string oscal_catalog(const Standard& standard, const Release& release) {
  JsonWriter w(1);
  w.object().key("catalog").object();
  w.field("uuid", uuid("catalog/" + standard.id + "/" + release.version));
  metadata(w, standard.title + ": identifiers and short titles", release);
  w.key("controls").array();
  for (const Item& i : standard.items) {
    w.object().field("id", token(i.id)).field("class", "requirement").field("title", i.title);
    w.key("props").array();
    prop(w, "label", number_of(i.id));
    if (!standard.edition.empty()) prop(w, "edition", standard.edition);
    w.end_array().end_object();
  }
  return w.end_array().end_object().end_object().take() + "\n";
}

Result<std::string> oscal_mapping(const Crosswalk& all, std::string_view from, std::string_view to,
                                  const Release& release) {
  const Pairs pairs = ASSAY_TRY(pairs_of(all, from, to));
  const std::string name = "mapping/" + std::string(from) + "/" + std::string(to);
  JsonWriter w(1);
  w.object().key("mapping-collection").object().field("uuid", uuid(name + "/" + release.version));
  metadata(w,
           to.empty() ? fmt::format("How {} relates to others", from) : fmt::format("How {} relates to {}", from, to),
           release);
  w.key("provenance").object().field("method", "human").field("matching-rationale", "semantic");
  w.field("status", "not-complete").field("mapping-description", kOwnWords).end_object();
  w.key("mappings").array();
  for (const auto& [ends, links] : pairs) {
    const std::string pair = name + "/" + ends.first + "/" + ends.second;
    std::set<std::string> sources, targets;
    w.object().field("uuid", uuid(pair));
    for (const bool source : {true, false})
      w.key(source ? "source-resource" : "target-resource")
          .object(true)
          .field("type", "catalog")
          .field("href", token(source ? ends.first : ends.second) + ".json")
          .end_object();
    w.key("maps").array();
    for (const Link* l : links) {
      w.object().field("uuid", uuid(pair + "/" + join(l->from, "+") + "/" + l->to));
      w.field("relationship", oscal_word(l->relation));
      w.key("sources").array();
      for (const std::string& f : l->from) {
        w.object(true).field("type", "control").field("id-ref", token(f)).end_object();
        sources.insert(f);
      }
      w.end_array().key("targets").array();
      w.object(true).field("type", "control").field("id-ref", token(l->to)).end_object().end_array();
      targets.insert(l->to);
      w.key("confidence-score").object(true).field("category", assay::name(l->backing.confidence)).end_object();
      if (l->strength) {
        w.key("coverage").object(true).field("generation-method", "arbitrary");
        w.field("target-coverage", l->strength / 10.0).end_object();
      }
      w.key("props").array();
      for (const std::string& s : l->backing.source) prop(w, "source", s);
      w.end_array();
      if (const std::string text = remarks(*l); !text.empty()) w.field("remarks", text);
      w.end_object();
    }
    w.end_array();
    unmapped(w, "source-gap-summary", all.standard(ends.first), sources, pair);
    unmapped(w, "target-gap-summary", all.standard(ends.second), targets, pair);
    w.end_object();
  }
  return w.end_array().end_object().end_object().take() + "\n";
}

std::string cyclonedx_standards(const std::vector<const Standard*>& standards, const Release& release) {
  std::string name = "cyclonedx";
  for (const Standard* s : standards) name += "/" + s->id;
  JsonWriter w(1);
  w.object().field("bomFormat", "CycloneDX").field("specVersion", "1.6");
  w.field("serialNumber", "urn:uuid:" + uuid(name + "/" + release.version)).field("version", 1);
  w.key("metadata").object().field("timestamp", release.day + "T00:00:00Z").key("properties").array();
  w.object(true).field("name", "assay:note").field("value", kOwnWords).end_object();
  w.object(true).field("name", "assay:data").field("value", release.version).end_object();
  w.end_array().end_object();
  w.key("definitions").object().key("standards").array();
  for (const Standard* s : standards) {
    w.object().field("bom-ref", s->id).field("name", s->title);
    if (!s->edition.empty()) w.field("version", s->edition);
    w.key("requirements").array();
    for (const Item& i : s->items)
      w.object(true).field("bom-ref", i.id).field("identifier", number_of(i.id)).field("title", i.title).end_object();
    w.end_array().end_object();
  }
  return w.end_array().end_object().end_object().take() + "\n";
}

Result<std::string> olir_csv(const Crosswalk& all, std::string_view from, std::string_view to) {
  const auto title = [&](const std::string& id) {
    const Item* i = all.item(id);
    return i == nullptr ? std::string() : i->title;
  };
  std::string out =
      "Focal Document Element,Focal Document Element Description,Rationale,Relationship,Reference Document Element,"
      "Reference Document Element Description,Group Identifier,Strength of Relationship,Comments,Confidence,Source\n";
  std::size_t groups = 0;
  for (const auto& [ends, links] : ASSAY_TRY(pairs_of(all, from, to)))
    for (const Link* l : links) {
      const std::string group = l->from.size() > 1 ? fmt::format("G{}", ++groups) : std::string();
      for (const std::string& f : l->from)
        out +=
            join({csv_cell(f), csv_cell(title(f)), "semantic", std::string(olir_word(l->relation)), csv_cell(l->to),
                  csv_cell(title(l->to)), group, l->strength ? std::to_string(l->strength) : "", csv_cell(remarks(*l)),
                  std::string(assay::name(l->backing.confidence)), csv_cell(join(l->backing.source, " "))},
                 ",") +
            "\n";
    }
  return out;
}

}  // namespace assay::crosswalk
