#include "model/fact.h"

#include <algorithm>

namespace assay {

Excerpt make_excerpt(Bytes content, std::uint64_t at, std::uint64_t size, std::string note) {
  Excerpt out;
  out.note = std::move(note);
  if (at > content.size()) at = content.size();
  size = std::min<std::uint64_t>({size, 40, content.size() - at});
  const std::uint64_t first = (at >= 16 ? at - 16 : 0) & ~std::uint64_t{7};
  const std::uint64_t last = std::min<std::uint64_t>({align_up(at + size, 8), first + 64, content.size()});
  const Bytes part = content.subspan(first, last - first);
  out.at = first;
  out.bytes.assign(part.begin(), part.end());
  out.mark_from = static_cast<std::uint32_t>(at - first);
  out.mark_size = static_cast<std::uint32_t>(std::min(size, last - at));
  return out;
}

void hide(Excerpt& excerpt, std::uint64_t from, std::uint64_t size) {
  const std::uint64_t begin = std::max(from, excerpt.at);
  const std::uint64_t end = std::min(from + size, excerpt.at + excerpt.bytes.size());
  if (begin >= end) return;
  std::fill(excerpt.bytes.begin() + static_cast<std::ptrdiff_t>(begin - excerpt.at),
            excerpt.bytes.begin() + static_cast<std::ptrdiff_t>(end - excerpt.at), std::uint8_t{0});
  excerpt.hidden.emplace_back(static_cast<std::uint32_t>(begin - excerpt.at), static_cast<std::uint32_t>(end - begin));
}

}  // namespace assay
