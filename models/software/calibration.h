#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "hw/base/figure.h"

namespace omniphi::models {

/// Classes of operation whose predictions share one error: what is sure of one is as sure of
/// another.
enum class OperationClass {
  MatrixProduct,
  ConvolutionForward,
  ConvolutionBackwardData,
  ConvolutionBackwardWeights,
  ElementWise,
  Collective,
  Input,
  Step
};

constexpr auto choices(OperationClass) {
  return std::array{
      Choice<OperationClass>{
          "matrix-product", OperationClass::MatrixProduct, "GEMM and inner products"},
      Choice<OperationClass>{
          "convolution-forward", OperationClass::ConvolutionForward, "convolutions"},
      Choice<OperationClass>{"convolution-backward-data",
                             OperationClass::ConvolutionBackwardData,
                             "gradients of convolutions by their input"},
      Choice<OperationClass>{"convolution-backward-weights",
                             OperationClass::ConvolutionBackwardWeights,
                             "gradients of convolutions by their weights"},
      Choice<OperationClass>{
          "element-wise", OperationClass::ElementWise, "everything bound by memory"},
      Choice<OperationClass>{
          "collective", OperationClass::Collective, "communication between ranks"},
      Choice<OperationClass>{"input", OperationClass::Input, "reading and preparing samples"},
      Choice<OperationClass>{"step", OperationClass::Step, "a whole step on one node"}};
}

/// The range that holds the true value with the stated probability, as factors of the prediction.
struct Residual {
  double low = 1;
  double high = 1;
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("low", self.low, "lower end, of the prediction", required | positive | between(0, 1));
    v("high", self.high, "upper end, of the prediction", required | at_least(1));
    v("source", self.source, "the rows the range was taken from");
  }
};

/// What kernels on a graphics processor cost beyond its rates.
struct GpuKernelCosts {
  Figure<Seconds> kernel_start;
  Figure<Seconds> convolution_start;
  Figure<double> operand_cost;
  Figure<double> loop_stall;
  Figure<Seconds> row_interval;
  Figure<double> gather_efficiency;
  Figure<double> strided_gradient_efficiency;
  Figure<double> pointwise_gradient_efficiency;
  Figure<double> winograd_efficiency;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("kernel_start",
      self.kernel_start,
      "time to start a kernel behind others in a full queue",
      required | positive);
    v("convolution_start",
      self.convolution_start,
      "time to start a convolution: the call and its helper kernels",
      required | positive);
    v("operand_cost",
      self.operand_cost,
      "issue slots, in multiply-adds, that an operand element costs a tile",
      required | positive);
    v("loop_stall",
      self.loop_stall,
      "cycles that a step of the main loop waits on a multiprocessor of 64 lanes",
      required | positive);
    v("row_interval",
      self.row_interval,
      "time between rows that a memory channel opens",
      required | positive);
    v("gather_efficiency",
      self.gather_efficiency,
      "rate of a convolution's main loop, of a matrix product's",
      required | positive | fraction);
    v("strided_gradient_efficiency",
      self.strided_gradient_efficiency,
      "the same for gradients by the data through a stride",
      required | positive | fraction);
    v("pointwise_gradient_efficiency",
      self.pointwise_gradient_efficiency,
      "the same for gradients by 1 x 1 filters",
      required | positive | fraction);
    v("winograd_efficiency",
      self.winograd_efficiency,
      "the same for products of transformed tiles in one kernel",
      required | positive | fraction);
  }
};

/// What a software stack on a machine costs beyond the hardware's own rates: the parameters that
/// measurements determine, each with its range, and how wrong predictions made with them are.
/// A record of kernels on graphics processors has `gpu` and none of the many-core costs.
struct Calibration {
  static constexpr std::string_view folder = "calibration";

  std::string source;
  std::string data;     // tables and number of rows that values were fitted to, if any were
  std::string date;     // of the fit
  std::string version;  // of the program that fitted
  Basis basis = Basis::Derived;
  double level = 0.8;  // probability that the residual ranges state
  Figure<Seconds> region_start;
  Figure<double> compute_efficiency;
  Figure<double> stream_efficiency;
  Figure<double> lines_in_flight;
  Figure<double> l2_exposure;
  Figure<double> flop_energy_factor;
  Figure<Seconds> message_overhead;
  Figure<BytesPerSecond> core_copy_bandwidth;
  Figure<BytesPerSecond> core_injection_bandwidth;
  Figure<Seconds> rendezvous_latency;
  Figure<BytesPerSecond> core_reduction_bandwidth;
  std::optional<GpuKernelCosts> gpu;
  std::map<std::string, Residual> residuals;

  [[nodiscard]] Residual residual(OperationClass c) const {
    const auto entry = residuals.find(std::string(choice_name(c)));
    return entry == residuals.end() ? Residual{} : entry->second;
  }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("source", self.source, "the measurements or documents behind the values", required);
    v("data", self.data, "tables and rows that values were fitted to");
    v("date", self.date, "when they were fitted");
    v("version", self.version, "version of the program that fitted them");
    v("basis", self.basis, "what predictions made with these values rest on");
    v("level", self.level, "probability that the residual ranges hold", required | fraction);
    v("region_start",
      self.region_start,
      "time to start and join one parallel region",
      non_negative);
    v("compute_efficiency",
      self.compute_efficiency,
      "share of the modelled issue rate that blocked kernels reach",
      positive | fraction);
    v("stream_efficiency",
      self.stream_efficiency,
      "share of the memory's sustained bandwidth that packing and streaming of operands reach",
      required | positive | fraction);
    v("lines_in_flight",
      self.lines_in_flight,
      "cache lines that a core has under way where weights come from beyond its L2",
      between(1, 1000));
    v("l2_exposure",
      self.l2_exposure,
      "share of the L2's latency that a line costs a kernel whose working set overflows the L1",
      positive | fraction);
    v("flop_energy_factor",
      self.flop_energy_factor,
      "energy of arithmetic with these kernels, of the processor's stated one",
      required | positive | between(0.1, 10));
    v("message_overhead",
      self.message_overhead,
      "processor time of one message, sender and receiver together",
      required | non_negative);
    v("core_copy_bandwidth",
      self.core_copy_bandwidth,
      "rate at which one core copies eager messages",
      required | positive);
    v("core_injection_bandwidth",
      self.core_injection_bandwidth,
      "rate that one communication core can keep on the fabric",
      required | positive);
    v("rendezvous_latency",
      self.rendezvous_latency,
      "handshake before a message sent by rendezvous",
      required | non_negative);
    v("core_reduction_bandwidth",
      self.core_reduction_bandwidth,
      "bytes of result a second that one communication core reduces",
      required | positive);
    v("gpu", self.gpu, "costs of kernels on graphics processors");
    v("residuals",
      self.residuals,
      "range of the truth by class of operation, as factors of the prediction",
      required);
  }
};

}  // namespace omniphi::models
