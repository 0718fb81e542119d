export interface JsonChange {
  /** Whatever is neither a list nor an object of fields; bytes count as one. */
  readonly leaf: (value: unknown) => unknown
  /** Names of fields. Default: they stay. */
  readonly name?: (name: string) => string
}

/** The value with its leaves changed, in one pass. A part in which nothing changes stays the same object. */
export function mapJson(value: unknown, change: JsonChange): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return change.leaf(value)
  if (Array.isArray(value)) {
    const items = value.map((item) => mapJson(item, change))
    return items.every((item, index) => item === value[index]) ? value : items
  }
  const before = Object.entries(value)
  const after = before.map(([name, inner]) => [change.name?.(name) ?? name, mapJson(inner, change)] as const)
  const isSame = after.every(([name, inner], index) => name === before[index]?.[0] && inner === before[index]?.[1])
  return isSame ? value : Object.fromEntries(after)
}
