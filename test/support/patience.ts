import { vi } from 'vitest'

/**
 * How long `vi.waitFor` waits where a test does not say: long enough for a busy machine. Vitest's own second is a bound on the
 * machine and not on the code.
 */
const patience = { timeout: 20_000, interval: 20 }

const { waitFor } = vi
vi.waitFor = (callback, options = {}) =>
  waitFor(callback, typeof options === 'number' ? options : { ...patience, ...options })
