/** Shorter texts are not worth a look. Bytes. */
const shortest = 65_536
/** How many texts are remembered, the newest ones; only while somebody holds them. */
const most = 64

let recent: WeakRef<Uint8Array<ArrayBuffer>>[] = []

/**
 * A text as bytes, which are those of an equal text if somebody still holds them: readers who ask for the same, and do not
 * read what they get, hold it together. Nobody may write into them.
 */
export function shareBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text)
  if (bytes.byteLength < shortest) return bytes
  const held = recent.filter((each) => each.deref() !== undefined)
  const same = held.find((each) => {
    const other = each.deref()
    return other !== undefined && other.byteLength === bytes.byteLength && Buffer.compare(other, bytes) === 0
  })
  recent = held.slice(same === undefined ? -(most - 1) : -most)
  if (same === undefined) recent.push(new WeakRef(bytes))
  return same?.deref() ?? bytes
}
