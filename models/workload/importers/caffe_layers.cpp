#include "models/workload/importers/caffe_layers.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace omniphi::models {

namespace {

/// Caffe's recurrent layers have time first: [T, N, features] (recurrent_layer.hpp).
bool has_time_first(const CaffeNet& net) {
  return std::any_of(net.layers.begin(), net.layers.end(), [](const CaffeLayer& layer) {
    return layer.proto.type() == "LSTM" || layer.proto.type() == "RNN";
  });
}

}  // namespace

CaffeLayers::CaffeLayers(const CaffeNet& net,
                         const CaffeWiring& wiring,
                         const CaffeOptions& options)
    : wiring_(wiring),
      options_(options),
      batch_axis_(has_time_first(net) ? 1 : 0),
      blobs_(wiring.users.size()) {}

void CaffeLayers::set_batch(std::int64_t samples) {
  if (samples < 1) throw std::invalid_argument(fmt::format("a batch of {} samples", samples));
  if (batch_ != 0 && batch_ != samples) {
    throw std::invalid_argument(fmt::format(
        "its batch of {} differs from that of the input before it, {}", samples, batch_));
  }
  batch_ = samples;
}

const TensorShape* CaffeLayers::given_shape(const std::string& blob, bool first) const {
  auto found = options_.input_shapes.find(blob);
  if (found == options_.input_shapes.end() && first) found = options_.input_shapes.find("");
  return found == options_.input_shapes.end() ? nullptr : &found->second;
}

void CaffeLayers::set(std::size_t blob, CaffeValue value) {
  blobs_[blob] = {Blob::State::Value, std::move(value), ""};
}

void CaffeLayers::set_outside(std::size_t blob, std::string name, TensorShape shape) {
  blobs_[blob] = {Blob::State::Outside, {std::move(name), std::move(shape)}, ""};
}

void CaffeLayers::set_absent(std::size_t blob, std::string what) {
  blobs_[blob] = {Blob::State::Absent, {}, std::move(what)};
}

void CaffeLayers::set_faulty(std::size_t blob) {
  blobs_[blob].state = Blob::State::Faulty;
}

bool CaffeLayers::is_faulty(std::size_t blob) const {
  return blobs_[blob].state == Blob::State::Faulty;
}

CaffeValue CaffeLayers::value(std::size_t blob, const Place& place) {
  Blob& found = blobs_[blob];
  if (found.state == Blob::State::Absent) {
    throw std::invalid_argument(fmt::format("cannot compute with {}", found.what));
  }
  if (found.state == Blob::State::Outside) {
    found.value = add(found.value.layer, Input{found.value.shape.dimensions}, {}, place);
    found.state = Blob::State::Value;
  }
  return found.value;
}

CaffeValue CaffeLayers::add(std::string name,
                            Op op,
                            const std::vector<CaffeValue>& inputs,
                            const Place& place,
                            LayerTraits traits) {
  std::vector<TensorShape> shapes;
  std::vector<std::string> names;
  for (const CaffeValue& input : inputs) {
    shapes.push_back(input.shape);
    names.push_back(input.layer);
  }
  CaffeValue value{name, output_shape(op, shapes)};
  by_name_[name] = drafts_.size();
  drafts_.push_back({std::move(name), std::move(op), std::move(names), place, std::move(traits)});
  return value;
}

Op* CaffeLayers::sole_producer(std::size_t blob) {
  const Blob& found = blobs_[blob];
  const auto draft = by_name_.find(found.value.layer);
  const bool made = found.state == Blob::State::Value && draft != by_name_.end();
  return made && users(blob) == 1 ? &drafts_[draft->second].op : nullptr;
}

const std::string& CaffeLayers::owner_of_weights(const std::string& weights,
                                                 const std::string& layer) {
  return weights_.emplace(weights, layer).first->second;
}

void CaffeLayers::note(NoteKind kind, const std::string& layer, std::string text) {
  const auto same = std::find_if(remarks_.begin(), remarks_.end(), [&](const Remark& remark) {
    return remark.kind == kind && remark.text == text;
  });
  if (same != remarks_.end()) {
    ++same->layers;
  } else {
    remarks_.push_back({kind, layer, std::move(text), 1});
  }
}

Network CaffeLayers::finish(Diagnostics& diagnostics) && {
  NetworkBuilder builder;
  for (Draft& d : drafts_) {
    builder.add(std::move(d.name),
                std::move(d.op),
                std::move(d.inputs),
                std::move(d.place),
                std::move(d.traits));
  }
  Network network = std::move(builder).finish(diagnostics);
  for (const Remark& remark : remarks_) {
    const std::string first = in_quotes(remark.first_layer);
    network.notes.push_back({remark.kind,
                             remark.layers == 1
                                 ? fmt::format("layer {}", first)
                                 : fmt::format("{} layers, the first {}", remark.layers, first),
                             remark.text});
  }
  return network;
}

}  // namespace omniphi::models
