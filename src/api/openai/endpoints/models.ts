import type { ModelInfo } from '../../../dispatch/preflight.ts'
import { Failure } from '../../../kernel/errors.ts'
import { requireAccount } from '../../facade/caller.ts'
import type { Facade } from '../../facade/facade.ts'

/** The models of this server, by the names that a request gives as `model`. */
export function addModels({ routes, services: { preflight } }: Facade): void {
  routes.get('/openai/v1/models', (context) => {
    requireAccount(context.var.principal)
    return context.json({ object: 'list', data: preflight.models().map(modelObject) })
  })

  // The name of a model may contain a slash.
  routes.get('/openai/v1/models/:model{.+}', (context) => {
    requireAccount(context.var.principal)
    const name = context.req.param('model')
    const model = preflight.models().find(({ id }) => id === name)
    if (model !== undefined) return context.json(modelObject(model))
    throw new Failure('NOT_FOUND', `There is no model ${JSON.stringify(name)}.`, {
      issues: [{ path: ['model'], message: 'there is no model by that name' }],
    })
  })
}

/** Nothing tells when a model was made. */
function modelObject({ id, provider }: ModelInfo) {
  return { id, object: 'model', created: 0, owned_by: provider }
}
