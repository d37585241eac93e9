#include "app/worker.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

namespace assay::app {
namespace {

constexpr std::uint32_t kMaxFrame = 8u << 20;
constexpr std::uint8_t kHello = 0xfe;  // the worker's first frame: what shuts it in
constexpr std::uint8_t kDone = 0xff;   // its last

class PipeWriter final : public FrameWriter {
 public:
  explicit PipeWriter(int fd) : fd_(fd) {}
  void frame(std::uint8_t kind, std::string_view payload) override {
    if (payload.size() > kMaxFrame) ::_exit(5);  // a row that is left out in silence could become a pass
    std::uint8_t head[5] = {
        kind, static_cast<std::uint8_t>(payload.size()), static_cast<std::uint8_t>(payload.size() >> 8),
        static_cast<std::uint8_t>(payload.size() >> 16), static_cast<std::uint8_t>(payload.size() >> 24)};
    buffer_.append(reinterpret_cast<const char*>(head), sizeof head);
    buffer_ += payload;
    if (buffer_.size() > (64u << 10) || kind >= kHello) flush();
  }
  void flush() override {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
      const ssize_t n = ::write(fd_, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) ::_exit(3);  // nobody listens
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
    buffer_.clear();
  }

 private:
  int fd_;
  std::string buffer_;
};

// No rule is added: nothing of the file system may be reached any more. Files that are open stay usable.
bool landlock() {
  landlock_ruleset_attr attr{};
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return false;
  attr.handled_access_fs = (1ULL << 13) - 1;
  if (abi >= 2) attr.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
  const int ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0));
  if (ruleset < 0) return false;
  const bool on = ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(ruleset);
  return on;
}

bool seccomp() {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (!filter) return false;
  bool good = true;
  const auto allow = [&](std::initializer_list<int> calls) {
    for (const int call : calls) good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
  };
  allow({SCMP_SYS(read),
         SCMP_SYS(write),
         SCMP_SYS(close),
         SCMP_SYS(mmap),
         SCMP_SYS(munmap),
         SCMP_SYS(mremap),
         SCMP_SYS(mprotect),
         SCMP_SYS(madvise),
         SCMP_SYS(brk),
         SCMP_SYS(futex),
         SCMP_SYS(exit),
         SCMP_SYS(exit_group),
         SCMP_SYS(rt_sigaction),
         SCMP_SYS(rt_sigprocmask),
         SCMP_SYS(rt_sigreturn),
         SCMP_SYS(sigaltstack),
         SCMP_SYS(sched_yield),
         SCMP_SYS(sched_getaffinity),
         SCMP_SYS(clock_gettime),
         SCMP_SYS(clock_nanosleep),
         SCMP_SYS(nanosleep),
         SCMP_SYS(gettimeofday),
         SCMP_SYS(getpid),
         SCMP_SYS(gettid),
         SCMP_SYS(set_robust_list),
         SCMP_SYS(rseq),
         SCMP_SYS(set_tid_address),
         SCMP_SYS(getrandom),
         SCMP_SYS(lseek),
         SCMP_SYS(ftruncate),
         SCMP_SYS(fstat),
         SCMP_SYS(sysinfo),
         SCMP_SYS(restart_syscall)});
  // Threads yes, processes no; clone3 hides its flags in memory, so glibc is sent back to clone.
  good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                  SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0;
  good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
  // abort() may signal itself only.
  good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                                  SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid()))) == 0;
  for (const int call : {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace), SCMP_SYS(socket), SCMP_SYS(connect),
                         SCMP_SYS(process_vm_writev)})
    good = good && seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 0) == 0;
  good = good && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return good;
}

std::uint64_t address_space_now() {
  std::FILE* f = std::fopen("/proc/self/statm", "re");
  unsigned long long pages = 0;
  if (f) {
    if (std::fscanf(f, "%llu", &pages) != 1) pages = 0;
    std::fclose(f);
  }
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// A worker that was taken over may write to what is open, so nothing is: no terminal, no file of its parent's.
void close_all_but(int one, int other) {
#if !defined(ASSAY_SANITIZED)
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (null < 0 || ::dup2(null, fd) < 0) ::close(fd);
  if (one > other) std::swap(one, other);
  unsigned from = 3;
  for (const int kept : {one, other}) {
    if (kept < 3) continue;
    if (static_cast<unsigned>(kept) > from) ::close_range(from, static_cast<unsigned>(kept) - 1, 0);
    from = static_cast<unsigned>(kept) + 1;
  }
  ::close_range(from, ~0u, 0);
#else
  (void)one, (void)other;
#endif
}

[[noreturn]] void child(int fd, const WorkerLimits& limits, const std::function<void(FrameWriter&)>& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_DUMPABLE, 0);
  close_all_but(fd, limits.keep);
  const auto limit = [](__rlimit_resource_t what, std::uint64_t value, std::uint64_t hard = 0) {
    const rlimit r{value, std::max(value, hard)};
    ::setrlimit(what, &r);
  };
#if !defined(ASSAY_SANITIZED)
  limit(RLIMIT_AS, address_space_now() + limits.memory);
#endif
  limit(RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 5);  // SIGXCPU first: it tells why
  limit(RLIMIT_CORE, 0);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to whoever wants it to
  limit(RLIMIT_FSIZE, limits.file);
  limit(RLIMIT_NOFILE, static_cast<std::uint64_t>(fd) + 8);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const bool locked = landlock();
  const bool filtered = seccomp();
  PipeWriter out(fd);
  if (!filtered) ::_exit(4);  // never look at hostile bytes unguarded
  out.frame(kHello, std::string{filtered ? '1' : '0', locked ? '1' : '0'});
  work(out);
  out.frame(kDone, {});
  ::_exit(0);
}

