#include "app/journal.h"

#include <sys/mman.h>
#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

#include "base/text.h"

namespace assay::app {
namespace {

template <std::size_t N>
struct Text {
  std::uint32_t size;
  std::array<char, N> bytes;

  // A longer text keeps its beginning; so cut, it no longer equals the step it names, and that step is not skipped.
  void set(std::string_view text) {
    size = static_cast<std::uint32_t>(std::min(text.size(), N));
    std::memcpy(bytes.data(), text.data(), size);
  }
  std::string get() const {
    const std::uint32_t length = size;  // once: the other side may still be writing
    return std::string(bytes.data(), std::min<std::size_t>(length, N));
  }
};

}  // namespace

struct Journal::Page {
  std::uint32_t busy;
  std::uint64_t at;
  std::uint64_t handed;
  Text<64> examiner;
  Text<64> what;
  Text<12288> place;  // a path may be 4096 bytes, and stands behind those of the containers around it
};

std::string Step::text() const {
  std::string out = place;
  if (!what.empty()) out += fmt::format(", {} at {:#x}", what, at);
  if (handed > 0) out += fmt::format(", behind {} entries", handed);
  if (what.empty()) out += ", " + examiner;
  return out;
}

Journal::Journal() {
  void* p = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (p != MAP_FAILED) page_ = static_cast<Page*>(p);
}
Journal::~Journal() {
  if (page_) ::munmap(page_, sizeof(Page));
}

bool Journal::may(const Step& step) const {
  return std::find(skipped_.begin(), skipped_.end(), step) == skipped_.end();
}

void Journal::write() {
  if (page_) {
    page_->busy = 0;
    if (!stack_.empty()) {
      const Step& step = stack_.back();
      page_->at = step.at;
      page_->handed = step.handed;
      page_->examiner.set(step.examiner);
      page_->what.set(step.what);
      page_->place.set(step.place);
      page_->busy = 1;
    }
  }
  if (watch && !stack_.empty()) watch(stack_.back());
}

bool Journal::enter(Step step) {
  if (!may(step)) return false;
  stack_.push_back(std::move(step));
  write();
  return true;
}
void Journal::leave() {
  stack_.pop_back();
  if (!stack_.empty() || !page_)
    write();
  else
    page_->busy = 0;
}
bool Journal::handed(std::uint64_t count) {
  stack_.back().handed = count;
  if (!may(stack_.back())) return false;
  write();
  return true;
}

std::vector<Step> Journal::last() const {
  if (!page_ || page_->busy == 0) return {};
  Step step;
  step.place = page_->place.get();
  step.examiner = page_->examiner.get();
  step.what = page_->what.get();
  step.at = page_->at;
  step.handed = page_->handed;
  return {step};
}

void Journal::clear() {
  if (page_) page_->busy = 0;
  stack_.clear();
}

}  // namespace assay::app
