import type { DatasetSection } from '../dataset/section.ts'
import type { FeatureEffects, PromptText } from '../feature/effects.ts'
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

/**
 * The system message of a run; '' if it is empty. In order: backstory, notes, texts of features, datasets, skillsets,
 * then the datasets, skillsets and backstory of the extensions. Placeholders are filled everywhere except in the
 * records of datasets, which read the same when they are searched.
 */
export function assemblePrompt(parts: PromptParts): string {
  const { effects, references } = parts
  const fill = (text: string) => fillPlaceholders(text, references)
  const dataset = ({ heading, records }: DatasetSection) => `${fill(heading)}\n\n${records}`
  const sections = [
    ...backstories(parts).map(fill),
    ...effects.notes.map((note) => fill(`!NB: ${note}`)),
    ...effects.texts.map((text) => fill(written(text, references))),
    ...parts.datasets.map(dataset),
    ...parts.skillsets.map((skillset) => fill(skillsetSection('Skillset', skillset))),
    ...parts.inlineDatasets.map(dataset),
    ...parts.inlineSkillsets
      .filter(({ name, description }) => isSaid(name) && isSaid(description))
      .map((skillset) => fill(skillsetSection('Inline Skillset', skillset))),
    fill(parts.extensionBackstory ?? ''),
  ]
  return sections.filter(isSaid).join('\n\n')
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
