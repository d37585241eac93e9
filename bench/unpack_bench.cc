// The magic scan, and the unpacking of real images (found by ASSAY_SAMPLES, else beside the checkout; absent: skipped).
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <random>

#include "base/file.h"
#include "unpack/scan.h"
#include "unpack/unpack.h"

namespace assay::unpack {
namespace {

std::vector<std::uint8_t> noise(std::size_t size) {
  std::mt19937_64 random(1);
  std::vector<std::uint8_t> out(size);
  for (std::size_t i = 0; i + 8 <= size; i += 8) {
    const std::uint64_t word = random();
    std::memcpy(out.data() + i, &word, 8);
  }
  return out;
}

class Nowhere : public Visitor {
 public:
  Result<void> entry(int, const NodeInfo&, const Entry&, Bytes content) override {
    bytes += content.size();
    return {};
  }
  Result<void> part(int, const NodeInfo&, Bytes content) override {
    bytes += content.size();
    return {};
  }
  std::uint64_t bytes = 0;
};

void scan_magics(benchmark::State& state) {
  const auto data = noise(std::size_t{64} << 20);
  const Scanner scanner(formats());
  for (auto _ : state) {
    std::uint64_t hits = 0;
    scanner.each(data, 0, [&](const Format&, std::uint64_t) -> std::uint64_t {
      ++hits;
      return 0;
    });
    benchmark::DoNotOptimize(hits);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * data.size()));
}
BENCHMARK(scan_magics)->Unit(benchmark::kMillisecond);

// What a scan starts up with.
void make_scanner(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Scanner(formats()).size());
}
BENCHMARK(make_scanner);

void unpack_bytes(benchmark::State& state, Bytes image) {
  std::uint64_t out = 0;
  for (auto _ : state) {
    Budget budget({});
    Nowhere visitor;
    unpack(image, "image.bin", static_cast<unsigned>(state.range(0)), budget, visitor);
    out = visitor.bytes;
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * image.size()));
  state.counters["bytes_out"] = static_cast<double>(out);
}

// A whole unpack() of data with nothing in it: scan, false hits, entropy, padding.
void unpack_noise(benchmark::State& state) { unpack_bytes(state, noise(std::size_t{64} << 20)); }
BENCHMARK(unpack_noise)->Arg(1)->Unit(benchmark::kMillisecond);

void unpack_sample(benchmark::State& state, const char* name) {
  const char* set = std::getenv("ASSAY_SAMPLES");
  const auto file = MappedFile::open(std::string(set ? set : "../shared/samples") + "/firmware/" + name);
  if (!file) {
    state.SkipWithError("no samples");
    return;
  }
  unpack_bytes(state, file->bytes());
}
BENCHMARK_CAPTURE(unpack_sample, lede, "router/lede-17.01.7-tl-wr703n-v1-factory.bin")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(unpack_sample, dns320, "nas/dns-320-netboot.img")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace assay::unpack

BENCHMARK_MAIN();
