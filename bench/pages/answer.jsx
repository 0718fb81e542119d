globalThis.renders = 0
globalThis.frames = 0
requestAnimationFrame(function next() {
  globalThis.frames += 1
  requestAnimationFrame(next)
})

/** What both pages show. */
export function Answer({ messages, status }) {
  globalThis.renders += 1
  return (
    <div id={status}>
      {messages.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  )
}
