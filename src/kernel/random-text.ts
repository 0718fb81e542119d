import { randomFillSync } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const largestFairByte = 256 - (256 % alphabet.length) - 1

const pool = Buffer.alloc(4096)
let used = pool.length

/**
 * Cryptographically random letters and digits. Draws bytes in bulk, because a system call per token would show in a
 * profile.
 */
export function randomText(length: number): string {
  let text = ''
  while (text.length < length) {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    const byte = pool[used++] ?? 255
    if (byte <= largestFairByte) text += alphabet[byte % alphabet.length]
  }
  return text
}
