import type { DatasetSection } from '../dataset/section.ts'
import type { FeatureEffects, PromptText } from '../feature/effects.ts'
import { createFilling } from '../placeholder/filling.ts'
import { fillPlaceholders, onOneLine, type References, referenceValue } from './assemble-placeholders.ts'

export interface SkillsetHeading {
  readonly name: string | null
  readonly description: string | null
}

export interface PromptParts {
  /** The backstory of the request, else of the bot, else the last message of type `backstory`. */
  readonly backstory: string | null
  readonly effects: FeatureEffects
  readonly datasets: readonly DatasetSection[]
  readonly skillsets: readonly SkillsetHeading[]
  readonly inlineDatasets: readonly DatasetSection[]
  readonly inlineSkillsets: readonly SkillsetHeading[]
  readonly extensionBackstory: string | null
  readonly references: References
}

/** Where a part of the prompt comes from. */
export type PromptPart =
  | 'backstory'
  | 'features'
  | 'dataset'
  | 'skillset'
  | 'inlineDatasets'
  | 'inlineSkillsets'
  | 'extensionBackstory'

/** `overfull`: the part whose placeholders fill in too much, together with those of the parts before it. */
export type AssembledPrompt = { readonly text: string } | { readonly overfull: PromptPart }

/**
 * The system message of a run; '' if it is empty. In order: backstory, notes, texts of features, datasets, skillsets,
 * then the datasets, skillsets and backstory of the extensions. Placeholders are filled everywhere except in the
 * records of datasets, which read the same when they are searched.
 */
export function assemblePrompt(parts: PromptParts): AssembledPrompt {
  const { effects, references } = parts
  const filling = createFilling()
  let overfull: PromptPart | null = null
  const fill = (part: PromptPart) => (text: string) => {
    const filled = fillPlaceholders(text, references, filling)
    if (filling.isFull) overfull ??= part
    return filled
  }
  const dataset =
    (part: PromptPart) =>
    ({ heading, records }: DatasetSection) =>
      `${fill(part)(heading)}\n\n${records}`
  const sections = [
    ...backstories(parts).map(fill('backstory')),
    ...effects.notes.map((note) => fill('features')(`!NB: ${note}`)),
    ...effects.texts.map((text) => fill('features')(written(text, references))),
    ...parts.datasets.map(dataset('dataset')),
    ...parts.skillsets.map((skillset) => fill('skillset')(skillsetSection('Skillset', skillset))),
    ...parts.inlineDatasets.map(dataset('inlineDatasets')),
    ...parts.inlineSkillsets
      .filter(({ name, description }) => isSaid(name) && isSaid(description))
      .map((skillset) => fill('inlineSkillsets')(skillsetSection('Inline Skillset', skillset))),
    fill('extensionBackstory')(parts.extensionBackstory ?? ''),
  ]
  return overfull === null ? { text: sections.filter(isSaid).join('\n\n') } : { overfull }
}

function backstories({ backstory, effects }: PromptParts): readonly string[] {
  const own = backstory ?? ''
  if (effects.backstory === null) return [own]
  const { mode, text } = effects.backstory
  return mode === 'replace' ? [text] : [own, text]
}

/** Writes facts as placeholders, so that all values are filled in one pass. */
function written(text: PromptText, references: References): string {
  if (typeof text === 'string') return text
  const known = text.facts.filter(([, name]) => isSaid(referenceValue(name, references)))
  return known.length === 0
    ? ''
    : [`${text.title}\n`, ...known.map(([label, name]) => `- ${label}: \${${name}}`)].join('\n')
}

function skillsetSection(kind: string, { name, description }: SkillsetHeading): string {
  if (!isSaid(name) && !isSaid(description)) return ''
  const title = isSaid(name) ? `# ${kind}: ${onOneLine(name)}` : `# ${kind}`
  return isSaid(description) ? `${title}\n\n${description}` : title
}

function isSaid(text: string | null): text is string {
  return text !== null && text.trim() !== ''
}
