#include <stdexcept>

#include <fmt/format.h>

#include "models/workload/importers/caffe_operators.h"

namespace omniphi::models {

namespace {

TensorShape sample_of(const std::vector<std::int64_t>& dimensions, std::size_t batch_axis) {
  TensorShape sample{dimensions};
  sample.dimensions.erase(sample.dimensions.begin() + static_cast<std::ptrdiff_t>(batch_axis));
  if (sample.dimensions.empty()) sample.dimensions.push_back(1);
  return sample;
}

/// A blob that enters with its batch: the first of a layer as a layer, others once they are needed.
void set_input(CaffeNode& node, std::size_t top, const std::vector<std::int64_t>& dimensions) {
  CaffeLayers& layers = node.layers();
  const std::size_t batch_axis = layers.batch_axis();
  const std::string name = caffe_name(node.proto());
  const std::string& blob = node.proto().top(static_cast<int>(top));
  if (dimensions.size() <= batch_axis) {
    throw std::invalid_argument(fmt::format("{} has no axis for the batch", in_quotes(blob)));
  }
  layers.set_batch(dimensions[batch_axis]);
  const TensorShape sample = sample_of(dimensions, batch_axis);
  if (top == 0) {
    node.set_top(0, node.add(Input{sample.dimensions}, {}));
  } else {
    node.set_outside(top, fmt::format("{}.{}", name, blob), sample);
  }
}

/// Blobs of stated shapes; one shape stands for all.
void set_inputs(CaffeNode& node, const google::protobuf::RepeatedPtrField<caffe::Shape>& shapes) {
  if (shapes.size() != 1 && static_cast<std::size_t>(shapes.size()) != node.tops()) {
    throw std::invalid_argument(
        fmt::format("has {} shapes for {} tops", shapes.size(), node.tops()));
  }
  for (std::size_t i = 0; i < node.tops(); ++i) {
    const auto& shape = shapes.Get(shapes.size() == 1 ? 0 : static_cast<int>(i));
    set_input(node, i, {shape.dim().begin(), shape.dim().end()});
  }
}

const caffe::DataSource& source_of(const caffe::Layer& layer) {
  if (layer.has_hdf5_data_param()) return layer.hdf5_data_param();
  if (layer.has_image_data_param()) return layer.image_data_param();
  if (layer.has_memory_data_param()) return layer.memory_data_param();
  if (layer.has_window_data_param()) return layer.window_data_param();
  return layer.data_param();
}

/// Height and width that the samples are brought to; 0 where they keep their own.
std::pair<std::int64_t, std::int64_t> size_of_samples(const caffe::Transformation& change,
                                                      const caffe::DataSource& source) {
  if (change.crop_size() > 0) return {change.crop_size(), change.crop_size()};
  if (change.crop_h() > 0 && change.crop_w() > 0) return {change.crop_h(), change.crop_w()};
  if (source.crop_size() > 0) return {source.crop_size(), source.crop_size()};
  if (source.height() > 0 && source.width() > 0) return {source.height(), source.width()};
  const caffe::Resizing& resizing = change.resize_param();
  if (resizing.height() > 0 && resizing.width() > 0) return {resizing.height(), resizing.width()};
  if (source.new_height() > 0 && source.new_width() > 0) {
    return {source.new_height(), source.new_width()};
  }
  return {0, 0};
}

/// How many channels the file says that the samples have; 0 if it does not.
std::int64_t channels_of_samples(const caffe::Transformation& change,
                                 const caffe::DataSource& source) {
  if (source.channels() > 0) return source.channels();
  if (change.force_gray() || !source.is_color()) return 1;
  if (change.force_color() || source.force_encoded_color()) return 3;
  return change.mean_value_size() > 1 ? change.mean_value_size() : 0;
}

TensorShape shape_of_samples(CaffeNode& node, const caffe::DataSource& source) {
  if (const TensorShape* given = node.layers().given_shape(node.proto().top(0), true)) {
    return *given;
  }
  const caffe::Transformation& change = node.proto().transform_param();
  const auto [height, width] = size_of_samples(change, source);
  if (height == 0) {
    throw std::invalid_argument(
        "does not say what shape its samples have; give it by --input-shape, for example "
        "--input-shape 1x28x28");
  }
  std::int64_t channels = channels_of_samples(change, source);
  if (channels == 0) {
    channels = 3;
    node.note(NoteKind::Approximated,
              "does not say how many channels its samples have; taken to be 3");
  }
  return {{channels, height, width}};
}

}  // namespace

namespace caffe_layer {

void data(CaffeNode& node) {
  node.expect(0, 1'000);
  if (node.tops() == 0) throw std::invalid_argument("has no top");
  const caffe::DataSource& source = source_of(node.proto());
  const TensorShape sample = shape_of_samples(node, source);
  if (source.has_batch_size()) node.layers().set_batch(source.batch_size());
  node.layers().set_source(source.source());
  node.set_top(0, node.add(Input{sample.dimensions}, {}));
  for (std::size_t i = 1; i < node.tops(); ++i) {
    const std::string& blob = node.proto().top(static_cast<int>(i));
    const TensorShape* given = node.layers().given_shape(blob, false);
    node.set_outside(
        i, fmt::format("{}.{}", caffe_name(node.proto()), blob), given ? *given : TensorShape{{1}});
  }
}

void input(CaffeNode& node) {
  node.expect(0, 1'000);
  const auto& shapes = node.proto().input_param().shape();
  const bool stated = !shapes.empty() && shapes[0].dim_size() > 0;
  if (stated) return set_inputs(node, shapes);
  data(node);
}

/// Shapes, or the four numbers of the older form.
void dummy_data(CaffeNode& node) {
  node.expect(0, 1'000);
  const caffe::DummyData& p = node.proto().dummy_data_param();
  if (p.shape_size() > 0) return set_inputs(node, p.shape());
  google::protobuf::RepeatedPtrField<caffe::Shape> shapes;
  for (int i = 0; i < p.num_size(); ++i) {
    caffe::Shape& shape = *shapes.Add();
    for (const auto* numbers : {&p.num(), &p.channels(), &p.height(), &p.width()}) {
      if (numbers->empty()) throw std::invalid_argument("needs num, channels, height and width");
      shape.add_dim(numbers->Get(i < numbers->size() ? i : 0));
    }
  }
  set_inputs(node, shapes);
}

/// A learnt blob by itself: parameter_layer.hpp. It has no batch.
void parameter(CaffeNode& node) {
  node.expect(0);
  const auto& shape = node.proto().parameter_param().shape().dim();
  Constant op{{shape.begin(), shape.end()}, true};
  node.become(op);
}

}  // namespace caffe_layer

}  // namespace omniphi::models
