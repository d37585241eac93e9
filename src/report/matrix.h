// The crosswalk as a matrix: requirements of one standard down, of others across, a shape where they relate. As a page
// with a table twin, and as one picture.
#pragma once

#include <string>
#include <vector>

#include "model/requirement.h"

namespace assay::report {

struct MatrixHead {
  std::string id, title;  // "5.3-8", our own words
};
struct MatrixCell {
  std::size_t row = 0, column = 0;
  Relation relation = Relation::overlaps;  // seen from the row
  Confidence confidence = Confidence::low;
  std::string through;   // what lies between, or empty: stated directly
  std::string residual;  // what the column asks beyond, or how much of it is settled
  std::string source;
};
struct MatrixGroup {
  std::string id, title, edition;
  std::vector<MatrixHead> columns;
  std::vector<MatrixCell> cells;  // by row, then column
  std::vector<std::string> gaps;
};
struct Matrix {
  std::string id, title;  // of the rows' standard
  std::vector<MatrixHead> rows;
  std::vector<MatrixGroup> groups;
  std::string data;  // version of the facts
};

std::string matrix_html(const Matrix& matrix);
std::string matrix_svg(const Matrix& matrix);

}  // namespace assay::report
