/**
 * How many values, names included, the JSON of one request may hold. Reading, checking and writing them costs up to a
 * microsecond each and step, whatever they say: 8 MB of zeros are four million.
 */
export const mostValues = 100_000

/** Whether JSON holds more, by the marks between its values. Looks at each character once, and at short texts not at all. */
export function hasTooManyValues(json: string): boolean {
  if (json.length <= 2 * mostValues) return false
  let values = 0
  let isInString = false
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at)
    if (unit === quote) isInString = !isInString
    else if (isInString) {
      if (unit === backslash) at += 1
    } else if (unit === comma || unit === colon || unit === bracket || unit === brace) {
      values += 1
      if (values > mostValues) return true
    }
  }
  return false
}

export const tooManyValues = `The request holds more than ${mostValues} JSON values.`

const [quote, backslash, comma, colon, bracket, brace] = [0x22, 0x5c, 0x2c, 0x3a, 0x5b, 0x7b]
