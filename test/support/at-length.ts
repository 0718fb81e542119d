/**
 * How much of something a test does: a little in the suite, which is to be quick, and a lot where `AT_LENGTH` is set, as
 * `npm run check:all` does. What the test shows is the same.
 */
export function atLength(short: number, long: number): number {
  return process.env['AT_LENGTH'] === undefined ? short : long
}
