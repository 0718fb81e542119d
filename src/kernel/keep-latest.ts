/** Makes the value of a key, or gives the one that is kept. Null is not kept. */
export type Kept<Value> = (key: string, make: () => Value | null) => Value | null

/** Keeps the values that were used last, so many of them. */
export function keepLatest<Value>(most: number): Kept<Value> {
  const values = new Map<string, Value>()
  return (key, make) => {
    const value = values.get(key) ?? make()
    if (value === null) return null
    values.delete(key)
    values.set(key, value)
    const [oldest] = values.keys()
    if (values.size > most && oldest !== undefined) values.delete(oldest)
    return value
  }
}
