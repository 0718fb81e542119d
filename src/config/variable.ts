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

/** Variables that make one property of the configuration. */
export interface Group<Members extends VariableMap, Key extends keyof Members | null> {
  readonly kind: 'group'
  readonly members: Members
  /** The group is null while this variable is absent. Null: it never is. */
  readonly key: Key
}

type VariableMap = Readonly<Record<string, Variable<unknown>>>
/** An area of the configuration: each property's name with the variables that it is made of. */
export type Area = Readonly<Record<string, Variable<unknown> | Group<VariableMap, string | null>>>

export function group<const Members extends VariableMap>(members: Members): Group<Members, null> {
  return { kind: 'group', members, key: null }
}

/** A group that is null while the variable of `key` is absent. */
export function groupWith<const Members extends VariableMap, Key extends keyof Members>(
  key: Key,
  members: Members,
): Group<Members, Key> {
  return { kind: 'group', members, key }
}

type ValueOf<V> = V extends Variable<infer Value> ? Value : never
type GroupValue<M extends VariableMap, Key> = [Key] extends [keyof M]
  ? { readonly [P in keyof M]: P extends Key ? NonNullable<ValueOf<M[P]>> : ValueOf<M[P]> } | null
  : { readonly [P in keyof M]: ValueOf<M[P]> }

/** The part of the configuration that an area makes. */
export type Values<A extends Area> = {
  readonly [P in keyof A]: A[P] extends Group<infer M, infer Key> ? GroupValue<M, Key> : ValueOf<A[P]>
}

export function variablesOf(area: Area): readonly Variable<unknown>[] {
  return Object.values(area).flatMap((part) => (part.kind === 'variable' ? [part] : Object.values(part.members)))
}
