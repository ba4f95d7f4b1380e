#include "tests/support/catalog_parts.h"

namespace omniphi::test {

namespace {

template <class T>
T part(std::string_view id) {
  Diagnostics diagnostics;
  T value;
  read_part(id, {}, "", value, {catalog(), diagnostics});
  diagnostics.throw_if_any();
  return value;
}

}  // namespace

const Catalog& catalog() {
  static const Catalog shipped(std::string(OMNIPHI_SOURCE_DIR) + "/configs");
  return shipped;
}

hw::ManyCoreCpu cpu(std::string_view id) {
  return std::get<hw::ManyCoreCpu>(part<hw::Node>(id).kind);
}

models::SoftwareStack stack(std::string_view id) {
  models::SoftwareStack stack = part<models::SoftwareStack>(id);
  stack.calibration = {"knl-first-principles", part<models::Calibration>("knl-first-principles")};
  return stack;
}

}  // namespace omniphi::test
