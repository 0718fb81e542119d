import { z } from 'zod'
import { characters, counted, text } from '../conversation/input-field.ts'

const skill = z.strictObject({ name: characters(200), description: text, path: characters(4096) })

export const skillsOptions = z.strictObject({ skills: counted(100, 'skills').pipe(z.array(skill)) })

/** The model learns that they exist, and where; a function of the caller's has to read what is there. */
export function skillsText(skills: readonly z.output<typeof skill>[]): readonly string[] {
  if (skills.length === 0) return []
  const list = skills.map(
    // JSON strings are YAML, and hold no line break with which a text could leave its entry.
    ({ name, description, path }) =>
      `- name: ${JSON.stringify(name)}\n  description: ${JSON.stringify(description)}\n  path: ${JSON.stringify(path)}`,
  )
  return [
    `# Skills\n\nYou have these skills. When the description of one fits a task, read what stands under its path, if you have a function that reads files, before you begin.\n\n${list.join('\n')}`,
  ]
}
