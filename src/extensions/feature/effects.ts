import type { AbilityInput } from '../ability/ability.ts'

/** The combined effects of the features of a dispatch. */
export interface FeatureEffects {
  /** Extends or replaces the backstory of the request or bot. Null: leaves it. */
  readonly backstory: { readonly mode: 'extend' | 'replace'; readonly text: string } | null
  readonly notes: readonly string[]
  /** Texts for the prompt, in the order of the features. */
  readonly texts: readonly PromptText[]
  /** Abilities that become functions of the run. */
  readonly abilities: readonly AbilityInput[]
  /** Values of additional placeholders, such as `USER_NAME`. */
  readonly references: Readonly<Record<string, string>>
  /** Whether every function gets a `justification` parameter; see `requireJustification`. */
  readonly asksWhy: boolean
  /** Parts of the request to ignore. */
  readonly off: readonly RequestPart[]
}

/** `functions` means the functions of the request itself, not those of skillsets, datasets and features. */
export type RequestPart = 'functions' | 'inlineDatasets' | 'inlineSkillsets'

/** A text with placeholders, or a list of references that is written without the empty ones. */
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
