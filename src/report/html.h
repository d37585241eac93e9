// Html builds pages whose escaping is a matter of type: a string literal is markup, any other text is escaped. Markup
// cannot be made at run time, so nothing of a product, a path or a page ever becomes a tag.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay::report {

class Html {
 public:
  // add("<b>", name, "</b>"): literals as they are, everything else escaped (also inside attribute quotes).
  template <class... Parts>
  Html& add(const Parts&... parts) {
    (one(parts), ...);
    return *this;
  }
  Html& nest(const Html& inner) {
    out_ += inner.out_;
    return *this;
  }
  // For sheets that are built in; never for text from outside.
  Html& sheet(std::string_view css) {
    out_ += css;
    return *this;
  }
  bool empty() const { return out_.empty(); }
  std::string take() { return std::move(out_); }

 private:
  template <std::size_t N>
  void one(const char (&literal)[N]) {
    out_.append(literal, N - 1);
  }
  void one(const std::string& text) { escape(text); }
  void one(std::string_view text) { escape(text); }
  void one(const Html& inner) { out_ += inner.out_; }
  template <std::integral T>
  void one(T number) {
    out_ += std::to_string(number);
  }
  void escape(std::string_view text);

  std::string out_;
};

}  // namespace assay::report
