// The search for derived passwords: how many candidate hashes a second, on one core. A batch in which nothing is found,
// so that everything is tried.
#include <benchmark/benchmark.h>

#include <fmt/format.h>

#include "passwords/lanes.h"
#include "passwords/lists.h"
#include "passwords/search.h"

namespace assay::passwords {
namespace {

Batch batch_of(std::string_view alphabet, std::size_t length) {
  std::string csv = "serial,mac,model,date,ssid,password\n";
  std::uint64_t random = 88172645463325252ULL;
  for (unsigned i = 0; i < 60; ++i) {
    std::string password;
    for (std::size_t k = 0; k < length; ++k) {
      random ^= random << 13, random ^= random >> 7, random ^= random << 17;
      password += alphabet[(random >> 20) % alphabet.size()];
    }
    csv += fmt::format("CP24{:02}{:07}AB,0022AA{:06X},HX-200,2024-03-{:02},Home-{:06X},{}\n", 10 + i % 30,
                       4100000 + 37 * i, 0x820000 + 517 * i, 1 + i % 28, 0x820000 + 517 * i, password);
  }
  return *read_batch(csv, "bench");
}

// All transforms to depth 3, 60 units.
void digests(benchmark::State& state, std::string_view alphabet, std::size_t length) {
  if (!load_lists()) return state.SkipWithError("no data");
  const Batch batch = batch_of(alphabet, length);
  const Shape shape = shape_of(batch);
  std::uint64_t hashes = 0;
  for (auto _ : state) {
    Searched searched;
    SearchOptions options;
    options.jobs = static_cast<unsigned>(state.range(0));
    if (!find_digests(batch, shape, options, searched).empty()) state.SkipWithError("something was found");
    hashes += searched.hashes;
  }
  state.counters["hashes"] = benchmark::Counter(static_cast<double>(hashes), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(digests, hexadecimal, "0123456789abcdef", 10)
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kSecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK_CAPTURE(digests, letters_and_digits, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 12)
    ->Arg(1)
    ->Unit(benchmark::kSecond)
    ->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(digests, base_32, "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 10)
    ->Arg(1)
    ->Unit(benchmark::kSecond)
    ->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(digests, decimal, "0123456789", 8)->Arg(1)->Unit(benchmark::kSecond)->MeasureProcessCPUTime();

void lanes(benchmark::State& state, void (*hash)(const LaneBlock&, LaneState&)) {
  LaneBlock block;
  LaneState out;
  for (std::size_t l = 0; l < kLanes; ++l) block.set(l, "0022AA820000:CP24104100000AB");
  for (auto _ : state) {
    hash(block, out);
    benchmark::DoNotOptimize(out);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kLanes));
}
BENCHMARK_CAPTURE(lanes, md5, md5_lanes);
BENCHMARK_CAPTURE(lanes, sha1, sha1_lanes);
BENCHMARK_CAPTURE(lanes, sha256, sha256_lanes);

}  // namespace
}  // namespace assay::passwords

BENCHMARK_MAIN();
