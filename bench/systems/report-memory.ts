// Loaded before a measured program (`--import`): SIGUSR2 makes it collect its garbage and tell what is left.
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  // What finalizers let go of takes a second round.
  setImmediate(() => {
    globalThis.gc?.()
    process.send?.(process.memoryUsage())
  })
})

export {}
