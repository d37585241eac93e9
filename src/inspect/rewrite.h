// Whether a script of the image replaces a user's password when the device starts, by something that differs between
// devices.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspect/detector.h"

namespace assay::inspect {

class Rewriters {
 public:
  explicit Rewriters(const Tree& tree);  // the tree must outlive it
  // Path (without a leading slash) of a script that clearly does; "" otherwise. Only sees scripts that are started at
  // boot and name the user, and takes a value only where it comes from random numbers, the serial number, the flash or
  // the network address.
  std::string of(std::string_view user) const;

 private:
  std::vector<const TreeFile*> scripts_;  // that are started and set passwords
};

}  // namespace assay::inspect
