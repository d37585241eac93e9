// assay plan: random problems of 500 requirements and 200 routes, solved, proved and checked.
#include <benchmark/benchmark.h>

#include <random>

#include "plan/certificate.h"
#include "plan/search.h"

namespace {

using namespace assay::plan;

// Marks with several routes each, every route with requirements of its own and some routes by another mark; a few
// requirements can be met in two ways.
Problem routes(unsigned seed, int requirements, int routes, int marks, int each) {
  std::mt19937_64 r(seed);
  const auto below = [&](int n) { return static_cast<int>(r() % static_cast<std::uint64_t>(n)); };
  Problem p;
  for (int i = 0; i < requirements; ++i)
    p.items.push_back({"requirement-" + std::to_string(i), 5'000 + below(200) * 1'000, {}});
  for (int m = 0; m < marks; ++m) p.goals.push_back({"mark-" + std::to_string(m), m % 2 == 0});
  for (int w = 0; w < routes; ++w) {
    const int mark = w % marks;
    Way way{"route-" + std::to_string(w), mark, {}, {}};
    p.items.push_back({"application-" + std::to_string(w), 50'000 + below(400) * 1'000, {}});
    way.items.push_back(static_cast<int>(p.items.size()) - 1);
    if (w >= marks && below(3) == 0) {
      const int other = below(marks);
      if (other != mark) way.goals.push_back(other);
    } else {
      for (int k = 0; k < each; ++k) way.items.push_back(below(requirements));
    }
    p.ways.push_back(std::move(way));
  }
  return p;
}

void plan_routes(benchmark::State& state) {
  const Problem p = routes(static_cast<unsigned>(state.range(0)), 500, 200, static_cast<int>(state.range(1)),
                           static_cast<int>(state.range(2)));
  for (auto _ : state) {
    const auto c = solve(p);
    if (!c) return state.SkipWithError("not solved");
    state.PauseTiming();
    state.counters["cases"] = static_cast<double>(c->tree.size());
    state.counters["proved"] = c->proved();
    state.counters["gap"] = static_cast<double>(c->best.cost - c->proves) / static_cast<double>(c->best.cost);
    state.counters["bytes"] = static_cast<double>(write_certificate(*c).size());
    state.ResumeTiming();
  }
}
BENCHMARK(plan_routes)->ArgsProduct({{1, 2, 3}, {20, 40, 80}, {10, 40}})->Unit(benchmark::kMillisecond)->Iterations(1);

void check_routes(benchmark::State& state) {
  const auto c = solve(routes(1, 500, 200, 40, 40));
  if (!c) return state.SkipWithError("not solved");
  const std::string text = write_certificate(*c);
  for (auto _ : state) {
    const auto read = read_certificate(text, "c");
    if (!read || !check(*read)) return state.SkipWithError("not sound");
  }
}
BENCHMARK(check_routes)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
