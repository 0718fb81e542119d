import { bounds } from '../../src/config/bounds.ts'
import { readConfig } from '../../src/config/config.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { selectEngine } from '../../src/engines/engines.ts'
import { createLifecycle } from '../../src/kernel/lifecycle.ts'
import type { Store } from './stores.ts'

/** Opens the engine that a store selects, in this process, for as long as `use` takes. */
export async function withEngine<T>(store: Store, use: (engine: Engine) => Promise<T>): Promise<T> {
  const lifecycle = createLifecycle(fail)
  const config = readConfig(store.env, 'all')
  const options = { config, role: 'all', logLimits: bounds.log, clock: () => Date.now(), lifecycle } as const
  const engine = await selectEngine(config).open({ ...options, onError: fail })
  try {
    return await use(engine)
  } finally {
    await lifecycle.close()
  }
}

function fail(error: unknown): void {
  throw error
}
