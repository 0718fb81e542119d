import { z } from 'zod'
import { extensionBounds } from '../conversation/extensions-input.ts'
import { characters, counted, orNull, text } from '../conversation/input-field.ts'
import { type Feature, type FeatureEffect, withOptions } from './feature-definition.ts'
import { personalization, userInfo } from './feature-person.ts'
import { promptTexts } from './feature-prompt-text.ts'
import { web } from './feature-web.ts'

/** Inclusive. */
const bounds = { notes: 100, skills: 100, path: 1000 } as const

function plain(effect: FeatureEffect): Feature {
  return withOptions(z.strictObject({}), () => effect)
}

const time = plain({
  abilities: [
    {
      name: 'get_current_time',
      description: 'Tells the date, the weekday and the time of now, in the time zone of this conversation.',
      instruction: '```time\n```',
    },
  ],
})

const backstory = withOptions(z.strictObject({ mode: z.enum(['extend', 'replace']), text }), (change) => {
  return { backstory: change }
})

const notes = withOptions(
  z.strictObject({ notes: counted(bounds.notes, 'notes').pipe(z.array(text)) }),
  (options) => options,
)

const skill = z.strictObject({
  name: characters(extensionBounds.name),
  description: characters(extensionBounds.description),
  path: orNull(characters(bounds.path)),
})

const skills = withOptions(
  z.strictObject({ skills: counted(bounds.skills, 'skills').pipe(z.array(skill)) }),
  (options) => {
    const lines = options.skills.map(({ name, description, path }) => {
      return `- ${name}${path === null ? '' : ` (${path})`}: ${description}`.replaceAll(/\s+/g, ' ')
    })
    const text = ['You have these skills. Use the one that fits the task at hand:', ...lines].join('\n')
    return { texts: lines.length === 0 ? [] : [{ text, facts: null }] }
  },
)

/** All the features that there are, by name. */
export const featureTable: Readonly<Record<string, Feature>> = {
  time,
  backstory,
  notes,
  userInfo,
  personalization,
  skills,
  web,
  justification: plain({ justification: true }),
  ...Object.fromEntries(
    Object.entries(promptTexts).map(([name, words]) => [name, plain({ texts: [{ text: words, facts: null }] })]),
  ),
  noFunctions: plain({ without: { functions: true } }),
  noInlineDatasets: plain({ without: { inlineDatasets: true } }),
  noInlineSkillsets: plain({ without: { inlineSkillsets: true } }),
  // What it does concerns all the others: see `readFeatures`.
  noFeatures: plain({}),
}
