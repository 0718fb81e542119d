import type { ChannelLog } from '../../src/channel/channel.ts'
import { type Config, readConfig } from '../../src/config/config.ts'
import type { EngineOptions, RequestView, Engine as SourceEngine, WorkerView } from '../../src/engines/engine.ts'
import { type EngineName, engines as registry, selectEngine } from '../../src/engines/engines.ts'
import { createLifecycle } from '../../src/kernel/lifecycle.ts'
import { opened } from '../support/lifetime/opened.ts'
import { startRedisSurroundings } from '../support/redis/redis-surroundings.ts'
import { recordSlots, takeUnknownSpan } from '../support/redis/slots.ts'
import { dataFolder } from '../support/sqlite/data-folder.ts'

/** Where an engine runs in a test: a server of its own, or nothing. */
export interface EnginePlace extends EngineSurroundings {
  /** Several processes can meet in it. */
  readonly isShared: boolean
}

export interface EngineSurroundings {
  /** The variables that select the engine, for a process or a whole service. */
  readonly env: Readonly<Record<string, string>>
  /** The names of what is stored, but for what is always there; empty where nobody can look from outside. */
  stored(): Promise<readonly string[]>
}

/** Adding an engine is one entry here: from then on the contract suites and the specification run on it. */
const surroundings: Readonly<Record<EngineName, () => Promise<EngineSurroundings>>> = {
  redis: startRedisSurroundings,
  sqlite: async () => ({ env: { DATA_DIR: dataFolder() }, stored: async () => [] }),
}

const names = Object.keys(surroundings) as readonly EngineName[]

/** How to start a place for each engine. */
export const places = Object.fromEntries(
  names.map((name) => [name, async () => ({ ...(await surroundings[name]()), isShared: registry[name].isShared })]),
) as Readonly<Record<EngineName, () => Promise<EnginePlace>>>

/** The ports of an engine, as suites use them: where there are two views, the one that waits. */
export interface Engine extends Omit<RequestView, 'log'>, WorkerView, Pick<SourceEngine, 'consume' | 'backlog'> {
  readonly log: ChannelLog
  readonly isShared: boolean
  /** The same engine as another process has it; where no other process can meet in it, the engine itself. */
  elsewhere(): Promise<Engine>
  close(): Promise<void>
}

/** Small, so that a test can reach them. */
const logLimits = { maxEntries: 1000, maxBytes: 1_000_000 }
const small = { RETENTION_SECONDS: '3600', RECORD_RETENTION_SECONDS: '7200', SHUTDOWN_GRACE_MS: '0' }

/** Opens the engine that `env` selects as the app does. */
export async function openEngine(
  env: EnginePlace['env'],
  over: Partial<Config> = {},
  options: Pick<EngineOptions, 'shareOf' | 'providerLimits' | 'accounts'> = {},
): Promise<Engine> {
  const config = { ...readConfig({ ...small, ...env }, 'all'), ...over }
  const onError = () => {}
  const lifecycle = createLifecycle(onError)
  const slots = opened(recordSlots(), (it) => it.stop())
  const { open, isShared } = selectEngine(config)
  const clock = () => Date.now()
  const { requests, workers, followers, consume, backlog } = await open({
    config,
    role: 'all',
    logLimits,
    clock,
    lifecycle,
    onError,
    ...options,
  })
  const engine: Engine = opened({
    ...requests,
    ...workers,
    log: followers.log,
    consume: (...args) => opened(consume(...args)),
    backlog,
    isShared,
    async elsewhere() {
      if (!isShared) return engine
      const other = await openEngine(env, over, options)
      lifecycle.onClose(other.close)
      return other
    },
    async close() {
      await lifecycle.close()
      slots.stop()
      // A script that a cluster would refuse is not to come unseen.
      const unknown = takeUnknownSpan()
      if (unknown !== undefined) throw new Error(unknown)
    },
  })
  return engine
}

/** In a place of its own. */
async function openAlone(start: () => Promise<EnginePlace>, over?: Partial<Config>): Promise<Engine> {
  const place = await start()
  return openEngine(place.env, over)
}

/** For `describe.each`: the engine's title, how to open it in a place of its own, and how to start such a place. */
type EngineRow = readonly [
  title: string,
  open: (over?: Partial<Config>) => Promise<Engine>,
  start: () => Promise<EnginePlace>,
]

const rowOf = (name: EngineName): EngineRow => {
  const start = places[name]
  return [registry[name].title, (over) => openAlone(start, over), start]
}

/** Every engine. */
export const engines: readonly EngineRow[] = names.map(rowOf)
/** Those that several processes can meet in. */
export const sharedEngines: readonly EngineRow[] = names.filter((name) => registry[name].isShared).map(rowOf)
