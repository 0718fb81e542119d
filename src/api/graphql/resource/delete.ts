import type { Collection } from '../../../store/collection.ts'
import type { ResourceKind } from '../../../store/resource.ts'
import type { Resources } from '../../../store/resources.ts'
import { builder } from '../builder.ts'

export const DeletePayload = builder.objectRef<{ readonly id: string }>('DeletePayload').implement({
  description: 'What has been deleted.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'Its id, as it was given.' }) }),
})

/** Adds the mutation that deletes one, `deleteBot` and so on. `consequence` says what becomes of what refers to it. */
export function addDelete<Kind extends ResourceKind>(
  kind: Kind,
  of: (resources: Resources) => Collection<Kind>,
  consequence: string,
): void {
  builder.mutationField(`delete${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, (t) =>
    t.field({
      type: DeletePayload,
      description: `Deletes the ${kind}. ${consequence} NOT_FOUND where there is none.`,
      args: { id: t.arg.id({ required: true, description: `The ${kind}'s id.` }) },
      resolve: async (_root, { id }, { services, principal }) => {
        await of(services.resources).remove(principal.account, id)
        return { id }
      },
    }),
  )
}
