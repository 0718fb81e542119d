import type { ResourceId } from '../kernel/ids.ts'

/** What a dispatch can refer to, as it is stored. Null: not given, or cleared. */
export interface ResourceFields {
  readonly bot: BotFields
  readonly contact: ContactFields
  readonly dataset: DatasetFields
  readonly skillset: SkillsetFields
  readonly secret: SecretFields
}

export type ResourceKind = keyof ResourceFields

export interface BotFields {
  readonly name: string | null
  readonly description: string | null
  readonly model: string | null
  readonly backstory: string | null
  /** May name what has been deleted since. */
  readonly datasetId: string | null
  readonly skillsetId: string | null
}

export interface ContactFields {
  /** The caller's own name for the person: no two contacts of an account have the same. */
  readonly fingerprint: string | null
  readonly name: string | null
  readonly description: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly nick: string | null
  readonly meta: Meta | null
}

/** Its records are stored one by one: see RecordStore. */
export interface DatasetFields {
  readonly name: string | null
  readonly description: string | null
}

export interface SkillsetFields {
  readonly name: string | null
  readonly description: string | null
  readonly abilities: readonly Ability[]
}

export interface Ability {
  /** Minted whenever the abilities of a skillset are written. */
  readonly id: ResourceId
  readonly name: string
  readonly description: string
  readonly instruction: string
  /** May name what has been deleted since. */
  readonly secretId: string | null
  readonly meta: Meta | null
}

export const secretTypes = ['plain', 'bearer', 'basic'] as const
export type SecretType = (typeof secretTypes)[number]

export interface SecretFields {
  readonly name: string
  readonly type: SecretType
  /** By the vault; the value itself is stored nowhere. */
  readonly sealed: string
}

export interface DatasetRecord {
  readonly id: ResourceId
  readonly text: string
  readonly meta: Meta | null
}

/** The caller's own data. */
export type Meta = Readonly<Record<string, unknown>>

export interface Stamps {
  readonly id: ResourceId
  /** From 1, in the order of creation, an account and kind by themselves. */
  readonly place: number
  /** ms since 1970, by the clock of the store. */
  readonly createdAt: number
  /** Grows with every change. */
  readonly updatedAt: number
}

export type Resource<Kind extends ResourceKind> = ResourceFields[Kind] & Stamps
export type Bot = Resource<'bot'>
export type Contact = Resource<'contact'>
export type Dataset = Resource<'dataset'>
export type Skillset = Resource<'skillset'>
export type Secret = Resource<'secret'>

/** Of an update: what is absent stays as it is. */
export type Change<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] }
