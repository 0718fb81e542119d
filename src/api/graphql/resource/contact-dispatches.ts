import { builder } from '../builder.ts'
import { DispatchConnection, dispatchPage } from '../dispatch/dispatch-page.ts'
import { Contact } from './contact.ts'
import { pageComplexity } from './resource.ts'

// Apart from contact.ts, which dispatch.ts may import.
builder.objectField(Contact, 'dispatches', (t) =>
  t.field({
    type: DispatchConnection,
    description: 'The dispatches with this contact, newest first.',
    complexity: pageComplexity,
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 100. Default 20.' }),
      after: t.arg.string({ description: "Go on behind this edge's cursor." }),
    },
    resolve: ({ id }, range, { services, principal }, info) =>
      dispatchPage(
        services,
        { account: principal.account, range, isWanted: ({ contactId }) => contactId === id },
        info,
      ),
  }),
)
