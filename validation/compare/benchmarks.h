#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/parameters.h"
#include "hw/node/node.h"

/// How measured tables came about: names of catalog parts and settings. Entries of the catalog's
/// `benchmarks/`. Parts are named and not read, since the catalog need not have them.
namespace omniphi::validation {

enum class TableKind { MatrixProduct, Convolution, RecurrentCell, AllReduce };

constexpr auto choices(TableKind) {
  return std::array{
      Choice<TableKind>{"gemm", TableKind::MatrixProduct, "matrix products"},
      Choice<TableKind>{"convolution", TableKind::Convolution, "convolutions, three phases"},
      Choice<TableKind>{"rnn", TableKind::RecurrentCell, "recurrent cells over time"},
      Choice<TableKind>{"all-reduce", TableKind::AllReduce, "sums over nodes"}};
}

struct DeepBenchTable {
  std::string table;
  TableKind kind = TableKind::MatrixProduct;
  std::string node;
  std::string stack;
  std::string calibration;
  std::string switches;
  int threads = 0;
  std::map<std::string, int> library_threads;
  int communication_cores = 0;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("table", self.table, "name of the file, without .csv", required);
    v("kind", self.kind, "what is measured", required);
    v("node", self.node, "the machine", required);
    v("stack", self.stack, "the software, with the record that a fit to the table starts from");
    v("calibration", self.calibration, "the record fitted to this table and others that name it");
    v("switch", self.switches, "the switches of the fabric");
    v("threads", self.threads, "compute threads", non_negative);
    v("library_threads", self.library_threads, "compute threads by library", at_least(1));
    v("communication_cores", self.communication_cores, "cores that communicate", non_negative);
  }
};

struct DeepBenchSetup {
  static constexpr std::string_view folder = "benchmarks";
  static constexpr std::string_view id = "deepbench";

  std::string source;
  std::vector<DeepBenchTable> tables;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("source", self.source, "documents that the settings are from", required);
    v("tables", self.tables, "the files of the suite, in the order they are printed", required);
  }
};

/// A processor as it is usually set up.
struct PublishedProcessor {
  std::string node;
  hw::MemoryMode memory_mode = hw::MemoryMode::Flat;
  hw::ClusterMode cluster_mode = hw::ClusterMode::Quadrant;
  int communication_cores = 0;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("node", self.node, "the node", required);
    v("memory_mode", self.memory_mode, "how its fast memory is used");
    v("cluster_mode", self.cluster_mode, "how addresses are spread over its mesh");
    v("communication_cores",
      self.communication_cores,
      "cores set aside in runs of several nodes",
      non_negative);
  }
};

/// A framework as its results were published, and the stack of the catalog that it is.
struct PublishedStack {
  std::string stack;
  bool tuned = true;
  std::string start;
  int ranks_per_node = 1;
  int threads = 0;
  std::map<std::string, std::string> networks;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("stack", self.stack, "the stack", required);
    v("tuned", self.tuned, "whether its convolutions run on MKL2017's or MKL-DNN's kernels");
    v("start",
      self.start,
      "the record that a fit of the stack's own record to its rows starts from; without it the "
      "record comes from elsewhere");
    v("ranks_per_node", self.ranks_per_node, "processes of a run on one node", at_least(1));
    v("threads", self.threads, "compute threads of each of several processes", non_negative);
    v("networks", self.networks, "its own versions of networks, before those for all");
  }
};

struct PublishedFabric {
  std::string switches;
  std::string adapter;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("switch", self.switches, "its switches", required);
    v("adapter", self.adapter, "what the nodes have to join it", required);
  }
};

struct PublishedNames {
  static constexpr std::string_view folder = "benchmarks";
  static constexpr std::string_view id = "published";

  std::string source;
  std::map<std::string, PublishedProcessor> processors;
  std::map<std::string, std::string> networks;
  std::map<std::string, PublishedStack> stacks;
  std::map<std::string, PublishedFabric> fabrics;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("source", self.source, "documents that the settings are from", required);
    v("processors", self.processors, "nodes by the name of their processor", required);
    v("networks", self.networks, "networks by the name they are published under", required);
    v("stacks", self.stacks, "software stacks by the name of the framework", required);
    v("fabrics", self.fabrics, "fabrics by the name of the interconnect", required);
  }
};

}  // namespace omniphi::validation
