import type { Config } from '../config/config.ts'
import type { EngineDefinition, OpenEngine } from './engine.ts'
import { openMemoryEngine } from './memory/engine.ts'
import { openRedisEngine } from './redis/engine.ts'

/** Every engine, by the name of its folder. CONTRIBUTING.md says how to add one. */
export const engines = {
  redis: {
    title: 'Redis',
    isDurable: true,
    isShared: true,
    select: ({ redisUrl }) => (redisUrl === null ? null : (options) => openRedisEngine(redisUrl, options)),
  },
  // Takes what no other does, so it comes last.
  memory: { title: 'the embedded engine', isDurable: false, isShared: false, select: () => openMemoryEngine },
} as const satisfies Readonly<Record<string, EngineDefinition>>

export type EngineName = keyof typeof engines

export interface SelectedEngine extends Pick<EngineDefinition, 'title' | 'isDurable' | 'isShared'> {
  readonly open: OpenEngine
}

/** The first engine that the configuration selects. */
export function selectEngine(config: Config): SelectedEngine {
  for (const { select, ...traits } of Object.values<EngineDefinition>(engines)) {
    const open = select(config)
    if (open !== null) return { ...traits, open }
  }
  throw new Error('The configuration selects no engine.')
}
