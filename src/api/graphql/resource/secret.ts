import type { Secret as DomainSecret, SecretType as DomainSecretType } from '../../../store/resource.ts'
import { parseSecretChange, parseSecretInput } from '../../../store/resource-input.ts'
import { builder } from '../builder.ts'
import { addDelete } from './delete.ts'
import { addList, addStamps } from './resource.ts'

const values: Record<Uppercase<DomainSecretType>, { value: DomainSecretType; description: string }> = {
  PLAIN: { value: 'plain', description: 'Goes into a header as it is.' },
  BEARER: { value: 'bearer', description: 'A token: goes into a header as `Bearer …`.' },
  BASIC: { value: 'basic', description: '`user:password`: goes into a header as `Basic …`, in base64.' },
}

const SecretType = builder.enumType('SecretType', {
  description: 'How a secret goes into the headers of a request.',
  values,
})

const Secret = builder.objectRef<DomainSecret>('Secret').implement({
  description:
    "What abilities' requests are authorized with. A secret's value can be written and replaced, never read back.",
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What `SECRET_NAME` refers to it by, spelled so.' }),
    type: t.expose('type', { type: SecretType, description: 'How it goes into a header.' }),
  }),
})
addStamps(Secret)
addList('secret', Secret, ({ secrets }) => secrets)
addDelete('secret', ({ secrets }) => secrets, 'Its value is gone for good; later dispatches that refer to it fail.')

const nameDescription =
  '1 to 200 characters. References spell it in capitals, with `_` for what is neither letter nor digit; no two secrets of an account are spelled alike.'
const typeDescription = 'Default: PLAIN.'

const SecretInput = builder.inputType('SecretInput', {
  description: 'A secret with its value.',
  fields: (t) => ({
    name: t.string({ required: true, description: nameDescription }),
    type: t.field({ type: SecretType, description: typeDescription }),
    value: t.string({ required: true, description: '1 to 16,384 bytes. Stored sealed, and never read back.' }),
  }),
})

const UpdateSecretInput = builder.inputType('UpdateSecretInput', {
  description: 'What to change of a secret: a field left out stays as it is.',
  fields: (t) => ({
    name: t.string({ description: `Cannot be cleared. ${nameDescription}` }),
    type: t.field({ type: SecretType, description: 'Null makes it PLAIN.' }),
    value: t.string({ description: 'Replaces the value; cannot be cleared. 1 to 16,384 bytes.' }),
  }),
})

builder.mutationFields((t) => ({
  createSecret: t.field({
    type: Secret,
    description:
      'Creates a secret. CONFLICT where another is spelled alike; UNAVAILABLE on a server without SECRETS_KEY.',
    args: { input: t.arg({ type: SecretInput, required: true, description: 'What it is.' }) },
    resolve: (_root, { input }, { services, principal }) =>
      services.resources.secrets.create(principal.account, parseSecretInput(input, ['input'])),
  }),
  updateSecret: t.field({
    type: Secret,
    description: 'Changes a secret, or replaces its value.',
    args: {
      id: t.arg.id({ required: true, description: "The secret's id." }),
      input: t.arg({ type: UpdateSecretInput, required: true, description: 'What to change.' }),
    },
    resolve: (_root, { id, input }, { services, principal }) =>
      services.resources.secrets.update(principal.account, id, parseSecretChange(input, ['input'])),
  }),
}))
