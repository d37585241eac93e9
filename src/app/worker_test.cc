#include "app/worker.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cstdlib>
#include <thread>

#include "app/frames.h"

namespace assay::app {
namespace {

struct Heard {
  WorkerEnd end;
  std::vector<std::string> frames;
};

Heard run(const std::function<void(FrameWriter&)>& work, WorkerLimits limits = {}) {
  Heard heard;
  const auto end = run_worker(limits, work, [&](std::uint8_t kind, Bytes payload) -> Result<void> {
    EXPECT_EQ(kind, 1);
    heard.frames.emplace_back(as_text(payload));
    return {};
  });
  EXPECT_TRUE(end.has_value());
  if (end) heard.end = *end;
  return heard;
}

TEST(Worker, FramesComeInOrder) {
  const Heard heard = run([](FrameWriter& out) {
    for (int i = 0; i < 5000; ++i) out.frame(1, std::to_string(i));
  });
  EXPECT_TRUE(heard.end.well);
  EXPECT_TRUE(heard.end.sandboxed);
  ASSERT_EQ(heard.frames.size(), 5000u);
  EXPECT_EQ(heard.frames[4999], "4999");
}

TEST(Worker, MayMakeThreadsAndMemory) {
  const Heard heard = run([](FrameWriter& out) {
    int sum = 0;
    std::thread t([&] {
      const std::vector<int> many(10'000'000, 1);
      for (const int n : many) sum += n;
    });
    t.join();
    out.frame(1, std::to_string(sum));
  });
  EXPECT_TRUE(heard.end.well) << heard.end.reason;
  ASSERT_EQ(heard.frames.size(), 1u);
  EXPECT_EQ(heard.frames[0], "10000000");
}

TEST(Worker, MayOpenNothing) {
  const Heard heard = run([](FrameWriter& out) {
    const int read = ::open("/etc/passwd", O_RDONLY);
    const int write = ::open("/tmp/assay-worker-test", O_CREAT | O_WRONLY, 0600);
    out.frame(1, read < 0 && write < 0 ? "refused" : "opened");
  });
  EXPECT_TRUE(heard.end.well);
  ASSERT_EQ(heard.frames.size(), 1u);
  EXPECT_EQ(heard.frames[0], "refused");
}

TEST(Worker, MayNotSpeakOrStartPrograms) {
  EXPECT_EQ(run([](FrameWriter&) { (void)!::socket(AF_INET, SOCK_STREAM, 0); }).end.reason,
            "tried a system call that the sandbox does not allow");
  EXPECT_EQ(run([](FrameWriter&) { ::execl("/bin/true", "true", nullptr); }).end.reason,
            "tried a system call that the sandbox does not allow");
  const Heard forked = run([](FrameWriter& out) { out.frame(1, ::fork() < 0 ? "refused" : "forked"); });
  ASSERT_EQ(forked.frames.size(), 1u);
  EXPECT_EQ(forked.frames[0], "refused");
}

TEST(Worker, ACrashKeepsWhatCameBefore) {
  const Heard heard = run([](FrameWriter& out) {
    out.frame(1, std::string(100'000, 'x'));  // more than the writer's buffer: it is on its way
    std::abort();
  });
  EXPECT_FALSE(heard.end.well);
  EXPECT_NE(heard.end.reason.find("signal 6"), std::string::npos) << heard.end.reason;
  EXPECT_EQ(heard.frames.size(), 1u);
}

TEST(Worker, EndsWhereMemoryOrTimeEnds) {
#if !defined(ASSAY_SANITIZED)
  const Heard memory = run(
      [](FrameWriter& out) {
        void* p = ::mmap(nullptr, std::size_t{1} << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        out.frame(1, p == MAP_FAILED ? "refused" : "got it");
      },
      {.memory = 64u << 20});
  ASSERT_EQ(memory.frames.size(), 1u);
  EXPECT_EQ(memory.frames[0], "refused");
#endif
  const Heard busy = run(
      [](FrameWriter&) {
        for (volatile int i = 0;;) i = i + 1;
      },
      {.cpu_seconds = 1});
  EXPECT_EQ(busy.end.reason, "used up its CPU time");
  const Heard stuck =
      run([](FrameWriter&) { std::this_thread::sleep_for(std::chrono::seconds(30)); }, {.stuck_seconds = 1});
  EXPECT_EQ(stuck.end.reason, "did not answer for 1 s and was stopped");
}

TEST(Worker, AFrameThatIsRefusedEndsIt) {
  const auto end = run_worker(
      {},
      [](FrameWriter& out) {
        out.frame(1, "bad");
        out.frame(1, std::string(1 << 20, 'x'));
      },
      [](std::uint8_t, Bytes) -> Result<void> { return fail(Errc::malformed, "refused here"); });
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().what, "refused here");
}

TEST(Frames, AFactComesBackWhole) {
  Fact f;
  f.table = "account";
  f.place = "a > /etc/shadow";
  f.at = 12;
  f.examiner = "accounts/1";
  f.set("user", "root").set("uid", -1).set("score", 1.5).set("shell", Value{});
  f.excerpt = make_excerpt(as_bytes("root:$1$abc:1:"), 5, 6, "a hash");
  hide(*f.excerpt, 8, 3);
  const std::string bytes = FramePut().fact(f).bytes();
  const auto back = FrameGet(as_bytes(bytes)).fact();
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->values, f.values);
  EXPECT_EQ(back->at, f.at);
  EXPECT_EQ(back->excerpt->bytes, f.excerpt->bytes);
  EXPECT_EQ(back->excerpt->hidden, f.excerpt->hidden);
  // A worker that was taken over may send anything: every cut is an error, no change is a crash.
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_FALSE(FrameGet(as_bytes(std::string_view(bytes).substr(0, n))).fact().has_value()) << n;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (const int flip : {1, 0x40, 0xff}) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      (void)FrameGet(as_bytes(changed)).fact().has_value();
    }
}

}  // namespace
}  // namespace assay::app
