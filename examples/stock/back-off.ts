/**
 * Waits longer after each failure in a row, up to 10 s, with random jitter, so that clients do not all reconnect at
 * once.
 */
export async function backOff(failures: number): Promise<void> {
  const longestMs = Math.min(10_000, 250 * 2 ** failures)
  await new Promise((resolve) => setTimeout(resolve, longestMs * (0.5 + Math.random() / 2)))
}
