import type { Api, ApiDeps } from '../api.ts'
import { createFacade } from '../facade/facade.ts'
import { addCreate } from './endpoints/create.ts'
import { addModels } from './endpoints/models.ts'
import { addResponses } from './endpoints/responses.ts'
import { refusalOf } from './refusal.ts'

/** OpenAI's Responses API: a run is a response, the log is its stream. */
export function createOpenaiApi(deps: ApiDeps): Api {
  return createFacade(deps, {
    owns: (path) => path.startsWith('/openai/'),
    refusalOf,
    addRoutes(facade) {
      addCreate(facade)
      addResponses(facade)
      addModels(facade)
    },
  })
}
