#include "models/workload/op.h"

#include "models/workload/op/shape_rules.h"

namespace omniphi::models {

std::string_view op_name(const Op& op) {
  return std::visit([]<class Kind>(const Kind&) { return Kind::kind; }, op);
}

bool takes_no_input(const Op& op) {
  return std::holds_alternative<Input>(op) || std::holds_alternative<Constant>(op) ||
         std::holds_alternative<Gemm>(op);
}

namespace {

bool gradient_of(const Activation& op) {
  return cost_of(op.function).backward > 0;
}

bool gradient_of(const ElementWise& op) {
  return op.combination != Combination::Comparison && op.combination != Combination::Logical;
}

bool gradient_of(const Reduction& op) {
  return op.function != ReductionFunction::ArgMax;
}

bool gradient_of(const Pass& op) {
  return op.gradient;
}

template <class Kind>
bool gradient_of(const Kind&) {
  return true;
}

}  // namespace

bool has_gradient(const Op& op) {
  return std::visit([](const auto& kind) { return gradient_of(kind); }, op);
}

TensorShape output_shape(const Op& op, const std::vector<TensorShape>& inputs) {
  return checked(std::visit([&](const auto& kind) { return shape_of(kind, inputs); }, op));
}

}  // namespace omniphi::models
