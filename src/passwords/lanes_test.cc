// Every lane, both instruction sets in effect here, every length, against OpenSSL.
#include "passwords/lanes.h"

#include <gtest/gtest.h>

#include "base/digest.h"

namespace assay::passwords {
namespace {

TEST(Lanes, EqualOpenSslForEveryLengthAndLane) {
  std::uint32_t random = 1;
  for (int round = 0; round < 40; ++round)
    for (std::size_t length = 0; length <= kLaneBytes; ++length) {
      LaneBlock block;
      std::vector<std::string> messages;
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        std::string m((length + lane * 7) % (kLaneBytes + 1), '\0');
        for (char& c : m) {
          random = random * 1664525u + 1013904223u;
          c = static_cast<char>(random >> 24);
        }
        block.set(lane, m);
        messages.push_back(std::move(m));
      }
      LaneState state;
      std::uint8_t out[32];
      const auto check = [&](const char* name, std::size_t words, bool big) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          state.bytes(lane, words, big, out);
          EXPECT_EQ(hex({out, words * 4}), hex(container_hash(name, as_bytes(messages[lane])))) << name << length;
        }
      };
      md5_lanes(block, state), check("md5", 4, false);
      sha1_lanes(block, state), check("sha1", 5, true);
      sha256_lanes(block, state), check("sha256", 8, true);
    }
}

}  // namespace
}  // namespace assay::passwords
