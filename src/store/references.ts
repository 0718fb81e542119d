import { Failure, type InputIssue } from '../kernel/errors.ts'
import { type AccountId, parseResourceId } from '../kernel/ids.ts'
import type { ResourceKind } from './resource.ts'
import type { ResourceStore } from './store.ts'

export interface Reference {
  readonly kind: ResourceKind
  /** Null and undefined: no reference. */
  readonly id: string | null | undefined
  readonly path: InputIssue['path']
}

/**
 * Checks that every referenced resource exists; NOT_FOUND names the fields. A resource may still be deleted afterwards.
 */
export async function checkReferences(
  store: ResourceStore,
  account: AccountId,
  references: readonly Reference[],
): Promise<void> {
  const issues = await Promise.all(
    references.map(async ({ kind, id, path }): Promise<readonly InputIssue[]> => {
      if (id == null) return []
      const known = parseResourceId(id)
      const [found] = known === null ? [] : await store.find({ account, kind }, [known])
      return found == null ? [{ path, message: `there is no ${kind} by that id` }] : []
    }),
  )
  const missing = issues.flat()
  if (missing.length === 0) return
  const message = missing.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  throw new Failure('NOT_FOUND', message, { issues: missing })
}
