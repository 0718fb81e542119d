import { areas } from './areas.ts'
import { variablesOf } from './variable.ts'

/** A variable as the reference shows it. */
export interface ConfigurationRow {
  readonly area: keyof typeof areas
  readonly name: string
  /** Null: none. */
  readonly default: string | null
  /** Completes "takes …". Null: any text. */
  readonly bounds: string | null
  readonly meaning: string
  readonly isSecret: boolean
}

/** Every variable, in the order of the reference. */
export const configurationTable: readonly ConfigurationRow[] = Object.entries(areas).flatMap(([area, part]) =>
  variablesOf(part).map(({ name, default: fallback, bounds, meaning, isSecret }) => ({
    area: area as keyof typeof areas,
    name,
    default: fallback,
    bounds,
    meaning,
    isSecret,
  })),
)
