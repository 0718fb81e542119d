import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface Served {
  readonly child: ChildProcess
  readonly url: string
  /** Lines of standard output so far. */
  readonly log: readonly string[]
  /** Resolves when every process of the command has let go of standard output; the exit code of the first one. */
  readonly over: Promise<number | null>
}

/** Starts a command that serves on a free port, and waits until it listens. */
export async function serve(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Served> {
  const [program = '', ...args] = command
  const env = { ...options.env, PORT: '0', DATA_DIR: 'memory', DEFAULT_MODEL: 'demo/delayMs=20/words=40' }
  const child = spawn(program, args, { ...options, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const log: string[] = []
  const listening = Promise.withResolvers<string>()
  const over = once(child, 'close').then(([code]) => code as number | null)
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.push(line)
    if (line.includes('"listening"')) listening.resolve(JSON.parse(line).url)
  })
  over.then((code) => listening.reject(new Error(`It ended with ${code} before it listened.`)))
  return { child, url: await listening.promise, log, over }
}

const post = async (url: string, query: string, accept: string) =>
  (
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query }),
    })
  ).text()

/** Begins a run, and returns how to read all that a client gets of it, as text. */
export async function beginRun(url: string): Promise<{ readonly events: () => Promise<string> }> {
  const input = 'input: { messages: [{ type: USER, text: "Hello!" }] }'
  const answer = await post(url, `mutation { dispatchConversation(${input}) { channelId } }`, 'application/json')
  const { channelId } = JSON.parse(answer).data.dispatchConversation
  const watch = `subscription { channelEvents(channelId: "${channelId}") { __typename ... on TextDelta { text } } }`
  return { events: () => post(url, watch, 'text/event-stream') }
}
