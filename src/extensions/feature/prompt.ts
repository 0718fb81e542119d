/**
 * Features that only add a text to the prompt. Errors list them in this order. A feature that asks for structured
 * output (buttons, carousel, form) asks for a fenced block, so that a client that does not know the feature still shows
 * something readable.
 */
export const promptFeatures = {
  markdown:
    'Write in Markdown: headings, lists, tables, links and fenced code where they make an answer easier to read, and plain paragraphs elsewhere.',
  math: 'Write mathematics in LaTeX: $…$ within a sentence, and $$…$$ on lines of its own for what stands apart. Write a dollar sign that means money as \\$.',
  mermaid:
    'When a diagram says more than words (a flow, a sequence, a structure, a plan), draw it as Mermaid source in a fenced block that begins with ```mermaid.',
  buttons:
    'When the user is to choose between a few answers, offer them as buttons: end the message with a fenced block that begins with ```buttons and holds one label a line, in the words that the user would send.',
  references:
    'Say where facts come from: after each statement that you took from a dataset, a document or the result of a function, name the source in brackets, with its link if it has one. Never name a source that you have not been given.',
  footnotes:
    'Put sources and asides into footnotes: a mark such as [^1] in the text, and at the end of the message a line such as "[^1]: …" for each mark.',
  carousel:
    'Show several things of a kind, such as products or places, as a carousel: a fenced block that begins with ```carousel and holds a JSON array of objects with "title", "text", "image" and "url", of which all but "title" may be left out.',
  form: 'When you need several details from the user, ask for them with a form: a fenced block that begins with ```form and holds a JSON object with "title" and "fields", an array of objects with "name", "label", "type" ("text", "number", "date", "choice" or "yes-no"), "required" and, for a choice, "options".',
  silent:
    'Work silently: call functions without announcing or explaining it, do not think aloud, and say only what the user needs as the result, in as few words as that takes.',
  diligence:
    'Be diligent: make out everything that was asked before you begin, do all of it rather than a part or a sketch, use your functions to check what can be checked, and look over the result before you answer. Say plainly what you could not do or are not sure of.',
} as const satisfies Readonly<Record<string, string>>
