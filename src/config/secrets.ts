import { areas, type Config } from './areas.ts'
import type { Area } from './variable.ts'

/** The texts that must not leave this process: what redaction looks for. */
export function secretsOf(config: Config): readonly string[] {
  return Object.values<Area>(areas)
    .flatMap((area) => secretsIn(area, config))
    .filter((secret) => secret !== '')
}

/** @param values made by the area; null: a group that is not configured. */
function secretsIn(area: Area, values: unknown): readonly string[] {
  const parts = (values ?? {}) as Readonly<Record<string, unknown>>
  return Object.entries(area).flatMap(([property, part]) =>
    part.kind === 'variable' ? part.secretsIn(parts[property]) : secretsIn(part.parts, parts[property]),
  )
}
