// The two routines of LAPACK that Clp calls for the dense rest of a basis: LU with partial pivoting, and solving by it.
// Linking the library for them would bring BLAS and the Fortran run-time into every start of the program. The matrices
// are a few hundred rows at most; columns are contiguous. Names and arguments are Fortran's.
#include <cmath>
#include <cstddef>
#include <utility>

extern "C" {

void dgetrf_(const int* rows, const int* columns, double* a, const int* stride, int* pivots, int* info);
void dgetrs_(const char* transposed, const int* size, const int* sides, const double* a, const int* stride,
             const int* pivots, double* b, const int* b_stride, int* info, std::size_t);

void dgetrf_(const int* rows, const int* columns, double* a, const int* stride, int* pivots, int* info) {
  const auto m = static_cast<std::size_t>(*rows), n = static_cast<std::size_t>(*columns),
             ld = static_cast<std::size_t>(*stride);
  *info = 0;
  for (std::size_t k = 0; k < m && k < n; ++k) {
    std::size_t best = k;
    for (std::size_t i = k + 1; i < m; ++i)
      if (std::fabs(a[i + k * ld]) > std::fabs(a[best + k * ld])) best = i;
    pivots[k] = static_cast<int>(best) + 1;
    if (a[best + k * ld] == 0) {
      if (*info == 0) *info = static_cast<int>(k) + 1;
      continue;
    }
    if (best != k)
      for (std::size_t j = 0; j < n; ++j) std::swap(a[k + j * ld], a[best + j * ld]);
    for (std::size_t i = k + 1; i < m; ++i) a[i + k * ld] /= a[k + k * ld];
    for (std::size_t j = k + 1; j < n; ++j) {
      const double factor = a[k + j * ld];
      if (factor == 0) continue;
      for (std::size_t i = k + 1; i < m; ++i) a[i + j * ld] -= a[i + k * ld] * factor;
    }
  }
}

void dgetrs_(const char* transposed, const int* size, const int* sides, const double* a, const int* stride,
             const int* pivots, double* b, const int* b_stride, int* info, std::size_t) {
  const auto n = static_cast<std::size_t>(*size), ld = static_cast<std::size_t>(*stride);
  *info = 0;
  for (int side = 0; side < *sides; ++side) {
    double* x = b + static_cast<std::size_t>(side) * static_cast<std::size_t>(*b_stride);
    if (*transposed == 'N' || *transposed == 'n') {
      for (std::size_t k = 0; k < n; ++k) std::swap(x[k], x[static_cast<std::size_t>(pivots[k]) - 1]);
      for (std::size_t k = 0; k < n; ++k)
        for (std::size_t i = k + 1; i < n; ++i) x[i] -= a[i + k * ld] * x[k];
      for (std::size_t k = n; k-- > 0;) {
        x[k] /= a[k + k * ld];
        for (std::size_t i = 0; i < k; ++i) x[i] -= a[i + k * ld] * x[k];
      }
    } else {
      for (std::size_t k = 0; k < n; ++k) {
        for (std::size_t i = 0; i < k; ++i) x[k] -= a[i + k * ld] * x[i];
        x[k] /= a[k + k * ld];
      }
      for (std::size_t k = n; k-- > 0;)
        for (std::size_t i = k + 1; i < n; ++i) x[k] -= a[i + k * ld] * x[i];
      for (std::size_t k = n; k-- > 0;) std::swap(x[k], x[static_cast<std::size_t>(pivots[k]) - 1]);
    }
  }
}

}  // extern "C"
