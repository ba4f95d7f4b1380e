#pragma once

namespace omniphi {

/// Lambdas as one visitor of a std::variant.
template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace omniphi
