import { areas, type Config } from './areas.ts'
import type { Area } from './variable.ts'

/** The texts that must not leave this process: what redaction looks for. */
export function secretsOf(config: Config): readonly string[] {
  const values: Readonly<Record<string, unknown>> = config
  const found = Object.values<Area>(areas).flatMap((area) =>
    Object.entries(area).flatMap(([property, part]) => {
      const value = values[property]
      if (part.kind === 'variable') return part.secretsIn(value)
      // A group that is not configured is null.
      const members = (value ?? {}) as Readonly<Record<string, unknown>>
      return Object.entries(part.members).flatMap(([name, member]) => member.secretsIn(members[name]))
    }),
  )
  return found.filter((secret) => secret !== '')
}
