import type { ModelInfo } from '../../../dispatch/preflight.ts'
import { builder } from '../builder.ts'

const Model = builder.objectRef<ModelInfo>('Model').implement({
  description: 'A model that a dispatch may name, as configured on this server.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'What a dispatch names it by, before any `/key=value` settings.' }),
    provider: t.exposeString('provider', { description: 'Who runs it.' }),
    isDefault: t.exposeBoolean('isDefault', { description: 'Whether a dispatch that names none gets it.' }),
  }),
})

builder.queryField('models', (t) =>
  t.field({
    type: [Model],
    description: 'The models that are configured, the default one among them.',
    resolve: (_root, _args, { services }) => [...services.preflight.models()],
  }),
)
