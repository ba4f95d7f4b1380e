#include "models/workload/importers/caffe_operators.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

namespace omniphi::models {

namespace {

using namespace caffe_layer;

struct Type {
  std::string_view name;
  void (*translate)(CaffeNode& node);
};

constexpr std::array kTypes{
    Type{"AbsVal", abs_val},
    Type{"Accuracy", accuracy},
    Type{"AnnotatedData", data},
    Type{"ArgMax", arg_max},
    Type{"Axpy", axpy},
    Type{"BatchNorm", batch_norm},
    Type{"Bias", bias},
    Type{"BNLL", bnll},
    Type{"Clip", clip},
    Type{"Concat", concat},
    Type{"ContrastiveLoss", contrastive_loss},
    Type{"Convolution", convolution},
    Type{"ConvolutionDepthwise", convolution},
    Type{"Crop", crop},
    Type{"Data", data},
    Type{"Deconvolution", deconvolution},
    Type{"DepthwiseConvolution", convolution},
    Type{"Dropout", dropout},
    Type{"DummyData", dummy_data},
    Type{"Eltwise", eltwise},
    Type{"ELU", elu},
    Type{"Embed", embed},
    Type{"EuclideanLoss", euclidean_loss},
    Type{"Exp", caffe_layer::exp},
    Type{"Flatten", flatten},
    Type{"HDF5Data", data},
    Type{"HDF5Output", nothing},
    Type{"HingeLoss", hinge_loss},
    Type{"ImageData", data},
    Type{"InfogainLoss", infogain_loss},
    Type{"InnerProduct", inner_product},
    Type{"Input", input},
    Type{"Interp", interp},
    Type{"L1Loss", absolute_loss},
    Type{"Log", caffe_layer::log},
    Type{"LRN", lrn},
    Type{"LSTM", lstm},
    Type{"MemoryData", data},
    Type{"MultinomialLogisticLoss", multinomial_logistic_loss},
    Type{"MVN", mvn},
    Type{"Normalize", normalize},
    Type{"Parameter", parameter},
    Type{"Permute", permute},
    Type{"Pooling", pooling},
    Type{"Power", power},
    Type{"PReLU", prelu},
    Type{"Reduction", reduction},
    Type{"ReLU", relu},
    Type{"ReLU6", relu6},
    Type{"Reshape", reshape},
    Type{"RNN", rnn},
    Type{"Scale", scale},
    Type{"ShuffleChannel", shuffle_channel},
    Type{"Sigmoid", sigmoid},
    Type{"SigmoidCrossEntropyLoss", sigmoid_cross_entropy_loss},
    Type{"Silence", nothing},
    Type{"Slice", slice},
    Type{"SmoothL1Loss", absolute_loss},
    Type{"Softmax", softmax},
    Type{"SoftmaxWithLoss", softmax_with_loss},
    Type{"Split", split},
    Type{"Swish", swish},
    Type{"TanH", caffe_layer::tanh},
    Type{"Threshold", threshold},
    Type{"Tile", tile},
    Type{"Upsample", upsample},
    Type{"WindowData", data},
};

[[noreturn]] void refuse_type(const std::string& type) {
  if (type.empty()) throw std::invalid_argument("has no type");
  std::vector<std::string_view> known;
  for (const Type& entry : kTypes) known.push_back(entry.name);
  throw std::invalid_argument(
      fmt::format("the type {} is not supported{}", in_quotes(type), did_you_mean(type, known)));
}

}  // namespace

void translate(CaffeNode& node) {
  const std::string& type = node.proto().type();
  const auto entry =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& t) { return t.name == type; });
  if (entry == kTypes.end()) refuse_type(type);
  entry->translate(node);
}

}  // namespace omniphi::models
