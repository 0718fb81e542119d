import type { Config } from '../config/config.ts'
import type { Lifecycle } from '../kernel/lifecycle.ts'
import { type Catalogue, createCatalogue, type Provider } from '../models/catalogue.ts'
import { createProviders } from '../models/providers.ts'
import { abortableSleep } from './parts.ts'

/** @param given instead of the configured providers. */
export function openCatalogue(config: Config, lifecycle: Lifecycle, given: readonly Provider[] | undefined): Catalogue {
  const { defaultModel } = config
  if (given !== undefined) return createCatalogue({ providers: given, defaultModel })
  const { providers, unconfigured, close } = createProviders({
    access: config.providers,
    fetch,
    // Monotonic, because a jump of the wall clock would look like silence.
    clock: () => performance.now(),
    sleep: abortableSleep,
    random: Math.random,
    maxInFlight: config.modelConcurrency,
    silenceMs: config.modelSilenceMs,
  })
  lifecycle.onClose(close)
  return createCatalogue({ providers, unconfigured, defaultModel })
}
