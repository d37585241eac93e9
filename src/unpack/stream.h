// What the formats that are one compressed stream have in common: streams end to end are joined, the end is exact, what
// comes out is charged, and a stream that breaks late is handed over as far as it went.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/blob.h"
#include "base/budget.h"
#include "model/sink.h"

namespace assay::unpack {

// A decoder offers
//   Result<void> restart();                                             before each stream
//   Result<bool> step(Bytes& in, std::span<std::uint8_t>& out);         takes from the front of both; true: the stream
//   has ended
// Where step() takes and gives nothing and does not end, the input is over.
//
// `begins(bytes)`: whether another stream of the kind begins there. `no_chance`: bytes that false hits never decode to;
// a stream damaged before is an Error, one damaged behind is partial.
template <class Decoder, class Begins>
Result<std::uint64_t> unpack_streams(Bytes image, std::string_view name, Sink& sink, Budget& budget, Decoder& decoder,
                                     Begins&& begins, std::uint64_t no_chance) {
  constexpr std::uint64_t kStep = std::uint64_t{1} << 20;  // out, between two looks at the budget
  Blob out(budget);
  std::uint64_t taken = 0;
  std::uint64_t good = 0;  // of what came out, without a last stream that was none
  std::optional<Error> damage;
  do {
    if (auto ready = decoder.restart(); !ready) return fail(std::move(ready).error());
    Bytes in = clip(image, taken);
    for (bool ended = false; !ended && !damage;) {
      auto room = ASSAY_TRY(out.room(std::uint64_t{1} << 16));
      auto space = room.first(static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), kStep)));
      const std::size_t offered = space.size();
      const std::size_t before = in.size();
      auto step = decoder.step(in, space);
      ASSAY_TRY(out.commit(offered - space.size()));
      ASSAY_TRY(budget.check_ratio(image.size() - in.size(), out.size()));
      if (!step) {
        damage = std::move(step).error();
        if (damage->code == Errc::limit) return fail(*damage);
      } else if (*step) {
        ended = true;
      } else if (in.size() == before && space.size() == offered) {
        damage = Error{Errc::truncated, "the stream ends too early", {}, {}, {}};
      }
    }
    const std::uint64_t at = image.size() - in.size();
    if (damage) {
      if (out.size() - good < no_chance) {
        if (taken == 0) {
          damage->offset = at;
          return fail(*damage);
        }
        damage.reset();  // what follows the last good stream only looked like another
        break;
      }
      damage->what += " after " + std::to_string(out.size()) + " bytes came out";
    }
    taken = at;
    good = out.size();
  } while (!damage && begins(clip(image, taken)));
  if (damage) sink.refused("the rest of the stream", taken, *damage);
  ASSAY_TRY(sink.part(name, clip(out.bytes(), 0, good), 0, false));
  return taken;
}

}  // namespace assay::unpack
