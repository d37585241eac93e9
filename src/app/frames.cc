#include "app/frames.h"

#include <bit>

namespace assay::app {

FramePut& FramePut::number(std::uint64_t v) {
  for (; v >= 0x80; v >>= 7) bytes_ += static_cast<char>(v | 0x80);
  bytes_ += static_cast<char>(v);
  return *this;
}
FramePut& FramePut::text(std::string_view v) {
  number(v.size());
  bytes_ += v;
  return *this;
}
FramePut& FramePut::fact(const Fact& f) {
  text(f.table).text(f.place).number(f.at ? 1 : 0).number(f.at.value_or(0)).text(f.examiner).text(f.confidence);
  number(f.values.size());
  for (const auto& [column, value] : f.values) {
    text(column).number(value.index());
    if (const auto* i = std::get_if<std::int64_t>(&value)) number(static_cast<std::uint64_t>(*i));
    if (const auto* d = std::get_if<double>(&value)) number(std::bit_cast<std::uint64_t>(*d));
    if (const auto* s = std::get_if<std::string>(&value)) text(*s);
  }
  number(f.excerpt ? 1 : 0);
  if (f.excerpt) {
    const Excerpt& e = *f.excerpt;
    number(e.at).text(as_text(e.bytes)).number(e.mark_from).number(e.mark_size).number(e.hidden.size());
    for (const auto& [from, size] : e.hidden) number(from).number(size);
    text(e.note);
  }
  return *this;
}

Result<std::uint64_t> FrameGet::number() {
  std::uint64_t v = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::uint8_t b = ASSAY_TRY(in_.read<std::uint8_t>("frame"));
    v |= static_cast<std::uint64_t>(b & 0x7f) << shift;
    if (b < 0x80) return v;
  }
  return fail(Errc::malformed, "a number in a frame has no end");
}
Result<std::string> FrameGet::text() {
  const std::uint64_t size = ASSAY_TRY(number());
  return std::string(as_text(ASSAY_TRY(in_.take(size, "frame text"))));
}
Result<Fact> FrameGet::fact() {
  Fact f;
  f.table = ASSAY_TRY(text());
  f.place = ASSAY_TRY(text());
  const bool has_at = ASSAY_TRY(number()) != 0;
  const std::uint64_t at = ASSAY_TRY(number());
  if (has_at) f.at = at;
  f.examiner = ASSAY_TRY(text());
  f.confidence = ASSAY_TRY(text());
  const std::uint64_t count = ASSAY_TRY(number());
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string column = ASSAY_TRY(text());
    switch (ASSAY_TRY(number())) {
      case 0:
        f.values.emplace_back(std::move(column), Value{});
        break;
      case 1:
        f.values.emplace_back(std::move(column), Value{static_cast<std::int64_t>(ASSAY_TRY(number()))});
        break;
      case 2:
        f.values.emplace_back(std::move(column), Value{std::bit_cast<double>(ASSAY_TRY(number()))});
        break;
      case 3:
        f.values.emplace_back(std::move(column), Value{ASSAY_TRY(text())});
        break;
      default:
        return fail(Errc::malformed, "a value in a frame has no known type");
    }
  }
  if (ASSAY_TRY(number()) != 0) {
    Excerpt e;
    e.at = ASSAY_TRY(number());
    const std::string bytes = ASSAY_TRY(text());
    if (bytes.size() > 64) return fail(Errc::malformed, "an excerpt in a frame is too long");
    e.bytes.assign(bytes.begin(), bytes.end());
    e.mark_from = static_cast<std::uint32_t>(ASSAY_TRY(number()));
    e.mark_size = static_cast<std::uint32_t>(ASSAY_TRY(number()));
    const std::uint64_t hidden = ASSAY_TRY(number());
    for (std::uint64_t i = 0; i < hidden; ++i) {
      const auto from = static_cast<std::uint32_t>(ASSAY_TRY(number()));
      const auto size = static_cast<std::uint32_t>(ASSAY_TRY(number()));
      if (from > e.bytes.size() || size > e.bytes.size() - from)
        return fail(Errc::malformed, "a hidden range in a frame is outside");
      e.hidden.emplace_back(from, size);
    }
    e.note = ASSAY_TRY(text());
    if (e.mark_from > e.bytes.size() || e.mark_size > e.bytes.size() - e.mark_from)
      return fail(Errc::malformed, "a marked range in a frame is outside");
    f.excerpt = std::move(e);
  }
  return f;
}

}  // namespace assay::app
