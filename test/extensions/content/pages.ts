/** Pages and files of our own making, as servers send them. */
export interface Sent {
  readonly path?: string
  readonly type: string | null
  readonly body: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

export const bytes = (...parts: (string | number | Uint8Array)[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'latin1') : typeof part === 'number' ? Buffer.of(part) : part,
    ),
  )

/** Letters of the Cyrillic alphabet in windows-1251. */
export function cyrillic(text: string): Uint8Array {
  return Buffer.from(
    [...text].map((letter) => {
      const code = letter.codePointAt(0) ?? 0
      return code < 128 ? code : code - 0x410 + 0xc0
    }),
  )
}

export function utf16le(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le')
}

export function utf16be(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le').swap16()
}
