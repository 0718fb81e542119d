import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { ScriptArgument } from './connection.ts'
import { type RunPlace, runKeys } from './keys.ts'
import { ledgerLua } from './limits/ledger-script.ts'
import { usedTodayLua } from './limits/used-today.ts'
import { factsPageLua } from './run/facts.ts'
import { transcriptLua } from './run/transcripts.ts'
import { defineKeyedScript } from './script-keys.ts'
import { standingLua } from './standing/standings.ts'

const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const shared = [
  ledgerLua,
  standingLua,
  usedTodayLua,
  transcriptLua,
  ...['./channel/append.lua', './webhook/tell.lua', './run/run-fields.lua'].map(textOf),
]

export type RunScript = (place: RunPlace, args: readonly ScriptArgument[]) => Promise<unknown>

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
  return defineKeyedScript(redis, { name: `backchannel-${name}`, lua: parts.join('\n'), keys: runKeys })
}
