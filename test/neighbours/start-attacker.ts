import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FromAttacker, ToAttacker } from './attacker-messages.ts'

export interface Attacker {
  /** Where its files are, for FETCH_ALLOW. */
  readonly host: string
  /** Begins; the returned function ends it and says what came of it. */
  begin(attack: Omit<ToAttacker & { kind: 'attack' }, 'kind'>): () => Promise<string>
  close(): void
}

/** The attacker as a process of its own: neither its event loop nor its processor is the neighbour's. It attacks once. */
export async function startAttacker(): Promise<Attacker> {
  const child = fork(fileURLToPath(new URL('attacker.ts', import.meta.url)))
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The attacker ended with ${code}.`)
  })
  ended.catch(() => {})
  const next = async (): Promise<FromAttacker> => {
    const [message] = await Promise.race([once(child, 'message'), ended])
    return message
  }
  const tell = (message: ToAttacker) => void child.send(message)
  const ready = await next()
  return {
    host: ready.kind === 'ready' ? ready.host : '',
    begin(attack) {
      const done = next()
      done.catch(() => {})
      tell({ kind: 'attack', ...attack })
      return async () => {
        tell({ kind: 'stop' })
        const message = await done
        return message.kind === 'done' ? message.tally : ''
      }
    },
    close: () => void child.kill('SIGKILL'),
  }
}
