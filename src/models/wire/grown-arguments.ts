import { isDeepStrictEqual } from 'node:util'
import { parsed } from '../../kernel/json.ts'
import { isObject } from './fields.ts'

/**
 * What a piece of a call's arguments adds to those before it. Most servers send what is new; some (Baidu, GLM behind
 * proxies) send everything so far in each piece, or all of it once more at the end. Arguments are an object, so a true
 * continuation never begins like the whole again.
 */
export function addedArguments(before: string, piece: string): string {
  // Looking into a text that grows piece by piece copies it each time.
  if (piece.length < before.length && !piece.startsWith('{')) return piece
  if (!before.trimStart().startsWith('{')) return piece
  if (piece.startsWith(before)) return piece.slice(before.length)
  const whole = before.trimEnd().endsWith('}') ? parsed(before) : undefined
  return isObject(whole) && isDeepStrictEqual(whole, parsed(piece)) ? '' : piece
}

/** Whether these are empty arguments, which some servers send in the place of those to come. */
export function isStandIn(text: string): boolean {
  return text.length <= 4 && text.trim() === '{}'
}
