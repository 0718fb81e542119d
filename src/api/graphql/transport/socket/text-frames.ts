/** Each text as one unfragmented WebSocket frame of a server (RFC 6455, 5.2), one after the other. */
export function textFrames(texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const payload = Buffer.from(text)
      return [headOf(payload.byteLength), payload]
    }),
  )
}

const finalText = 0x81

function headOf(length: number): Buffer {
  if (length < 126) return Buffer.from([finalText, length])
  if (length < 65_536) return Buffer.from([finalText, 126, length >> 8, length & 0xff])
  const head = Buffer.alloc(10)
  head[0] = finalText
  head[1] = 127
  head.writeBigUInt64BE(BigInt(length), 2)
  return head
}
