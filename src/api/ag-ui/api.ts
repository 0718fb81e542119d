import type { Api, ApiDeps } from '../api.ts'
import { createFacade } from '../facade/facade.ts'
import { refusalOf } from './refusal.ts'
import { addRun } from './run.ts'
import { addStop } from './stop.ts'

/** AG-UI, for `HttpAgent` of `@ag-ui/client` and whatever speaks as it does: threads are conversations, runs are dispatches. */
export function createAgUiApi(deps: ApiDeps): Api {
  return createFacade(deps, {
    owns: (path) => path.startsWith('/ag-ui/'),
    refusalOf,
    addRoutes: (facade) => {
      addRun(facade)
      addStop(facade)
    },
  })
}
