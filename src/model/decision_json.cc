#include "model/decision_json.h"

namespace assay {
namespace {

void text_or_null(JsonWriter& out, std::string_view key, const std::string& text) {
  out.key(key);
  if (text.empty())
    out.null();
  else
    out.value(text);
}

}  // namespace

void write_conformity(JsonWriter& out, const Conformity& c) {
  out.object();
  out.field("scheme", c.scheme).field("level", c.level).field("result", c.result);
  out.key("residual").texts(c.residual);
  out.key("failed").texts(c.failed);
  out.key("open").texts(c.open);
  out.field("legal_effect", c.legal_effect);
  text_or_null(out, "deemed_by", c.deemed_by);
  text_or_null(out, "valid_until", c.valid_until);
  out.key("why").texts(c.why);
  out.field("confidence", c.confidence);
  out.end_object();
}

void write_recognition(JsonWriter& out, const Recognition& r) {
  out.object();
  out.key("from").object().field("scheme", r.from_scheme).field("level", r.from_level).end_object();
  out.key("to").object().field("scheme", r.to_scheme);
  text_or_null(out, "level", r.to_level);
  out.end_object();
  out.field("effect", r.effect).field("by", r.by);
  if (r.usable == "true" || r.usable == "false")
    out.field("usable", r.usable == "true");
  else
    out.field("usable", r.usable);
  out.key("conditions").texts(r.conditions);
  text_or_null(out, "valid_until", r.valid_until);
  out.field("confidence", r.confidence);
  out.end_object();
}

}  // namespace assay
