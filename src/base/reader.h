// Reader walks bytes from front to back and cannot run past the end: every read names what it wanted.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/bytes.h"
#include "base/result.h"

namespace assay {

class Reader {
 public:
  // `base` is added to offsets in errors: where `bytes` stands in the input.
  explicit Reader(Bytes bytes, std::uint64_t base = 0) : bytes_(bytes), base_(base) {}

  std::uint64_t at() const { return at_; }
  std::uint64_t left() const { return bytes_.size() - at_; }
  bool done() const { return at_ == bytes_.size(); }

  // A header made of PackedInt and byte arrays, copied out.
  template <class T>
  Result<T> read(std::string_view what) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (left() < sizeof(T)) return short_of(what, sizeof(T));
    T value;
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }
  // A view of `size` bytes; lives as long as what the Reader was made from.
  Result<Bytes> take(std::uint64_t size, std::string_view what) {
    if (left() < size) return short_of(what, size);
    const Bytes part = bytes_.subspan(at_, size);
    at_ += size;
    return part;
  }
  Result<void> skip(std::uint64_t size, std::string_view what) {
    if (left() < size) return short_of(what, size);
    at_ += size;
    return {};
  }
  Result<void> seek(std::uint64_t at, std::string_view what) {
    if (at > bytes_.size()) return fail_at(Errc::truncated, base_ + at, std::string(what) + " lies behind the end");
    at_ = at;
    return {};
  }

 private:
  tl::unexpected<Error> short_of(std::string_view what, std::uint64_t wanted) const {
    return fail_at(
        Errc::truncated, base_ + at_,
        std::string(what) + " needs " + std::to_string(wanted) + " bytes, " + std::to_string(left()) + " are left");
  }

  Bytes bytes_;
  std::uint64_t base_;
  std::uint64_t at_ = 0;
};

}  // namespace assay
