#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// Two-tree all-reduce [Sanders2009]: each half of the payload is summed up a binary tree in 16
/// pieces, one behind the other, and then handed down it again. The trees are such that hardly any
/// rank is inside both, so that each rank sends about 2 of the payload, nearly the least possible,
/// with log2 P as the height of the trees.
///
/// A rank has at most two edges to parents and, inside one tree, two from children. Edges are
/// coloured with two colours so that neither pair has the same, and used in every other step: in a
/// step each rank sends one message and receives one. 4 m + O(log P) steps for m pieces.
Schedule double_binary_tree_all_reduce(int ranks);

}  // namespace omniphi::models
