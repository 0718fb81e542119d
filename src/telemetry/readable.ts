/** What every line has, and a person at a terminal does not want to read each time. */
const known = new Set(['level', 'time', 'msg', 'service', 'version', 'instance', 'pid'])
const colours: Readonly<Record<string, number>> = { fatal: 31, error: 31, warn: 33, info: 32, debug: 90, trace: 90 }

/** A JSON line of the log as a person reads it: `14:03:22.120 info  started account=local attempt=1`. */
export function readableLine(line: string): string {
  const fields = JSON.parse(line) as Readonly<Record<string, unknown>>
  const { level, time, msg } = fields
  const rest = Object.entries(fields).flatMap(([name, value]) => (known.has(name) ? [] : [`${name}=${shown(value)}`]))
  const name = String(level)
  const clock = new Date(Number(time)).toISOString().slice(11, 23)
  const coloured = `\u001b[${colours[name] ?? 0}m${name.padEnd(5)}\u001b[0m`
  return `${[clock, coloured, msg, ...rest].join(' ')}\n`
}

/** Control characters stay escaped: a line may quote what others have sent. The stack of an error goes over several lines. */
function shown(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value)
  const { stack, ...rest } = (value ?? {}) as { readonly stack?: unknown }
  if (typeof stack !== 'string') return JSON.stringify(value)
  const frames = stack.split('\n').map((frame) => JSON.stringify(frame).slice(1, -1))
  return `${JSON.stringify(rest)}\n${frames.join('\n')}`
}
