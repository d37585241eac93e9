// Result<T>: a value or an Error. What can fail on input returns one; a broken invariant of ours stops the program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace assay {

enum class Errc {
  malformed,    // the input contradicts its format
  truncated,    // the input ends too early
  unsupported,  // well formed perhaps, but not something we read
  limit,        // a Budget ran out
  not_found,    // something named does not exist
  invalid,      // an option or a field has a value that makes no sense
  io,           // the operating system refused
  internal,     // ours
};

std::string_view name(Errc code);

struct Error {
  Errc code = Errc::internal;
  std::string what;                     // one sentence, no full stop: what is wrong
  std::string where;                    // "product.yaml:18:16", "packet 7", or empty
  std::optional<std::uint64_t> offset;  // byte offset in the input, where there is one
  std::string hint;                     // what to do instead, or empty

  // "where: what (at offset 0x1c)"
  std::string text() const;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using Base = tl::expected<T, Error>;
  using Base::Base;
  Result(Base base) : Base(std::move(base)) {}
  T take() && { return std::move(**this); }
};

template <>
class [[nodiscard]] Result<void> : public tl::expected<void, Error> {
 public:
  using Base = tl::expected<void, Error>;
  using Base::Base;
  Result(Base base) : Base(std::move(base)) {}
  void take() && {}
};

inline tl::unexpected<Error> fail(Errc code, std::string what) {
  return tl::unexpected<Error>(Error{code, std::move(what), {}, {}, {}});
}
inline tl::unexpected<Error> fail_at(Errc code, std::uint64_t offset, std::string what) {
  return tl::unexpected<Error>(Error{code, std::move(what), {}, offset, {}});
}
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

// Puts what we were doing before an error's text, so that a message reads from outside in.
Error in_context(Error error, std::string_view doing);

// Stops the program: a broken invariant of ours, never input.
[[noreturn]] void broken(const char* file, int line, const char* what);

}  // namespace assay

// Hands the value on, or returns the error from the enclosing function. Each use has a name of its own, so that one may
// stand inside another. NOLINTBEGIN(bugprone-macro-parentheses): a name cannot have them.
#define ASSAY_TRY(...) ASSAY_TRY_AS(ASSAY_NAME(assay_try_, __COUNTER__), (__VA_ARGS__))
#define ASSAY_TRY_AS(result, call)                                                   \
  __extension__({                                                                    \
    auto result = call;                                                              \
    if (!result) return ::tl::unexpected<::assay::Error>(std::move(result).error()); \
    std::move(result).take();                                                        \
  })

#define ASSAY_TRY_CTX(call, doing) ASSAY_TRY_CTX_AS(ASSAY_NAME(assay_try_, __COUNTER__), (call), doing)
#define ASSAY_TRY_CTX_AS(result, call, doing)                                                                    \
  __extension__({                                                                                                \
    auto result = call;                                                                                          \
    if (!result) return ::tl::unexpected<::assay::Error>(::assay::in_context(std::move(result).error(), doing)); \
    std::move(result).take();                                                                                    \
  })

#define ASSAY_NAME(a, b) ASSAY_NAME_(a, b)
#define ASSAY_NAME_(a, b) a##b  // NOLINTEND(bugprone-macro-parentheses)

#define ASSAY_CHECK(condition)                                         \
  do {                                                                 \
    if (!(condition)) ::assay::broken(__FILE__, __LINE__, #condition); \
  } while (false)
