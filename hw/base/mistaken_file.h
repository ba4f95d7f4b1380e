#pragma once

#include <string>
#include <string_view>

namespace omniphi {

/// What a download that went wrong left in place of a file: the rest of a sentence that begins with
/// the file's name ("is empty"), or "". `kind` is what it should be: "ONNX model".
std::string mistaken_file(std::string_view bytes, std::string_view kind);

}  // namespace omniphi
