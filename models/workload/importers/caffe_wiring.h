#pragma once

#include <cstddef>
#include <vector>

#include "models/workload/importers/caffe_net.h"

namespace omniphi::models {

/// Which blobs the layers of a net take and give, by number. A layer that works in place (its top
/// has the name of a bottom) gives a new blob; whoever comes later takes that one.
struct CaffeWiring {
  struct Layer {
    std::vector<std::size_t> bottoms;
    std::vector<std::size_t> tops;
  };

  std::vector<Layer> layers;  // as in the net
  std::vector<int> users;     // of each blob
};

/// Faults (bottoms that no layer before gives, tops given twice, names used twice) go to
/// `diagnostics`; the result is then partial.
CaffeWiring wired(const CaffeNet& net, Diagnostics& diagnostics);

/// What messages call a layer: its name, or else its first top or type.
std::string caffe_name(const caffe::Layer& layer);

}  // namespace omniphi::models
