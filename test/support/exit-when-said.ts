/** Ends this process once whoever reads has all that it has said: `process.exit` alone drops what a pipe has not taken yet. */
export function exitWhenSaid(code: number): void {
  process.stdout.write('', () => process.exit(code))
}
