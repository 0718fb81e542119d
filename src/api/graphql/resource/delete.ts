import type { Collection } from '../../../store/collection.ts'
import type { ResourceKind } from '../../../store/resource.ts'
import type { Resources } from '../../../store/resources.ts'
import { builder } from '../builder.ts'

export const DeletePayload = builder.objectRef<{ readonly id: string }>('DeletePayload').implement({
  description: 'The result of a deletion.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'The id of what was deleted.' }) }),
})

/** Adds the mutation that deletes one resource: `deleteBot` and so on. `consequence` says what happens to whatever refers to it. */
export function addDelete<Kind extends ResourceKind>(
  kind: Kind,
  of: (resources: Resources) => Collection<Kind>,
  consequence: string,
): void {
  builder.mutationField(`delete${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, (t) =>
    t.field({
      type: DeletePayload,
      description: `Deletes a ${kind}. ${consequence} NOT_FOUND when the account has no such ${kind}, for example because it is already deleted.`,
      args: { id: t.arg.id({ required: true, description: `The id of the ${kind}.` }) },
      resolve: async (_root, { id }, { services, principal }) => {
        await of(services.resources).remove(principal.account, id)
        return { id }
      },
    }),
  )
}
