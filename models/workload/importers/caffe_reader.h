#pragma once

#include "models/workload/importers/caffe.h"
#include "models/workload/importers/caffe_net.h"

namespace omniphi::models {

/// What read_caffe does once the text is read.
CaffeNetwork network_of(const CaffeNet& net, const CaffeOptions& options);

/// The state in which Caffe's training or testing asks for layers.
CaffeState caffe_state(CaffePhase phase);

}  // namespace omniphi::models
