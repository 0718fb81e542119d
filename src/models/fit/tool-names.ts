import type { ToolSchemaRules } from './tool-schema-rules.ts'

/** The names of functions in their provider's form, by the callers' own. No two become the same. */
export function wireNames(names: readonly string[], rule: ToolSchemaRules['names']): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const taken = new Set<string>()
  for (const name of names) {
    const base = wireName(name, rule)
    let fresh = base
    for (let number = 2; taken.has(fresh); number++) fresh = `${base.slice(0, 60)}_${number}`
    taken.add(fresh)
    found.set(name, fresh)
  }
  return found
}

/**
 * A name alone in its provider's form: letters, digits, `_` and `-`, at most 64. Callers' names may contain `$` but never
 * `-`.
 */
export function wireName(name: string, rule: ToolSchemaRules['names']): string {
  const fitting = name.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 64) || '-'
  return rule === 'any' || /^[A-Za-z_]/.test(fitting) ? fitting : `f${fitting}`.slice(0, 64)
}
