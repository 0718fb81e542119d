/**
 * How many letters must be put in, left out, changed or swapped with their neighbour to make one word the other.
 * Above `most`, any number above it.
 */
export function distance(one: string, other: string, most: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    let least = row
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1]
      const cost = Math.min(
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
      )
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      const value = isSwapped ? Math.min(cost, (beforeLast[column - 2] ?? 0) + 1) : cost
      current.push(value)
      if (value < least) least = value
    }
    if (least > most) return least
    beforeLast = last
    last = current
  }
  return last[other.length] ?? 0
}
