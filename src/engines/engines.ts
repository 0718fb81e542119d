import type { Config } from '../config/config.ts'
import type { EngineDefinition, Kept, OpenEngine } from './engine.ts'
import { openRedisEngine } from './redis/engine.ts'
import { openSqliteEngine } from './sqlite/engine.ts'

/** Every engine, by the name of its folder. CONTRIBUTING.md says how to add one. */
export const engines = {
  redis: {
    title: 'Redis',
    keeps: () => ({ isDurable: true, where: 'Redis', folder: null }),
    isShared: true,
    select: ({ redisUrl }) => (redisUrl === null ? null : (options) => openRedisEngine(redisUrl, options)),
  },
  // Takes what no other does, so it comes last.
  sqlite: {
    title: 'the embedded engine',
    keeps: ({ dataDir }) =>
      dataDir === null
        ? { isDurable: false, where: 'the memory of this process', folder: null }
        : { isDurable: true, where: 'a folder of this machine', folder: dataDir },
    isShared: false,
    select: () => openSqliteEngine,
  },
} as const satisfies Readonly<Record<string, EngineDefinition>>

export type EngineName = keyof typeof engines

export interface SelectedEngine extends Pick<EngineDefinition, 'title' | 'isShared'>, Kept {
  readonly open: OpenEngine
}

/** The first engine that the configuration selects. */
export function selectEngine(config: Config): SelectedEngine {
  for (const { title, keeps, isShared, select } of Object.values<EngineDefinition>(engines)) {
    const open = select(config)
    if (open !== null) return { title, isShared, open, ...keeps(config) }
  }
  throw new Error('The configuration selects no engine.')
}
