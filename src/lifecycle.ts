/** What has been opened, to be closed in the reverse order. */
export interface Lifecycle {
  /** Registers how to close what was opened on the line before. */
  onClose(close: () => unknown): void
  /** Closes everything, last opened first, however often it is called; one failing close does not keep the others open. */
  close(): Promise<void>
}

export function createLifecycle(onError: (error: unknown) => void): Lifecycle {
  const closes: (() => unknown)[] = []
  let closing: Promise<void> | null = null
  const closeAll = async () => {
    for (let close = closes.pop(); close !== undefined; close = closes.pop()) {
      try {
        await close()
      } catch (error) {
        onError(error)
      }
    }
  }
  return {
    onClose: (close) => void closes.push(close),
    close: () => {
      closing ??= closeAll()
      return closing
    },
  }
}
