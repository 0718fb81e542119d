import { builder } from './builder.ts'
import './scalars.ts'
import './model.ts'
import './dispatch.ts'
import './dispatches.ts'
import './channel.ts'
import './dispatch-conversation.ts'
import './cancel-dispatch.ts'
import './dispatch-updates.ts'

/** The whole schema. Building it needs no store and no network. */
export const schema = builder.toSchema()
