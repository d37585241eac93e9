#include "base/result.h"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

namespace assay {

std::string_view name(Errc code) {
  switch (code) {
    case Errc::malformed:
      return "malformed";
    case Errc::truncated:
      return "truncated";
    case Errc::unsupported:
      return "unsupported";
    case Errc::limit:
      return "limit";
    case Errc::not_found:
      return "not found";
    case Errc::invalid:
      return "invalid";
    case Errc::io:
      return "io";
    case Errc::internal:
      return "internal";
  }
  return "internal";
}

std::string Error::text() const {
  std::string out;
  if (!where.empty()) out += where + ": ";
  out += what;
  if (offset) out += fmt::format(" (at offset {:#x})", *offset);
  return out;
}

Error in_context(Error error, std::string_view doing) {
  error.what = fmt::format("{}: {}", doing, error.what);
  return error;
}

void broken(const char* file, int line, const char* what) {
  std::fprintf(stderr, "assay: internal error at %s:%d: %s\nThis is a fault of ours, please report it.\n", file, line,
               what);
  std::abort();
}

}  // namespace assay
