export interface Fence {
  readonly action: string
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly text: string
}

/**
 * Reads the single fenced block of an instruction. Its head is `action/name=value/…`: numbers, true and false are
 * parsed, a name without a value is "", and `%2F` is a slash within a value. Null if there is no fence.
 */
export function readFence(instruction: string, refuse: (message: string) => void): Fence | null {
  const lines = instruction.trim().split(/\r?\n/)
  const openings = lines.flatMap((line, index) => (/^\s*(`{3,}|~{3,})/.test(line) ? [index] : []))
  const [open, close, another] = openings
  if (open === undefined) return null
  const [, marks = '', head = ''] = /^\s*(`{3,}|~{3,})(.*)$/.exec(lines[open] ?? '') ?? []
  const isClose = close !== undefined && lines[close]?.trim() === marks
  if (!isClose) refuse(`The block that begins with ${marks}${head.trim()} is not closed by a line ${marks}.`)
  else if (another !== undefined) refuse('The instruction has several blocks; an ability takes exactly one.')
  else if (open > 0 || close < lines.length - 1) {
    refuse('There is text outside the block of the instruction; an ability takes one block and nothing else.')
  }
  const [action = '', ...pairs] = head.trim().split('/')
  if (action === '') refuse('The block names no action after its fence, such as ```fetch.')
  return { action, settings: readSettings(pairs, refuse), text: lines.slice(open + 1, close).join('\n') }
}

function readSettings(pairs: readonly string[], refuse: (message: string) => void): Fence['settings'] {
  const settings = new Map<string, string | number | boolean>()
  for (const pair of pairs) {
    const [, name, value = ''] = /^([A-Za-z][\w.-]*)(?:=(.*))?$/.exec(pair) ?? []
    if (name === undefined || /[$[({]/.test(value)) {
      refuse(`The head of the block holds ${JSON.stringify(pair)} where a setting like name=value belongs.`)
    } else if (settings.has(name)) {
      refuse(`The head of the block sets ${name} twice.`)
    } else {
      settings.set(name, readValue(value.replaceAll(/%2f/gi, '/')))
    }
  }
  return Object.fromEntries(settings)
}

function readValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
