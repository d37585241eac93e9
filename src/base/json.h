// Writing JSON, in the order the caller gives, always the same bytes for the same calls. Text that is not UTF-8 gets
// U+FFFD. Reading is parse_json in node.h.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"

namespace assay {

class JsonWriter {
 public:
  explicit JsonWriter(int indent = 0) : indent_(indent) {}  // 0: one line

  // A `flat` object or array stays on one line, and so does what it holds.
  JsonWriter& object(bool flat = false);
  JsonWriter& end_object();
  JsonWriter& array(bool flat = false);
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(bool truth);
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(unsigned number) { return value(static_cast<std::uint64_t>(number)); }
  JsonWriter& value(double number);
  JsonWriter& null();
  JsonWriter& texts(const std::vector<std::string>& list);
  JsonWriter& node(const Node& node);
  template <class T>
  JsonWriter& field(std::string_view name, const T& v) {
    key(name);
    return value(v);
  }

  std::string take();  // once everything is closed

 private:
  struct Open {
    std::size_t count;
    bool flat;
  };
  void before_value();
  void line_break();
  void line_break_closing();
  void open(char bracket, bool flat);
  void close(char bracket);

  int indent_;
  std::string out_;
  std::vector<Open> open_;
  bool after_key_ = false;
};

}  // namespace assay
