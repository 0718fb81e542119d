import { AsyncLocalStorage } from 'node:async_hooks'
import { closeIt, type Openable } from './close-it.ts'

const scopes = new AsyncLocalStorage<AsyncDisposableStack>()

/**
 * Gives what has been started to the test that runs, or, in `beforeAll`, to the file. It is closed when the test or the
 * file ends, however it ends: last opened first, each even when another one fails to close. Closing it earlier is fine if
 * closing twice is. Outside of a test run, whoever starts something closes it.
 *
 * @param close Default: the method by which such things are closed; see `close-it.ts`.
 */
export function opened<T extends Openable>(thing: T): T
export function opened<T>(thing: T, close: (thing: T) => unknown): T
export function opened<T>(thing: T, close: (thing: T) => unknown = (it) => closeIt(it as Openable)): T {
  const scope = scopes.getStore()
  if (scope?.disposed) {
    void (async () => close(thing))()
    throw new Error('The test was over before this was open.')
  }
  scope?.defer(async () => void (await close(thing)))
  return thing
}

/** For what a file opens later on, in one of its tests: what runs in here belongs to whom `inScope` was called for. */
export function inScope(): <T>(open: () => T) => T {
  return AsyncLocalStorage.snapshot()
}

/** Runs a test or a file, and closes what it has opened. */
export async function withScope(run: () => Promise<void>): Promise<void> {
  await using scope = new AsyncDisposableStack()
  await scopes.run(scope, run)
}