std::string how_it_ended(int status, bool stuck, std::uint32_t seconds) {
  if (stuck) return fmt::format("did not answer for {} s and was stopped", seconds);
  if (WIFSIGNALED(status)) {
    const int s = WTERMSIG(status);
    if (s == SIGXCPU) return "used up its CPU time";
    if (s == SIGSYS) return "tried a system call that the sandbox does not allow";
    return fmt::format("was ended by signal {} ({})", s, strsignal(s));
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 4)
    return "could not be shut in (no seccomp); --no-sandbox looks without";
  if (WIFEXITED(status) && WEXITSTATUS(status) == 5) return "found something too large to be told";
  if (WIFEXITED(status)) return fmt::format("ended with status {}", WEXITSTATUS(status));
  return "ended";
}

}  // namespace

Result<WorkerEnd> run_worker(const WorkerLimits& limits, const std::function<void(FrameWriter&)>& work,
                             const std::function<Result<void>(std::uint8_t, Bytes)>& on_frame) {
  WorkerEnd end;
  if (!limits.sandbox) {
    struct Direct final : FrameWriter {
      const std::function<Result<void>(std::uint8_t, Bytes)>& handler;
      std::optional<Error> error;
      explicit Direct(const std::function<Result<void>(std::uint8_t, Bytes)>& h) : handler(h) {}
      void frame(std::uint8_t kind, std::string_view payload) override {
        if (error) return;
        if (const auto done = handler(kind, as_bytes(payload)); !done) error = done.error();
      }
    } direct(on_frame);
    work(direct);
    if (direct.error) return fail(*direct.error);
    end.well = true;
    return end;
  }

  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return fail(Errc::io, fmt::format("no pipe: {}", std::strerror(errno)));
  ::fcntl(fds[0], F_SETPIPE_SZ, 1 << 20);
  std::fflush(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) return fail(Errc::io, fmt::format("no worker process: {}", std::strerror(errno)));
  if (pid == 0) {
    ::close(fds[0]);
    child(fds[1], limits, work);
  }
  ::close(fds[1]);

  std::string buffer;
  std::optional<Error> error;
  bool done = false, stuck = false;
  char chunk[1 << 16];
  while (!done && !error) {
    pollfd p{fds[0], POLLIN, 0};
    const int ready = ::poll(&p, 1, static_cast<int>(limits.stuck_seconds) * 1000);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      stuck = true;
      break;
    }
    const ssize_t n = ::read(fds[0], chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    buffer.append(chunk, static_cast<std::size_t>(n));
    std::size_t at = 0;
    while (!done && buffer.size() - at >= 5) {
      const auto* head = reinterpret_cast<const std::uint8_t*>(buffer.data() + at);
      const std::uint32_t size =
          head[1] | (std::uint32_t{head[2]} << 8) | (std::uint32_t{head[3]} << 16) | (std::uint32_t{head[4]} << 24);
      if (size > kMaxFrame) {
        error = Error{Errc::internal, "a worker sent a frame that is too large", {}, {}, {}};
        break;
      }
      if (buffer.size() - at - 5 < size) break;
      const Bytes payload(head + 5, size);
      if (*head == kHello) {
        end.sandboxed = size == 2 && payload[0] == '1';
        end.landlocked = size == 2 && payload[1] == '1';
      } else if (*head == kDone) {
        done = true;
      } else if (const auto handled = on_frame(*head, payload); !handled) {
        error = handled.error();
        break;
      }
      at += 5 + size;
    }
    buffer.erase(0, at);
  }
  ::close(fds[0]);
  if (!done) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (error) return fail(*error);
  end.well = done;
  if (!done) {
    end.reason = how_it_ended(status, stuck, limits.stuck_seconds);
    // Its CPU time went into everything it did, not into one part; without seccomp there is no other way either.
    end.may_restart = stuck || (WIFSIGNALED(status) && WTERMSIG(status) != SIGXCPU) ||
                      (WIFEXITED(status) && WEXITSTATUS(status) != 4);
  }
  return end;
}

}  // namespace assay::app
