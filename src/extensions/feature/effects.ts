import type { AbilityInput } from '../ability/ability.ts'

/** What a dispatch's features come to. */
export interface FeatureEffects {
  /** What happens to the backstory of the request or bot. */
  readonly backstory: { readonly mode: 'extend' | 'replace'; readonly text: string } | null
  readonly notes: readonly string[]
  /** For the prompt, in the order in which the features were named. */
  readonly texts: readonly PromptText[]
  /** Functions that we answer. */
  readonly abilities: readonly AbilityInput[]
  /** What placeholders stand for besides the run's own: `USER_NAME`. */
  readonly references: Readonly<Record<string, string>>
  /** Every function takes a `justification`: see `requireJustification`. */
  readonly asksWhy: boolean
  /** Parts of the request that count as if they had not been given. */
  readonly off: readonly RequestPart[]
}

/** `functions` are those of the request itself, not what skillsets, datasets and features add. */
export type RequestPart = 'functions' | 'inlineDatasets' | 'inlineSkillsets'

/** A text with placeholders, or a list of what references stand for, without those that are empty. */
export type PromptText = string | FactList

export interface FactList {
  readonly title: string
  readonly facts: readonly (readonly [label: string, reference: string])[]
}

export const noEffects: FeatureEffects = {
  backstory: null,
  notes: [],
  texts: [],
  abilities: [],
  references: {},
  asksWhy: false,
  off: [],
}

export function addEffects(all: FeatureEffects, more: Partial<FeatureEffects>): FeatureEffects {
  return {
    backstory: more.backstory ?? all.backstory,
    notes: [...all.notes, ...(more.notes ?? [])],
    texts: [...all.texts, ...(more.texts ?? [])],
    abilities: [...all.abilities, ...(more.abilities ?? [])],
    references: { ...all.references, ...more.references },
    asksWhy: all.asksWhy || (more.asksWhy ?? false),
    off: [...all.off, ...(more.off ?? [])],
  }
}
