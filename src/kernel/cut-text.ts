/** Cuts a text to at most `most` UTF-16 code units, and never in the middle of a character. */
export function cutText(text: string, most: number): string {
  const cut = text.slice(0, most)
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut
}
