import { execute } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/**
 * Executes queries and mutations with graphql-js instead of Yoga's executor, which takes twice as long: it copies the variables
 * and wraps what fields return, for incremental delivery and abort signals. We use neither. Subscriptions keep Yoga's.
 */
export function useGraphqlExecute(): Plugin {
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(execute)
    },
  }
}
