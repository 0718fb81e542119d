import type { DispatchError } from '../../conversation/event.ts'

/** The error of a run that has lost more workers in a row than the loss budget allows. */
export const workerLost: DispatchError = {
  code: 'WORKER_LOST',
  message: 'The run lost its worker several times in a row without getting any further.',
}
