/** One tab of GraphiQL as its `defaultTabs` takes it. The tab's name is the operation's. */
export interface GraphiqlTab {
  readonly query: string
  /** JSON text, as the variables editor shows it. */
  readonly variables: string
}

export function graphiqlTab(query: string, variables: Readonly<Record<string, unknown>>): GraphiqlTab {
  return { query, variables: JSON.stringify(variables, null, 2) }
}
