#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/workload/importers/caffe.h"
#include "models/workload/importers/caffe_wiring.h"

namespace omniphi::models {

/// What a blob holds: the output of a layer of the network.
struct CaffeValue {
  std::string layer;
  TensorShape shape;
};

/// The network's layers so far, and which of them stands for each blob.
class CaffeLayers {
 public:
  CaffeLayers(const CaffeNet& net, const CaffeWiring& wiring, const CaffeOptions& options);

  [[nodiscard]] int users(std::size_t blob) const { return wiring_.users[blob]; }

  /// The axis of Caffe's blobs that the batch lies along.
  [[nodiscard]] std::size_t batch_axis() const { return batch_axis_; }

  /// Samples in the file's own batch; 0 before any is known.
  [[nodiscard]] std::int64_t batch() const { return batch_; }

  /// Throws std::invalid_argument if another layer has another batch.
  void set_batch(std::int64_t samples);

  /// Where the samples come from, as the first data layer has it.
  [[nodiscard]] const std::string& source() const { return source_; }

  void set_source(const std::string& source) {
    if (source_.empty()) source_ = source;
  }

  /// The shape that the caller of the import gave for this blob, or null.
  [[nodiscard]] const TensorShape* given_shape(const std::string& blob, bool first) const;

  void set(std::size_t blob, CaffeValue value);
  /// The blob enters from outside (labels): a layer stands for it once one computes with it.
  void set_outside(std::size_t blob, std::string name, TensorShape shape);
  /// The blob holds something that no layer can compute with; `what` it is.
  void set_absent(std::size_t blob, std::string what);
  void set_faulty(std::size_t blob);
  [[nodiscard]] bool is_faulty(std::size_t blob) const;

  /// Throws std::invalid_argument for a blob that no layer can compute with.
  CaffeValue value(std::size_t blob, const Place& place);

  CaffeValue add(std::string name,
                 Op op,
                 const std::vector<CaffeValue>& inputs,
                 const Place& place,
                 LayerTraits traits = {});

  /// The operator of the layer that makes the blob, to be widened by the blob's only user; null if
  /// there are more.
  [[nodiscard]] Op* sole_producer(std::size_t blob);

  /// The first layer whose weights have this name; `layer` becomes it if there is none yet.
  const std::string& owner_of_weights(const std::string& weights, const std::string& layer);

  /// One sentence on all layers of which it is true; `layer` is one of them.
  void note(NoteKind kind, const std::string& layer, std::string text);

  [[nodiscard]] Network finish(Diagnostics& diagnostics) &&;

 private:
  struct Blob {
    enum class State { Unknown, Value, Outside, Absent, Faulty };
    State state = State::Unknown;
    CaffeValue value;  // of a blob from outside, the layer that it would be
    std::string what;  // an absent blob is
  };

  struct Draft {
    std::string name;
    Op op;
    std::vector<std::string> inputs;
    Place place;
    LayerTraits traits;
  };

  struct Remark {
    NoteKind kind;
    std::string first_layer;
    std::string text;
    int layers = 0;
  };

  const CaffeWiring& wiring_;
  const CaffeOptions& options_;
  std::size_t batch_axis_ = 0;
  std::int64_t batch_ = 0;
  std::string source_;
  std::vector<Blob> blobs_;
  std::vector<Draft> drafts_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::unordered_map<std::string, std::string> weights_;  // and the layers that own them
  std::vector<Remark> remarks_;
};

}  // namespace omniphi::models
