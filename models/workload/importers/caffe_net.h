#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/workload/importers/caffe.pb.h"
#include "models/workload/importers/caffe_text.h"

namespace omniphi::models {

struct CaffeLayer {
  caffe::Layer proto;
  Place place;
};

/// The layers that take part in one phase, in the order of the text, which is the order that they
/// run in. Older syntax is made new: `layers { type: RELU }`, and inputs without a layer.
struct CaffeNet {
  std::string name;
  std::vector<CaffeLayer> layers;
  caffe::Multinode multinode;
  std::int64_t statistics_batch = 0;  // samples that BatchNorm takes together; 0: the whole batch
  std::vector<Note> notes;
  Place place;  // the whole file
};

/// The phase that a layer must want.
struct CaffeState {
  caffe::Phase phase = caffe::TRAIN;
  int level = 0;
  std::vector<std::string> stages;
};

/// Throws ConfigError with every fault of the text and of the old syntax.
CaffeNet read_caffe_net(const std::filesystem::path& file, const CaffeState& state);

/// The same of a net that is part of `text`, its places in `tree`.
CaffeNet caffe_net(caffe::Net proto,
                   const CaffeText& text,
                   const google::protobuf::TextFormat::ParseInfoTree& tree,
                   const CaffeState& state);

}  // namespace omniphi::models
