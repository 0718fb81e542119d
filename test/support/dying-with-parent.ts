import { execFile } from 'node:child_process'

/** A prefix that has the kernel end the program with us, where there is one (util-linux); an exit handler misses SIGKILL. */
export async function dyingWithParent(): Promise<readonly string[]> {
  const prefix = ['--pdeathsig', 'KILL', '--']
  const works = await new Promise((resolve) => {
    execFile('setpriv', [...prefix, 'true'], (error) => resolve(error === null))
  })
  return works === true ? ['setpriv', ...prefix] : []
}
