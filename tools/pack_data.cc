// pack_data DIR OUT: compiles the YAML files of data/ into the pack that is built into assay. Runs at build time.
#include <cstdio>

#include "base/data_pack.h"
#include "base/file.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: pack_data DIR OUT\n");
    return 2;
  }
  const auto pack = assay::data::pack(argv[1]);
  if (!pack) {
    std::fprintf(stderr, "%s\n", pack.error().text().c_str());
    return 3;
  }
  const auto written = assay::write_file(argv[2], *pack);
  if (!written) {
    std::fprintf(stderr, "%s\n", written.error().text().c_str());
    return 4;
  }
  return 0;
}
