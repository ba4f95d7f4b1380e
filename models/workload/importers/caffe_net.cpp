#include "models/workload/importers/caffe_net.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace omniphi::models {

namespace {

using google::protobuf::TextFormat;

/// StateMeetsRule of Caffe's net.cpp.
bool meets(const CaffeState& state, const caffe::StateRule& rule) {
  const auto has = [&](const std::string& stage) {
    return std::find(state.stages.begin(), state.stages.end(), stage) != state.stages.end();
  };
  if (rule.has_phase() && rule.phase() != state.phase) return false;
  if (rule.has_min_level() && state.level < rule.min_level()) return false;
  if (rule.has_max_level() && state.level > rule.max_level()) return false;
  return std::all_of(rule.stage().begin(), rule.stage().end(), has) &&
         std::none_of(rule.not_stage().begin(), rule.not_stage().end(), has);
}

bool meets_any(const CaffeState& state,
               const google::protobuf::RepeatedPtrField<caffe::StateRule>& rules) {
  return std::any_of(
      rules.begin(), rules.end(), [&](const auto& rule) { return meets(state, rule); });
}

/// FilterNet of Caffe's net.cpp.
bool takes_part(const caffe::Layer& layer, const CaffeState& state) {
  return layer.include().empty() ? !meets_any(state, layer.exclude())
                                 : meets_any(state, layer.include());
}

/// "CONVOLUTION": "Convolution". UpgradeV1LayerType of Caffe's upgrade_proto.cpp.
std::string new_type(caffe::V1Layer::Type type) {
  switch (type) {
    case caffe::V1Layer::ABSVAL:
      return "AbsVal";
    case caffe::V1Layer::ARGMAX:
      return "ArgMax";
    case caffe::V1Layer::BNLL:
      return "BNLL";
    case caffe::V1Layer::HDF5_DATA:
      return "HDF5Data";
    case caffe::V1Layer::HDF5_OUTPUT:
      return "HDF5Output";
    case caffe::V1Layer::LRN:
      return "LRN";
    case caffe::V1Layer::MVN:
      return "MVN";
    case caffe::V1Layer::RELU:
      return "ReLU";
    case caffe::V1Layer::SOFTMAX_LOSS:
      return "SoftmaxWithLoss";
    case caffe::V1Layer::TANH:
      return "TanH";
    default:
      break;
  }
  std::string word;
  bool begins = true;  // of a word within the name
  for (const char c : caffe::V1Layer::Type_Name(type)) {
    if (c != '_') word += begins ? c : static_cast<char>(std::tolower(c));
    begins = c == '_';
  }
  return word;
}

caffe::Layer upgraded(const caffe::V1Layer& old) {
  caffe::V1Layer common = old;
  common.clear_type();
  common.clear_param();
  common.clear_blobs_lr();
  common.clear_weight_decay();
  caffe::Layer layer;
  layer.ParseFromString(common.SerializeAsString());
  layer.set_type(new_type(old.type()));
  for (int i = 0; i < std::max(old.param_size(), old.blobs_lr_size()); ++i) {
    caffe::Weights& weights = *layer.add_param();
    if (i < old.param_size()) weights.set_name(old.param(i));
    if (i < old.blobs_lr_size()) weights.set_lr_mult(old.blobs_lr(i));
  }
  return layer;
}

/// The layer that inputs named at the top of a net stand for: UpgradeNetInput of upgrade_proto.cpp.
caffe::Layer input_layer(const caffe::Net& net) {
  caffe::Layer layer;
  layer.set_type("Input");
  for (int i = 0; i < net.input_size(); ++i) {
    layer.add_top(net.input(i));
    caffe::Shape& shape = *layer.mutable_input_param()->add_shape();
    if (i < net.input_shape_size()) {
      shape = net.input_shape(i);
    } else {
      for (int d = 4 * i; d < std::min(4 * i + 4, net.input_dim_size()); ++d) {
        shape.add_dim(net.input_dim(d));
      }
    }
  }
  layer.set_name(net.input(0));
  return layer;
}

class NetReader {
 public:
  NetReader(const CaffeText& text, const TextFormat::ParseInfoTree& tree, const CaffeState& state)
      : text_(text), tree_(tree), state_(state) {}

  CaffeNet read(caffe::Net proto) {
    net_.name = proto.name();
    net_.place = text_.whole_file();
    net_.multinode = proto.multinode();
    net_.statistics_batch = proto.bn_stats_batch_size();
    net_.notes = text_.notes();
    check_syntax(proto);
    if (proto.input_size() > 0) {
      net_.layers.push_back({input_layer(proto), text_.place(tree_, proto, "input", 0)});
    }
    for (int i = 0; i < proto.layers_size(); ++i) {
      add(upgraded(proto.layers(i)), text_.place(tree_, proto, "layers", i));
    }
    for (int i = 0; i < proto.layer_size(); ++i) {
      add(std::move(*proto.mutable_layer(i)), text_.place(tree_, proto, "layer", i));
    }
    return std::move(net_);
  }

 private:
  void check_syntax(const caffe::Net& proto) const {
    Diagnostics diagnostics;
    for (int i = 0; i < proto.layers_size() && !diagnostics.full(); ++i) {
      const caffe::V1Layer& layer = proto.layers(i);
      const Place place = text_.place(tree_, proto, "layers", i);
      if (layer.has_layer()) {
        diagnostics.error(
            place,
            layer.layer().name(),
            "Caffe's oldest syntax, \"layers { layer { ... } }\", is not read (Caffe's "
            "upgrade_net_proto_text makes it new)");
      } else if (!layer.has_type() || layer.type() == caffe::V1Layer::NONE) {
        diagnostics.error(place, layer.name(), "has no type");
      } else if (proto.layer_size() > 0) {
        diagnostics.error(
            place, layer.name(), "\"layers\" and \"layer\" cannot stand in one network");
      }
    }
    diagnostics.throw_if_any();
  }

  void add(caffe::Layer layer, Place place) {
    if (takes_part(layer, state_)) net_.layers.push_back({std::move(layer), std::move(place)});
  }

  const CaffeText& text_;
  const TextFormat::ParseInfoTree& tree_;
  const CaffeState& state_;
  CaffeNet net_;
};

}  // namespace

CaffeNet caffe_net(caffe::Net proto,
                   const CaffeText& text,
                   const TextFormat::ParseInfoTree& tree,
                   const CaffeState& state) {
  return NetReader(text, tree, state).read(std::move(proto));
}

CaffeNet read_caffe_net(const std::filesystem::path& file, const CaffeState& state) {
  CaffeText text(file);
  caffe::Net proto;
  text.parse(proto);
  return caffe_net(std::move(proto), text, text.tree(), state);
}

}  // namespace omniphi::models
