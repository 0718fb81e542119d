import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { ChannelKey } from '../../kernel/ids.ts'
import { defineScript, rethrowRedis, type ScriptArgument } from './connection.ts'
import { runKeys, tellingKeys } from './keys.ts'
import { ledgerLua } from './limits/ledger-script.ts'
import { usedTodayLua } from './limits/used-today.ts'
import { factsPageLua } from './run/facts.ts'
import { transcriptLua } from './run/transcripts.ts'
import { standingLua } from './standing/standings.ts'

const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const shared = [
  ledgerLua,
  standingLua,
  usedTodayLua,
  transcriptLua,
  ...['./channel/append.lua', './webhook/tell.lua', './run/run-fields.lua'].map(textOf),
]

/** A run's script on its keys. @param others keys of that script alone */
export type RunScript = (
  key: ChannelKey,
  args: readonly ScriptArgument[],
  others?: readonly string[],
) => Promise<unknown>

/** The scripts that can end or park a run, or keep or remove what is told of it. The others pay for no such key. */
const telling: ReadonlySet<string> = new Set(['create', 'begin', 'claim', 'cancel', 'park', 'remove', 'append-ending'])

/** What `append-run.lua` does at an ending. Most appends are none, and need not ask for what an ending is permitted. */
const closings: Readonly<Record<string, string>> = {
  'append-run': 'local function close_run()\nend',
  'append-ending': 'local function close_run(at)\n  end_run(ARGV[7], ARGV[8], ARGV[9], at, ARGV[10], ARGV[11])\nend',
}

/** @param name that of its file; `append-ending` is `append-run.lua` for appends that end the run */
export function createRunScript(redis: Redis, name: string): RunScript {
  const body = textOf(
    name === 'raise' ? './raise/raise.lua' : `./run/${name === 'append-ending' ? 'append-run' : name}.lua`,
  )
  const parts = [...shared, name === 'claim' ? factsPageLua : '', closings[name] ?? '', body]
  const run = defineScript(redis, `backchannel-${name}`, parts.join('\n'))
  return (key, args, others = []) => {
    const keys = [...runKeys(key), ...(telling.has(name) ? tellingKeys(key) : []), ...others]
    return run(keys, args).catch(rethrowRedis)
  }
}
