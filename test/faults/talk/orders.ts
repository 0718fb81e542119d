/** The orders in which these may have come, of which only the ms are known: those of one ms in every order, up to so many in all. */
export function ordersOf<Item extends { readonly at: number }>(items: readonly Item[], most = 120): readonly Item[][] {
  const moments = Map.groupBy(
    items.toSorted((one, other) => one.at - other.at),
    ({ at }) => at,
  )
  let orders: Item[][] = [[]]
  for (const same of moments.values()) {
    orders = orders.flatMap((order) => permutations(same).map((next) => [...order, ...next])).slice(0, most)
  }
  return orders
}

function permutations<Item>(items: readonly Item[]): readonly Item[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))
}
