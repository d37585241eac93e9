#include "report/html.h"

#include "base/text.h"

namespace assay::report {

void Html::escape(std::string_view text) {
  // What is hidden has no place in a page (and NUL ends some readers' strings).
  const std::string clean = replace_hidden(text, "\xef\xbf\xbd", "\n\t");
  for (const char c : clean) {
    switch (c) {
      case '&':
        out_ += "&amp;";
        break;
      case '<':
        out_ += "&lt;";
        break;
      case '>':
        out_ += "&gt;";
        break;
      case '"':
        out_ += "&quot;";
        break;
      case '\'':
        out_ += "&#39;";
        break;
      default:
        out_ += c;
    }
  }
}

}  // namespace assay::report
