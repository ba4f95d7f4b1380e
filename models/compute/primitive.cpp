#include "models/compute/primitive.h"

#include "hw/base/overloaded.h"

namespace omniphi::models {

namespace {

Traffic convolution_traffic(const ConvolutionPrimitive& c) {
  const std::int64_t input = c.batch * c.input_channels * c.input_height * c.input_width;
  const std::int64_t output = c.batch * c.output_channels * c.output_height * c.output_width;
  const std::int64_t weights =
      c.output_channels * (c.input_channels / c.groups) * c.kernel_height * c.kernel_width;
  switch (c.pass) {
    case ConvolutionPass::Forward:
      return {input + weights, output, 0};
    case ConvolutionPass::BackwardData:
      return {output + weights, input, 0};
    case ConvolutionPass::BackwardWeights:
      break;
  }
  return {input + output, weights, 0};
}

}  // namespace

Flops work(const Primitive& primitive) {
  return std::visit(
      Overloaded{[](const StreamPrimitive& s) { return Flops(static_cast<double>(s.operations)); },
                 [](const auto& p) { return Flops(2 * static_cast<double>(p.macs())); }},
      primitive);
}

Traffic traffic(const Primitive& primitive) {
  return std::visit(
      Overloaded{[](const ConvolutionPrimitive& c) { return convolution_traffic(c); },
                 [](const MatrixProductPrimitive& g) {
                   const std::int64_t c = g.products * g.m * g.n;
                   return Traffic{g.products * (g.m + g.n) * g.k + c, c, c};
                 },
                 [](const StreamPrimitive& s) {
                   return Traffic{s.elements_read, s.elements_written, s.elements_updated};
                 }},
      primitive);
}

}  // namespace omniphi::models
