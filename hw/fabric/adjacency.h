#pragma once

#include <cstdint>

#include <boost/graph/compressed_sparse_row_graph.hpp>

#include "hw/fabric/graph.h"

/// Only this folder's sources include this header, so that Boost stays out of everybody else's.
namespace omniphi::hw {

/// The fabric's vertices and arcs, by index. The arcs that leave a vertex are in ascending order.
struct Adjacency {
  using Graph = boost::compressed_sparse_row_graph<boost::directedS,
                                                   boost::no_property,
                                                   ArcId,
                                                   boost::no_property,
                                                   std::uint32_t,
                                                   std::uint32_t>;
  Graph graph;
};

}  // namespace omniphi::hw
