import { onWake } from './wake.ts'

/**
 * Calls back after a random time below one that doubles with each failure in a row, from a quarter of a second to 10 s, so
 * that clients do not all come back at once; and at once when the browser is online again or its page is looked at.
 * `atLeastSeconds` is the server's advice. The returned function takes the call back.
 */
export function backOff(failures: number, call: () => void, atLeastSeconds = 0): () => void {
  const longestMs = Math.min(10_000, 250 * 2 ** failures)
  const cancel = () => {
    clearTimeout(timer)
    stopListening()
  }
  const now = () => {
    cancel()
    call()
  }
  const timer = setTimeout(now, atLeastSeconds * 1000 + longestMs * Math.random())
  const stopListening = atLeastSeconds === 0 ? onWake(now) : () => {}
  return cancel
}
