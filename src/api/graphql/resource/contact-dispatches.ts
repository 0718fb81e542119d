import { builder } from '../builder.ts'
import { DispatchConnection, dispatchPage } from '../dispatch/dispatch-page.ts'
import { Contact } from './contact.ts'
import { pageComplexity } from './resource.ts'

// Separate from contact.ts, so that dispatch.ts can import contact.ts without a circle.
builder.objectField(Contact, 'dispatches', (t) =>
  t.field({
    type: DispatchConnection,
    description: 'The dispatches with this contact, newest first.',
    complexity: pageComplexity,
    args: {
      first: t.arg.int({ description: 'The size of the page, 1 to 100. Default: 20.' }),
      after: t.arg.string({ description: 'Continue after the edge with this cursor. Default: from the beginning.' }),
    },
    resolve: ({ id }, range, context, info) =>
      dispatchPage(
        context,
        { of: context.principal.account, range, isWanted: ({ contactId }) => contactId === id },
        info,
      ),
  }),
)
