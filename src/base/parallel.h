// A loop over [0, count) on several threads. Which thread takes which index is not said; write results by index.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace assay {

template <class F>
void parallel_for(std::size_t count, unsigned jobs, F&& body) {
  if (jobs <= 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) body(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < count;) body(i);
  };
  std::vector<std::thread> threads;
  for (unsigned t = 1; t < jobs && t < count; ++t) threads.emplace_back(work);
  work();
  for (std::thread& t : threads) t.join();
}

}  // namespace assay
