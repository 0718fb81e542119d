/** Unique, which is all that it has to be: `randomUUID` is missing on pages without TLS and on React Native. */
export function newId(): string {
  const random = () => Math.random().toString(36).slice(2)
  return globalThis.crypto?.randomUUID?.() ?? `${Date.now()}-${random()}${random()}`
}
