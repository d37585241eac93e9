// Forms: what can be made of one printed identifier before anything is computed from it: another case or separator, a
// half or a tail, bytes or letters backwards, one more or less, a date written another way.
//
// How a thing is written costs nothing (a MAC address has no one spelling); each change costs one step of depth.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "passwords/batch.h"

namespace assay::passwords {

enum class Op : std::uint8_t {
  // changes
  lower,
  upper,
  reverse,
  head,
  tail,
  plus,
  swap_bytes,
  digits,
  letters,
  plain,
  no_zeros,
  hex_text,
  // ways to write; `dated` has the index of a format
  colons,
  dashes,
  raw,
  decimal,
  dated
};

struct Step {
  Op op = Op::lower;
  std::int8_t arg = 0;
  bool operator==(const Step&) const = default;
};

struct Form {
  std::uint16_t column = 0;
  std::uint8_t depth = 0;
  std::vector<Step> steps;
};

// The identifier as its forms begin with it: a MAC address as 12 hex digits in lower case where it is one, a date as
// YYYYMMDD where it is one, anything else as it stands.
std::string base_of(const Batch& batch, const Unit& unit, std::size_t column);

// Nothing where the identifier is missing or the step has no meaning for it.
std::optional<std::string> apply(const std::vector<Step>& steps, std::string base);
std::optional<std::string> apply(const Form& form, const Batch& batch, const Unit& unit);

// "the last 6 characters of the MAC address, in capitals"
std::string words(const Form& form, const Batch& batch);
// "upper(tail(mac,6))"
std::string expression(const Form& form, const Batch& batch);

struct FormValues {
  Form form;
  std::vector<std::string> values;  // of the probes, in their order
};
// All forms up to `depth`, smallest first, each value (over all probes) once.
std::vector<FormValues> forms(const Batch& batch, const std::vector<const Unit*>& probes, unsigned depth);

}  // namespace assay::passwords
