// One product against all schemes, and a batch of lines.
#include <benchmark/benchmark.h>

#include <sstream>

#include "app/decide.h"
#include "scheme/decide.h"
#include "scheme/scheme.h"

namespace assay::scheme {
namespace {

DecideInput product(const Register& all) {
  DecideInput input;
  input.product = "p";
  input.category = "camera";
  input.at = {2026, 11, 22};
  std::uint32_t random = 7;
  for (const std::string& id : all.edition("2.1.1")->mandatory) {
    random = random * 1664525u + 1013904223u;
    input.verdicts["en303645:2.1.1:" + id] = random >> 28 == 0 ? Verdict::fail : Verdict::pass;
  }
  input.held = {{"sg-cls", "L2", "2026-01-10", "2029-01-09", "CCC SP-151-2 v1.4", "application"}};
  return input;
}

void one_product(benchmark::State& state) {
  const Register& all = **schemes();
  const DecideInput input = product(all);
  for (auto _ : state) benchmark::DoNotOptimize(write_decision(input, decide(all, input)));
}
BENCHMARK(one_product)->Unit(benchmark::kMillisecond);

void batch(benchmark::State& state) {
  std::string line = R"({"product": "p", "category": "camera", "verdicts": {)";
  for (const auto& [id, verdict] : product(**schemes()).verdicts)
    line += (line.back() == '{' ? "\"" : ", \"") + id + "\": \"" + std::string(words(verdict)) + "\"";
  line += "}}\n";
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += line;
  for (auto _ : state) {
    std::istringstream in(lines);
    std::size_t bytes = 0;
    const auto done = app::decide_lines(in, {{2026, 11, 22}, {}, static_cast<unsigned>(state.range(0))},
                                        [&](std::string_view answer) -> Result<void> {
                                          bytes += answer.size();
                                          return {};
                                        });
    if (!done || *done) state.SkipWithError("a line was not answered");
    benchmark::DoNotOptimize(bytes);
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(batch)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace assay::scheme

BENCHMARK_MAIN();
