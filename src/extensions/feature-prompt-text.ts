/** The features that are nothing but words to the model. What they name is for the client to show. */
export const promptTexts = {
  markdown:
    'Write your answers in Markdown, with headings, lists, tables and code blocks only where they help the reader.',
  math: 'Write formulas in LaTeX: between single dollar signs within a sentence, between double ones on lines of their own.',
  mermaid: 'Where a diagram says more than words, draw it as Mermaid in a fenced code block with the language mermaid.',
  buttons:
    'Where the user has a few clear ways to go on, end your answer with them as a fenced code block with the language buttons: one a line, in the words in which the user would say it.',
  references:
    'Name the sources of what you state: put a number in square brackets behind each statement that has one, and list the sources by number at the end, with their addresses where you know them. Name no source that you were not given.',
  footnotes:
    'Put side remarks and sources into Markdown footnotes: [^1] where they belong, and [^1]: with the remark at the end.',
  carousel:
    'Where the user has several things of a kind to choose from, show them as a fenced code block with the language carousel: a JSON array of objects with "title", "description", and "image" and "url" where you know them.',
  form: 'Where you need several pieces of information from the user, ask for them as a fenced code block with the language form: a JSON array of objects with "name", "label", "type" (text, number, date, choice), "required", and "choices" for a choice.',
  silent:
    'Call functions without announcing or explaining it, and do not report what they did unless the user asked for that. Say nothing beyond the answer itself.',
  diligence:
    'Be thorough: plan before you act, carry out every step of the task, check what you find against the request, and do not end before all of it is done or you can say exactly what cannot be.',
} as const satisfies Readonly<Record<string, string>>
