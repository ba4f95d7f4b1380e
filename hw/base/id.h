#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace omniphi {

/// An index that knows what it numbers: a LayerId never indexes links.
template <class Tag>
class Id {
 public:
  constexpr Id() = default;

  constexpr explicit Id(std::int64_t index) : index_(static_cast<std::uint32_t>(index)) {}

  [[nodiscard]] constexpr std::size_t index() const { return index_; }

  friend constexpr bool operator==(Id, Id) = default;
  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  std::uint32_t index_ = 0;
};

}  // namespace omniphi
