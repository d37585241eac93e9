#include "report/html.h"

#include "base/text.h"

namespace assay::report {

void Html::escape(std::string_view text) {
  const std::string clean = is_utf8(text) ? std::string(text) : clean_utf8(text);
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
        // Control characters have no place in a page (and NUL ends some readers' strings).
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
          out_ += "\xef\xbf\xbd";
        else
          out_ += c;
    }
  }
}

}  // namespace assay::report
