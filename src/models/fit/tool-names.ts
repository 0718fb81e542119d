import type { ToolSchemaRules } from './tool-schema-rules.ts'

/**
 * A function's name in its provider's form: letters, digits, `_` and `-`, at most 64. Callers' names may contain `$` but
 * never `-`, so no two of them become the same. Names that a model made up may collide.
 */
export function wireName(name: string, rule: ToolSchemaRules['names']): string {
  const fitting = name.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 64) || '-'
  return rule === 'any' || /^[A-Za-z_]/.test(fitting) ? fitting : `f${fitting}`.slice(0, 64)
}
