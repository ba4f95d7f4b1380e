#include "models/workload/importers/caffe_wiring.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include <fmt/format.h>

namespace omniphi::models {

namespace {

class Wirer {
 public:
  Wirer(const CaffeNet& net, Diagnostics& diagnostics) : net_(net), diagnostics_(diagnostics) {
    for (std::size_t i = 0; i < net.layers.size(); ++i) {
      for (const std::string& top : net.layers[i].proto.top()) producers_.emplace(top, i);
    }
  }

  CaffeWiring wire() {
    for (const CaffeLayer& layer : net_.layers) {
      wiring_.layers.emplace_back();
      check_name(layer);
      for (const std::string& bottom : layer.proto.bottom()) take(bottom, layer);
      for (const std::string& top : layer.proto.top()) give(top, layer);
    }
    return std::move(wiring_);
  }

 private:
  void fault(const CaffeLayer& layer, std::string message) {
    diagnostics_.error(layer.place, caffe_name(layer.proto), std::move(message));
  }

  void check_name(const CaffeLayer& layer) {
    const auto [first, unused] = names_.emplace(caffe_name(layer.proto), layer.place.line);
    if (unused) return;
    fault(layer, fmt::format("another layer, in line {}, has this name", first->second));
  }

  void take(const std::string& bottom, const CaffeLayer& layer) {
    const auto blob = current_.find(bottom);
    if (blob != current_.end()) {
      ++wiring_.users[blob->second.number];
      return wiring_.layers.back().bottoms.push_back(blob->second.number);
    }
    const auto producer = producers_.find(bottom);
    if (producer == producers_.end()) {
      return fault(layer, fmt::format("takes {}, which no layer gives", in_quotes(bottom)));
    }
    const CaffeLayer& later = net_.layers[producer->second];
    fault(layer,
          fmt::format("takes {} before {}, in line {}, gives it: the layers are not in order, or "
                      "form a cycle",
                      in_quotes(bottom),
                      in_quotes(caffe_name(later.proto)),
                      later.place.line));
  }

  void give(const std::string& top, const CaffeLayer& layer) {
    const auto& bottoms = layer.proto.bottom();
    const bool in_place = std::find(bottoms.begin(), bottoms.end(), top) != bottoms.end();
    const auto earlier = current_.find(top);
    if (earlier != current_.end() && !in_place) {
      fault(layer,
            fmt::format("gives {}, which a layer in line {} gives already",
                        in_quotes(top),
                        earlier->second.line));
    }
    const std::size_t number = wiring_.users.size();
    wiring_.users.push_back(0);
    current_[top] = {number, layer.place.line};
    wiring_.layers.back().tops.push_back(number);
  }

  struct Blob {
    std::size_t number = 0;
    int line = 0;
  };

  const CaffeNet& net_;
  Diagnostics& diagnostics_;
  CaffeWiring wiring_;
  std::unordered_map<std::string, Blob> current_;
  std::unordered_map<std::string, std::size_t> producers_;  // first layer that gives the name
  std::unordered_map<std::string, int> names_;              // and their lines
};

}  // namespace

std::string caffe_name(const caffe::Layer& layer) {
  if (!layer.name().empty()) return layer.name();
  return layer.top_size() > 0 ? layer.top(0) : layer.type();
}

CaffeWiring wired(const CaffeNet& net, Diagnostics& diagnostics) {
  return Wirer(net, diagnostics).wire();
}

}  // namespace omniphi::models
