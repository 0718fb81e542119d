const lineEnd = Buffer.from('\r\n')

/** What of a stream of Redis replies (RESP 2 or 3) is whole, one buffer each, and the part that has not come yet. */
export function wholeReplies(bytes: Buffer): { readonly replies: readonly Buffer[]; readonly rest: Buffer } {
  const replies: Buffer[] = []
  let from = 0
  for (let to = endOfReply(bytes, from); to !== null; to = endOfReply(bytes, from)) {
    replies.push(bytes.subarray(from, to))
    from = to
  }
  return { replies, rest: bytes.subarray(from) }
}

/** A message of pub/sub: a push of RESP 3. Confirmations of SUBSCRIBE are pushes too, and none. */
export function isPublication(reply: Buffer): boolean {
  return reply.subarray(0, 20).toString('latin1').startsWith('>3\r\n$7\r\nmessage\r\n')
}

/** Where the reply at `from` ends; null: it has not come whole. */
function endOfReply(bytes: Buffer, from: number): number | null {
  const end = bytes.indexOf(lineEnd, from)
  if (from >= bytes.length || end === -1) return null
  const next = end + lineEnd.length
  const type = String.fromCharCode(bytes[from] ?? 0)
  const count = Number(bytes.subarray(from + 1, end).toString('latin1'))
  if ('$!='.includes(type)) {
    const to = count < 0 ? next : next + count + lineEnd.length
    return to <= bytes.length ? to : null
  }
  if (!'*>~%|'.includes(type)) return next
  // Maps and attributes have pairs.
  return endOfReplies(bytes, next, '%|'.includes(type) ? 2 * count : count)
}

function endOfReplies(bytes: Buffer, from: number, count: number): number | null {
  let at = from
  for (let left = count; left > 0; left--) {
    const end = endOfReply(bytes, at)
    if (end === null) return null
    at = end
  }
  return at
}
