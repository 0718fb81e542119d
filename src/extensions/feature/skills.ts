import { z } from 'zod'
import { extensionBounds } from '../../conversation/input/extensions-input.ts'
import { characters, counted, orNull } from '../../conversation/input/field.ts'
import { stringifyJson } from '../../kernel/json.ts'
import { onOneLine } from '../resolve/assemble-placeholders.ts'

const skill = z.strictObject({
  name: characters(extensionBounds.name),
  description: characters(extensionBounds.description),
  path: orNull(characters(1000)),
})

export const skillsOptions = z.strictObject({ skills: counted(100, 'skills').pipe(z.array(skill)) })

/** Tells the model that the skills exist and where. A function of the caller must read them. */
export function skillsText(skills: readonly z.output<typeof skill>[]): readonly string[] {
  if (skills.length === 0) return []
  const list = skills.map(({ name, description, path }) =>
    Object.entries({ name, description, path })
      // A JSON string is valid YAML, and because it is on one line its text cannot leave the entry.
      .flatMap(([key, value]) => (value === null ? [] : [`${key}: ${onOneLine(stringifyJson(value))}`]))
      .join('\n  '),
  )
  return [
    `# Skills\n\nYou have these skills. When the description of one fits a task, read what stands under its path, if you have a function that reads files, before you begin.\n\n${list.map((each) => `- ${each}`).join('\n')}`,
  ]
}
