// One libFuzzer program for each unit from this one source: -DASSAY_FUZZ_FORMAT="squashfs" or
// -DASSAY_FUZZ_PARSER="yaml" (with the quotes). An input that breaks a unit goes to fuzz/corpus/UNIT under a name that
// tells the bug; replay.cc then runs it for ever.
#include "units.h"

#if defined(ASSAY_FUZZ_FORMAT) == defined(ASSAY_FUZZ_PARSER)
#error "define ASSAY_FUZZ_FORMAT or ASSAY_FUZZ_PARSER"
#endif

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
#ifdef ASSAY_FUZZ_FORMAT
  static const assay::unpack::Format* const format = assay::unpack::find_format(ASSAY_FUZZ_FORMAT);
  ASSAY_CHECK(format != nullptr);
  assay::fuzz::run_format(*format, {data, size});
#else
  ASSAY_CHECK(assay::fuzz::run_unit(ASSAY_FUZZ_PARSER, {data, size}));
#endif
  return 0;
}
