/** An entry of a log, decoded without the service's code. Deltas have `messageId`, `position` and `text`. */
export interface Entry {
  readonly offset: number
  readonly tag: string
  readonly kind: string
  /** ms since 1970, by the store's clock. */
  readonly at: number
  readonly event: JudgedEvent
}

export interface JudgedMessage {
  readonly id: string
  readonly type: string
  readonly text: string
  readonly meta?: Readonly<Record<string, unknown>>
}

/** Of an event, whatever it is, the parts that are judged. */
export interface JudgedEvent {
  readonly messageId?: string
  readonly position?: number
  readonly text?: string
  readonly message?: JudgedMessage
  /** Of the first entry, and of the transcript that a dispatch begins with: both whole, wherever they are stored. */
  readonly messages?: readonly JudgedMessage[]
  readonly reason?: string | null
  readonly attempt?: number
  readonly iteration?: number
  readonly finish?: string
  readonly call?: { readonly id: string; readonly name: string }
  readonly providerCallId?: string
  readonly data?: unknown
  readonly error?: { readonly code: string; readonly message: string }
  readonly payload?: unknown
  readonly result?: { readonly text: string; readonly finishReason: string }
  readonly usage?: {
    readonly iterations: number
    readonly calls: number
    readonly totalTokens?: number
    readonly cost?: number
  }
  readonly reachedLimit?: { readonly kind: string; readonly used: number; readonly allowed: number }
  readonly limits?: Readonly<Record<string, number>>
  readonly stillReached?: object | null
}

/** What is wrong with the log of a run that has ended, a line each. */
export function judgeLog(log: readonly Entry[]): string[] {
  return [...judgeOrder(log), ...judgeMessages(log), ...judgeUnits(log), ...judgeCalls(log), ...judgeResult(log)]
}

export function isDelta(kind: string): boolean {
  return kind === 'text-delta' || kind === 'reasoning-delta'
}

export const isEnding = ({ kind }: Entry) => /^dispatch-(completed|failed|cancelled)$/.test(kind)
const eventsOf = (log: readonly Entry[], kind: string) => log.filter((entry) => entry.kind === kind)

function judgeOrder(log: readonly Entry[]): string[] {
  const wrong: string[] = []
  if (log.some(({ offset }, index) => offset !== index + 1)) wrong.push('offsets are not dense from 1')
  const endings = log.filter(isEnding)
  if (endings.length !== 1) wrong.push(`${endings.length} endings`)
  const last = log.at(-1)
  if (last === undefined || !isEnding(last)) wrong.push('something follows the ending')
  if (eventsOf(log, 'dispatch-queued').length !== 1) wrong.push('not queued exactly once')
  const numbered = (kind: string, of: (event: JudgedEvent) => number | undefined) => {
    const numbers = eventsOf(log, kind).map(({ event }) => of(event))
    if (numbers.some((number, index) => number !== index + 1)) wrong.push(`${kind}: ${numbers}`)
    return numbers.length
  }
  numbered('dispatch-started', ({ attempt }) => attempt)
  const finished = numbered('iteration-finished', ({ iteration }) => iteration)
  const calls = eventsOf(log, 'function-call-requested').length
  const { usage } = last?.event ?? {}
  if (usage?.iterations !== finished) wrong.push(`usage counts ${usage?.iterations} iterations of ${finished}`)
  if (usage?.calls !== calls) wrong.push(`usage counts ${usage?.calls} calls of ${calls}`)
  return wrong
}

/** Where nothing goes wrong, nobody waits for the sweep: what begins or wakes a run queues it, and a worker is there. */
export function judgePromptness(log: readonly Entry[]): string[] {
  return log.flatMap(({ kind, at, event }, index) => {
    const waited = at - (log[index - 1]?.at ?? at)
    return kind === 'dispatch-started' && waited > 3500 ? [`attempt ${event.attempt} was waited for ${waited} ms`] : []
  })
}

