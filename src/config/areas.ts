import { access } from './access.ts'
import { engine } from './engine.ts'
import { extensions } from './extensions.ts'
import { limits } from './limits.ts'
import { models } from './models.ts'
import { server } from './server.ts'
import { telemetry } from './telemetry.ts'
import type { Area, Values } from './variable.ts'
import { worker } from './worker.ts'

/** The whole specification of the configuration, in the order of its reference. */
export const areas = {
  server,
  access,
  engine,
  models,
  worker,
  limits,
  extensions,
  telemetry,
} as const satisfies Readonly<Record<string, Area>>

type Areas = typeof areas

/** What `readConfig` makes of the environment. The meaning of each property stands in its area. */
export type Config = Values<Areas['server']> &
  Values<Areas['access']> &
  Values<Areas['engine']> &
  Values<Areas['models']> &
  Values<Areas['worker']> &
  Values<Areas['limits']> &
  Values<Areas['extensions']> &
  Values<Areas['telemetry']>
