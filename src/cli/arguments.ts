import type { Role } from '../config/config.ts'
import { nearest } from '../kernel/nearest.ts'

export type Command =
  | { readonly kind: 'serve'; readonly role: Role }
  /** `target` is the file that the backup becomes. */
  | { readonly kind: 'backup'; readonly target: string }
  | { readonly kind: 'doctor' | 'help' | 'version' }
  /** One line that says what is taken. */
  | { readonly kind: 'wrong'; readonly problem: string }

const commands: Readonly<Record<string, Command>> = {
  all: { kind: 'serve', role: 'all' },
  api: { kind: 'serve', role: 'api' },
  worker: { kind: 'serve', role: 'worker' },
  doctor: { kind: 'doctor' },
  help: { kind: 'help' },
  '--help': { kind: 'help' },
  '-h': { kind: 'help' },
  version: { kind: 'version' },
  '--version': { kind: 'version' },
  '-v': { kind: 'version' },
}

const taken = 'takes all (the default), api, worker, doctor, backup FILE, --help or --version'

/** What a command line asks for, without the program's name. Words are not repeated: one may be a secret. */
export function readArguments(words: readonly string[]): Command {
  if (words.includes('--help') || words.includes('-h')) return { kind: 'help' }
  const [word = 'all', ...more] = words
  const [target] = more
  if (word === 'backup' && target !== undefined && more.length === 1) return { kind: 'backup', target }
  if (more.length > 0) return { kind: 'wrong', problem: `backchannel-server ${taken}, and one word only` }
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined
  if (command !== undefined) return command
  const meant = nearest(word, Object.keys(commands))
  return {
    kind: 'wrong',
    problem: `backchannel-server ${taken}${meant === undefined ? '' : `; do you mean ${meant}?`}`,
  }
}

export const help = `Runs LLM conversations in the background and lets clients watch them.

  backchannel-server [all]      API and worker in one process
  backchannel-server api        the API alone; needs REDIS_URL
  backchannel-server worker     a worker alone; needs REDIS_URL
  backchannel-server doctor     checks the configuration and all that it leads to; exit code 1 if something must be mended
  backchannel-server backup FILE
                                a copy of what the embedded engine keeps, whether a server runs or not
  backchannel-server --version
  backchannel-server --help

It is configured by environment variables, such as PORT, REDIS_URL, API_KEYS, OPENAI_API_KEY, ANTHROPIC_API_KEY and
OPENAI_COMPATIBLE_BASE_URL; all of them are in docs/reference/configuration.md. Without any it starts with an embedded
engine and a demo model.

SIGTERM and SIGINT end it: it takes nothing new and finishes what it has in hand (SHUTDOWN_GRACE_MS). SIGUSR2 lets a
worker finish what it has in hand without ending.
`
