import type { z } from 'zod'

/** What a variable's text may be, and the value that is made of it. */
export interface Form<Value> {
  readonly schema: z.ZodType<Value, string>
  /** Completes "takes …". Null: any text. */
  readonly bounds: string | null
}

/** A secret says where its secret texts are, because redaction looks for those and not for the variable. */
type Secrecy<Value> =
  | { readonly isSecret: false }
  | { readonly isSecret: true; secretsIn(value: Value): readonly string[] }

/** The text that stands for an absent variable, or the value of one that has no default. */
type Default = string | null | undefined | readonly []

type About<Value, D extends Default> = {
  readonly name: string
  readonly default: D
  /** One sentence for the reference, which is generated from it. */
  readonly meaning: string
} & Secrecy<Value>

/** One environment variable, complete: what is read, documented and redacted derives from this alone. */
export interface Variable<Value> {
  readonly kind: 'variable'
  readonly name: string
  readonly default: string | null
  readonly bounds: string | null
  readonly meaning: string
  readonly isSecret: boolean
  read(text: string | undefined): { readonly value: Value } | { readonly problems: readonly string[] }
  /** The texts that must not leave this process; `value` is what `read` has made. */
  secretsIn(value: Value): readonly string[]
}

/** `isSecret` has no default: whoever adds a variable decides. */
export function variable<Value, const D extends Default>(
  { schema, bounds }: Form<Value>,
  about: About<Value, D>,
): Variable<Value | Exclude<D, string | readonly []>> {
  type Read = Value | Exclude<D, string | readonly []>
  return {
    kind: 'variable',
    name: about.name,
    default: typeof about.default === 'string' ? about.default : null,
    bounds,
    meaning: about.meaning,
    isSecret: about.isSecret,
    read(given) {
      const text = given ?? about.default
      // What is no text is the value of an absent variable.
      if (typeof text !== 'string') return { value: text as Read }
      const { data, error } = schema.safeParse(text)
      return error === undefined ? { value: data as Read } : { problems: error.issues.map(({ message }) => message) }
    },
    secretsIn: (value) => (about.isSecret && value != null ? about.secretsIn(value as Value) : []),
  }
}

/** A part of the configuration that is made of others. */
export interface Group<Parts extends Area, Key extends keyof Parts | null> {
  readonly kind: 'group'
  readonly parts: Parts
  /** The group is null while this variable is absent. Null: it never is. */
  readonly key: Key
}

/** An area of the configuration: each property's name with what it is made of. */
export interface Area {
  readonly [property: string]: Variable<unknown> | Group<Area, string | null>
}

export function group<const Parts extends Area>(parts: Parts): Group<Parts, null> {
  return { kind: 'group', parts, key: null }
}

/** A group that is null while the variable of `key` is absent. */
export function groupWith<const Parts extends Area, Key extends keyof Parts>(
  key: Key,
  parts: Parts,
): Group<Parts, Key> {
  return { kind: 'group', parts, key }
}

/** The part of the configuration that an area makes. */
export type Values<A extends Area> = { readonly [P in keyof A]: ValueOf<A[P]> }

type ValueOf<Part> =
  Part extends Variable<infer Value>
    ? Value
    : Part extends Group<infer Parts, infer Key>
      ? [Key] extends [keyof Parts]
        ? { readonly [P in keyof Parts]: P extends Key ? NonNullable<ValueOf<Parts[P]>> : ValueOf<Parts[P]> } | null
        : Values<Parts>
      : never

export function variablesOf(area: Area): readonly Variable<unknown>[] {
  return Object.values(area).flatMap((part) => (part.kind === 'variable' ? [part] : variablesOf(part.parts)))
}
