import { z } from 'zod'
import { counted, orNull, text } from '../../conversation/input/field.ts'
import type { InputIssue } from '../../kernel/errors.ts'
import type { FeatureEffects } from './effects.ts'
import { contactFacts, userInfoEffects, userInfoOptions } from './person.ts'
import { promptFeatures } from './prompt.ts'
import { skillsOptions, skillsText } from './skills.ts'
import { webAbility, webOptions } from './web.ts'

export type FeatureReading =
  | { readonly effects: Partial<FeatureEffects> }
  /** Paths are relative to the feature's options. */
  | { readonly issues: readonly InputIssue[] }

export type ReadFeature = (options: Readonly<Record<string, unknown>>) => FeatureReading

const notEmpty = text.min(1, 'must not be empty')
const backstory = z.strictObject({ mode: orNull(z.enum(['extend', 'replace'])), text: notEmpty })
const notes = z.strictObject({ notes: counted(100, 'notes').pipe(z.array(notEmpty)) })

const timeAbility = {
  name: 'time',
  description: 'Tells the date, the weekday and the time of day of now, in the time zone of this conversation.',
  instruction: '```time\n```',
}

/**
 * The features that we support, with their options and effects. `batch`, which the compatible API adds, is missing on
 * purpose: several calls in one turn always run side by side.
 */
const features: Readonly<Record<string, ReadFeature>> = {
  time: flag({ abilities: [timeAbility] }),
  web: feature(webOptions, () => ({ abilities: [webAbility] })),
  backstory: feature(backstory, ({ mode, text }) => ({ backstory: { mode: mode ?? 'extend', text } })),
  notes: feature(notes, (options) => options),
  userInfo: feature(userInfoOptions, userInfoEffects),
  personalization: flag({ texts: [contactFacts] }),
  skills: feature(skillsOptions, ({ skills }) => ({ texts: skillsText(skills) })),
  ...Object.fromEntries(Object.entries(promptFeatures).map(([name, text]) => [name, flag({ texts: [text] })])),
  justification: flag({ asksWhy: true }),
  noFunctions: flag({ off: ['functions'] }),
  noInlineDatasets: flag({ off: ['inlineDatasets'] }),
  noInlineSkillsets: flag({ off: ['inlineSkillsets'] }),
  // Its effect is on all other features: see `readFeatures`.
  noFeatures: flag({}),
}

export const featureNames: readonly string[] = Object.keys(features)

export function findFeature(name: string): ReadFeature | null {
  return Object.hasOwn(features, name) ? (features[name] ?? null) : null
}

function flag(effects: Partial<FeatureEffects>): ReadFeature {
  return feature(z.strictObject({}), () => effects)
}

function feature<Schema extends z.ZodObject>(
  schema: Schema,
  effects: (options: z.output<Schema>) => Partial<FeatureEffects>,
): ReadFeature {
  const known = Object.keys(schema.shape)
  return (options) => {
    const result = schema.safeParse(options)
    if (result.success) return { effects: effects(result.data) }
    return { issues: result.error.issues.flatMap((issue) => toIssues(issue, known)) }
  }
}

/** Every unknown key is a separate issue with its own path. */
function toIssues(issue: z.core.$ZodIssue, known: readonly string[]): readonly InputIssue[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
  const ours =
    path.length > 0 ? '' : known.length === 0 ? '; this feature takes none' : `; there are ${known.join(', ')}`
  return issue.keys.map((key) => ({ path: [...path, key], message: `there is no such option${ours}` }))
}
