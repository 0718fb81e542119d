import type { Secret as DomainSecret, SecretType as DomainSecretType } from '../../../store/resource.ts'
import { parseSecretChange, parseSecretInput } from '../../../store/resource-input.ts'
import { builder } from '../builder.ts'
import { addDelete } from './delete.ts'
import { addList, addStamps } from './resource.ts'

const values: Record<Uppercase<DomainSecretType>, { value: DomainSecretType; description: string }> = {
  PLAIN: { value: 'plain', description: 'The value goes into a header as it is.' },
  BEARER: { value: 'bearer', description: 'The value is a token; it goes into a header as `Bearer …`.' },
  BASIC: {
    value: 'basic',
    description: 'The value is `user:password`; it goes into a header as `Basic …`, encoded in base64.',
  },
}

const SecretType = builder.enumType('SecretType', {
  description: 'How the value of a secret goes into the header of a request.',
  values,
})

const Secret = builder.objectRef<DomainSecret>('Secret').implement({
  description:
    'A stored credential that authorizes the requests of abilities. Its value can be written and replaced, but never read back.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'The name. Abilities refer to it as `${SECRET_NAME}`, with NAME in capitals and `_` for every other character.',
    }),
    type: t.expose('type', { type: SecretType, description: 'How the value goes into a header.' }),
  }),
})
addStamps(Secret)
addList('secret', Secret, ({ secrets }) => secrets)
addDelete(
  'secret',
  ({ secrets }) => secrets,
  'Its value is lost for good. A new dispatch with an ability that refers to it is refused. Accepted dispatches that use it get an error from the ability.',
)

const nameDescription =
  'The name, 1 to 200 characters. References write it in capitals, with `_` for every character that is not a letter or digit; in that form it is unique within the account.'
const typeDescription = 'How the value goes into a header. Default: PLAIN.'

const SecretInput = builder.inputType('SecretInput', {
  description: 'A secret and its value.',
  fields: (t) => ({
    name: t.string({ required: true, description: nameDescription }),
    type: t.field({ type: SecretType, description: typeDescription }),
    value: t.string({
      required: true,
      description: 'The value, 1 to 16,384 bytes. It is stored encrypted and never read back.',
    }),
  }),
})

const UpdateSecretInput = builder.inputType('UpdateSecretInput', {
  description: 'The changes to a secret: an absent field stays as it is.',
  fields: (t) => ({
    name: t.string({ description: `${nameDescription} It cannot be null.` }),
    type: t.field({ type: SecretType, description: 'How the value goes into a header. Null sets PLAIN.' }),
    value: t.string({ description: 'A new value, 1 to 16,384 bytes. It replaces the old one and cannot be null.' }),
  }),
})

builder.mutationFields((t) => ({
  createSecret: t.field({
    type: Secret,
    description:
      'Creates a secret. CONFLICT when references write the name of another secret the same way (`my key` and `MY_KEY`), so calling it twice is a CONFLICT. UNAVAILABLE on a server that uses Redis and has no SECRETS_KEY.',
    args: {
      input: t.arg({ type: SecretInput, required: true, description: 'The fields and the value of the new secret.' }),
    },
    resolve: (_root, { input }, { services, principal }) =>
      services.resources.secrets.create(principal.account, parseSecretInput(input, ['input'])),
  }),
  updateSecret: t.field({
    type: Secret,
    description:
      'Changes a secret or replaces its value: an absent field stays as it is. CONFLICT when references write the name of another secret the same way (`my key` and `MY_KEY`); NOT_FOUND when the account has no such secret; UNAVAILABLE for a new value on a server that uses Redis and has no SECRETS_KEY.',
    args: {
      id: t.arg.id({ required: true, description: 'The id of the secret.' }),
      input: t.arg({ type: UpdateSecretInput, required: true, description: 'The fields to change.' }),
    },
    resolve: (_root, { id, input }, { services, principal }) =>
      services.resources.secrets.update(principal.account, id, parseSecretChange(input, ['input'])),
  }),
}))
