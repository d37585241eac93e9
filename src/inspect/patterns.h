// Component patterns: what data/components/*.yaml says about the strings by which a program or library shows its name
// and version. One Hyperscan pass over a content finds the literals that the expressions hold; only around those does
// RE2 look at the whole expression and take the version. (Hyperscan compiles a hundred literals in a few milliseconds,
// a hundred expressions in many more.)
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/node.h"
#include "base/result.h"

namespace assay::inspect {

struct Component {
  std::string name;      // "busybox"
  std::string supplier;  // or empty
  std::string purl;      // template with {version}
  std::string cpe;       // template with {version} and perhaps {update}; or empty
};
std::string purl_of(const Component& component, std::string_view version);
// {update} takes what follows the number as "p1" does in 8.0p1; "-" where there is none.
std::string cpe_of(const Component& component, std::string_view version);

struct ComponentHit {
  const Component* component;  // lives as long as the Patterns
  std::string version;
  std::uint64_t at = 0;  // of the whole expression's match
  std::uint64_t size = 0;
  bool from_name = false;  // the file's name says it: libz.so.1.2.11; at and size mean nothing then
};

// Immutable once made; any thread may scan.
class Patterns {
 public:
  // From trees as data/components has them. Errors name the component and what is wrong with its pattern.
  static Result<Patterns> make(const std::vector<const Node*>& files);
  // From data/components, made when first asked for.
  static const Result<Patterns>& shared();

  Patterns(Patterns&&) noexcept;
  Patterns& operator=(Patterns&&) noexcept;
  ~Patterns();

  // Each component and version once, in order of place. `file_name` is the last part of the path, empty where there is
  // none. Errors: no memory for the search (limit).
  Result<std::vector<ComponentHit>> scan(std::string_view file_name, Bytes content) const;
  std::size_t components() const;
  std::size_t expressions() const;

 private:
  struct State;
  explicit Patterns(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The longest run of plain characters that every match of `expression` holds; empty where there is none. For the tests.
std::string literal_of(std::string_view expression);

}  // namespace assay::inspect
