// BlockDecoder: one compressed block of a file system to its bytes, with the library's state kept for the next one. One
// a thread.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace assay::unpack {

enum class BlockCodec : unsigned char { zlib, lzma_alone, xz, lz4, zstd };
std::string_view name(BlockCodec codec);

class BlockDecoder {
 public:
  explicit BlockDecoder(BlockCodec codec);
  ~BlockDecoder();
  BlockDecoder(const BlockDecoder&) = delete;
  BlockDecoder& operator=(const BlockDecoder&) = delete;

  // Returns how many bytes of `out` were written. An Error where the block is damaged, or holds more than `out`.
  Result<std::size_t> decode(Bytes in, std::span<std::uint8_t> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::unpack
