#include "models/workload/op/source.h"

#include "models/workload/op/shape_rules.h"

namespace omniphi::models {

TensorShape shape_of(const Input& op, const Shapes& inputs) {
  require_no_input(inputs);
  return {op.shape};
}

TensorShape shape_of(const Constant& op, const Shapes& inputs) {
  require_no_input(inputs);
  return {op.shape};
}

}  // namespace omniphi::models
