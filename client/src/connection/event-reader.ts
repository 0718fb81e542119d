/** Reads Server-Sent Events from pieces of text, wherever they are cut. */
export function createEventReader(onEvent: (type: string, data: string) => void): (piece: string) => void {
  let rest = ''
  let type = ''
  let data: string[] = []

  function take(line: string): void {
    if (line === '') {
      if (data.length > 0 || type !== '') onEvent(type, data.join('\n'))
      type = ''
      data = []
    } else if (line.startsWith('data:')) data.push(fieldValue(line, 5))
    else if (line.startsWith('event:')) type = fieldValue(line, 6)
  }
  return (piece) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line.endsWith('\r') ? line.slice(0, -1) : line)
  }
}

function fieldValue(line: string, start: number): string {
  return line.slice(line[start] === ' ' ? start + 1 : start)
}