function judgeMessages(log: readonly Entry[]): string[] {
  const wrong: string[] = []
  const texts = new Map<string, string>()
  const over = new Map<string, string>()
  for (const { kind, event, offset } of log) {
    const { messageId = '', position, text = '', message } = event
    if (isDelta(kind)) {
      const before = texts.get(messageId) ?? ''
      if (position !== before.length) wrong.push(`a delta at ${offset} does not go on where its message ended`)
      if (over.has(messageId)) wrong.push(`a delta at ${offset} of a message that is ${over.get(messageId)}`)
      texts.set(messageId, before + text)
    } else if (kind === 'message-discarded') {
      if (over.has(messageId)) wrong.push(`message ${messageId} is voided at ${offset} and ${over.get(messageId)}`)
      over.set(messageId, 'voided')
    } else if (kind === 'message-completed' && message !== undefined) {
      if (over.has(message.id))
        wrong.push(`message ${message.id} is completed at ${offset} and ${over.get(message.id)}`)
      over.set(message.id, 'completed')
      const isSaid = message.type === 'bot' || message.type === 'reasoning'
      if (isSaid && texts.get(message.id) !== message.text)
        wrong.push(`message ${message.id} is not what its deltas say`)
    }
  }
  for (const id of texts.keys()) if (!over.has(id)) wrong.push(`message ${id} was left half said`)
  return wrong
}

/** A model's turn is one unit: all of it carries the tag of one append, which its last fact or the run's ending has. */
function judgeUnits(log: readonly Entry[]): string[] {
  const whole = new Set(log.filter((e) => e.kind === 'iteration-finished' || isEnding(e)).map(({ tag }) => tag))
  return log.flatMap(({ kind, event, tag, offset }) => {
    const isTurns =
      kind === 'function-call-requested' ||
      (kind === 'message-completed' && (event.message?.type === 'bot' || event.message?.type === 'reasoning'))
    return isTurns && !whole.has(tag) ? [`half a turn at ${offset}`] : []
  })
}

function judgeCalls(log: readonly Entry[]): string[] {
  const wrong: string[] = []
  /** Of the turn that was last. */
  let open = new Set<string>()
  const answered = new Set<string>()
  const awaited = new Set<string>()
  const responses = new Set<string>()
  const requested = new Set<string>()
  for (const { kind, event, offset } of log) {
    const id = event.call?.id ?? ''
    if (kind === 'iteration-started') {
      if (open.size > 0) wrong.push(`the model is asked at ${offset} before ${[...open]} is answered`)
      open = new Set()
    } else if (kind === 'function-call-requested') {
      if (requested.has(id)) wrong.push(`call ${id} is requested twice`)
      requested.add(id)
      open.add(id)
    } else if (kind === 'function-result-awaited') {
      if (awaited.has(id) || !open.has(id)) wrong.push(`call ${id} is announced again at ${offset}`)
      awaited.add(id)
    } else if (kind === 'function-call-completed' || kind === 'function-call-failed') {
      if (!requested.has(id) || answered.has(id)) wrong.push(`call ${id} is answered again at ${offset}`)
      answered.add(id)
      open.delete(id)
    } else {
      const of = responseTo(event)
      if (of === null) continue
      if (!answered.has(of) || responses.has(of)) wrong.push(`an activity at ${offset} answers ${of} again`)
      responses.add(of)
    }
  }
  return wrong
}

/** The result is the text of the last turn and of the turns that it continues; none continues one that messages have come after. */
function judgeResult(log: readonly Entry[]): string[] {
  const ending = log.at(-1)
  if (ending?.kind !== 'dispatch-completed') return []
  let said = ''
  let turn = { text: '', calls: 0 }
  let goesOn = false
  let isAnswered = true
  for (const { kind, event } of log) {
    if (kind === 'messages-added') isAnswered = false
    if (kind === 'iteration-started') {
      turn = { text: '', calls: 0 }
      goesOn &&= isAnswered
      isAnswered = true
    }
    if (kind === 'function-call-requested') turn.calls += 1
    else if (kind === 'message-completed' && event.message?.type === 'bot') turn.text += event.message.text
    else if (kind === 'iteration-finished') {
      said = goesOn ? said + turn.text : turn.text
      goesOn = turn.calls === 0 && (event.finish === 'length' || (turn.text === '' && event.finish !== 'filtered'))
    }
  }
  return ending.event.result?.text === said ? [] : ['the result is not what was said']
}

/** The call that a message of type activity answers. */
function responseTo({ message }: JudgedEvent): string | null {
  const activity = message?.meta?.['activity'] as { readonly type: string; readonly id?: string } | undefined
  return activity?.type === 'response' ? (activity.id ?? '') : null
}
