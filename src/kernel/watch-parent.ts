/** How often it looks. A parent that has ended tells its children nothing. */
const intervalMs = 250

/**
 * Calls `onGone` once the process that has started this one is there no more. @param parentId the id of the present
 * parent: an orphan gets another one. Never calls it for a process without a parent of its own, as in a container.
 */
export function watchParent(parentId: () => number, onGone: () => void): void {
  const first = parentId()
  if (first <= 1) return
  const timer = setInterval(() => {
    if (parentId() === first) return
    clearInterval(timer)
    onGone()
  }, intervalMs).unref()
}
