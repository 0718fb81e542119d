// Loaded before a measured program (`--import`). On SIGUSR2 it collects garbage and reports the remaining memory.
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  // Memory released by finalizers needs a second collection.
  setImmediate(() => {
    globalThis.gc?.()
    process.send?.(process.memoryUsage())
  })
})

export {}
