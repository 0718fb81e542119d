import type { Role } from '../config/config.ts'
import type { Engine } from '../engines/engine.ts'
import type { SelectedEngine } from '../engines/engines.ts'
import type { Backlog } from '../kernel/news.ts'
import { readVersion } from '../kernel/version.ts'
import { registry } from '../models/providers.ts'
import { readinessBy } from '../server/health.ts'
import { type InnerAnswer, jsonAnswer } from '../telemetry/inner-server.ts'
import type { MetricsSources } from '../telemetry/metrics.ts'

/** What the inner port tells of this process, from before its engine is open until after it is closed. */
export interface Probes extends MetricsSources {
  readonly ready: () => Promise<InnerAnswer>
  /** Why the process is not ready although nothing has failed; null: it is up. */
  stage(reason: 'starting' | 'closing' | null): void
  opened(engine: Pick<Engine, 'backlog' | 'readiness'>): void
}

/** @param trouble the last thing that went wrong while the process was starting, if any. */
export function createProbes(role: Role, selected: SelectedEngine, trouble: () => string | null): Probes {
  let reason: 'starting' | 'closing' | null = 'starting'
  let engine: Pick<Engine, 'backlog' | 'readiness'> | null = null
  const opened = () => {
    if (engine === null) throw new Error('The engine is not open yet.')
    return engine
  }
  return {
    info: { version: readVersion(), node: process.versions.node, role, engine: selected.title },
    providers: ['demo', ...Object.values(registry).flatMap(({ ids }) => ids)],
    backlog: async (): Promise<Backlog> => opened().backlog(),
    readiness: async () => opened().readiness(),
    async ready() {
      if (reason === null) {
        const readiness = await readinessBy(async () => opened().readiness(), selected.where)
        return jsonAnswer(readiness.status === 'ready' ? 200 : 503, readiness)
      }
      const why = reason === 'starting' ? trouble() : null
      return jsonAnswer(503, { status: 'not ready', reason: why === null ? reason : `${reason}: ${why}` })
    },
    stage(now) {
      reason = now
    },
    opened(it) {
      engine = it
    },
  }
}
