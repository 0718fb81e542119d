/**
 * The headers of every streamed answer. Proxies pass each write on at once and change nothing. The chunks are explicit, also
 * for proxies that speak HTTP/1.0: behind those the end of the connection would be the end of the answer, and a process
 * that is killed in mid-answer would look like one that has finished.
 */
export const unbuffered = {
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'transfer-encoding': 'chunked',
} as const
