import type { ModelInfo } from '../../../dispatch/preflight.ts'
import { builder } from '../builder.ts'

const Model = builder.objectRef<ModelInfo>('Model').implement({
  description: 'A model that dispatches can use on this server.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The name to pass as `model`. You can append `/key=value` settings to it.' }),
    provider: t.exposeString('provider', { description: 'The id of the provider that serves the model.' }),
    isDefault: t.exposeBoolean('isDefault', {
      description: 'True for the default model, which a dispatch gets when neither it nor its bot names one.',
    }),
  }),
})

builder.queryField('models', (t) =>
  t.field({
    type: [Model],
    description: 'All models configured on this server, including the default one.',
    resolve: (_root, _args, { services }) => [...services.preflight.models()],
  }),
)
