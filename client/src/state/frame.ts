/** A page that is not looked at has no frames. */
const longestMs = 250

/** Calls back with the next frame, or, where there are none, in the next task. The returned function takes it back. */
export function nextFrame(call: () => void): () => void {
  if (typeof requestAnimationFrame !== 'function') {
    const timer = setTimeout(call, 0)
    return () => clearTimeout(timer)
  }
  const once = () => {
    cancel()
    call()
  }
  const frame = requestAnimationFrame(once)
  const timer = setTimeout(once, longestMs)
  const cancel = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
  return cancel
}
