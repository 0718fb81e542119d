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
      'The bot of the dispatch, as it is stored now. Null when the dispatch has no bot, when the bot has been deleted, and for a token.',
    resolve: ({ botId }, _args, { services, principal }) =>
      botId === null || !seesAccount(principal) ? null : services.resources.bots.find(principal.account, botId),
  }),
  contact: t.field({
    type: Contact,
    nullable: true,
    description:
      'The person the conversation is with, as stored now. Null when the dispatch has no contact, when the contact has been deleted, and for a token.',
    resolve: ({ contactId }, _args, { services, principal }) =>
      contactId === null || !seesAccount(principal)
        ? null
        : services.resources.contacts.find(principal.account, contactId),
  }),
}))
