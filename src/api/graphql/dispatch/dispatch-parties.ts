import { seesAccount } from '../../../access/permission.ts'
import { builder } from '../builder.ts'
import { Bot } from '../resource/bot.ts'
import { Contact } from '../resource/contact.ts'
import { Dispatch } from './dispatch.ts'

builder.objectFields(Dispatch, (t) => ({
  bot: t.field({
    type: Bot,
    nullable: true,
    description:
      'The bot that it was given, as it is now; null without one, when it has been deleted since, and for a channel token.',
    resolve: ({ botId }, _args, { services, principal }) =>
      botId === null || !seesAccount(principal) ? null : services.resources.bots.find(principal.account, botId),
  }),
  contact: t.field({
    type: Contact,
    nullable: true,
    description:
      'Whom it is with, as they are stored now; null without one, when they have been deleted since, and for a channel token.',
    resolve: ({ contactId }, _args, { services, principal }) =>
      contactId === null || !seesAccount(principal)
        ? null
        : services.resources.contacts.find(principal.account, contactId),
  }),
}))
