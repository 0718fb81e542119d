import type { ResourceId } from '../kernel/ids.ts'

/** The fields of each kind of resource, as stored. Null: not given, or cleared. */
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
  /** The id may belong to a deleted resource. */
  readonly datasetId: string | null
  readonly skillsetId: string | null
}

export interface ContactFields {
  /** The caller's own key for the person, unique within the account. */
  readonly fingerprint: string | null
  readonly name: string | null
  readonly description: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly nick: string | null
  readonly meta: Meta | null
}

/** Records are stored separately: see RecordStore. */
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
  /** A new id whenever the abilities of the skillset are replaced. */
  readonly id: ResourceId
  readonly name: string
  readonly description: string
  readonly instruction: string
  /** The id may belong to a deleted resource. */
  readonly secretId: string | null
  /** Each call waits for a person's verdict. Absent: it does not. */
  readonly needsApproval?: boolean | null | undefined
  readonly meta: Meta | null
}

export const secretTypes = ['plain', 'bearer', 'basic'] as const
export type SecretType = (typeof secretTypes)[number]

export interface SecretFields {
  readonly name: string
  readonly type: SecretType
  /** The value, sealed by the vault. The plain value is stored nowhere. */
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
  /** The position in the order of creation, from 1, separate for each account and kind. */
  readonly place: number
  /** In ms since 1970, by the clock of the store. */
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

/** The fields of an update. Absent fields stay as they are. */
export type Change<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] }
