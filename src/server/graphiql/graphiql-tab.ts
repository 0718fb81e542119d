/** One tab in the form of GraphiQL's `defaultTabs`. The name of its operation becomes the name of the tab. */
export interface GraphiqlTab {
  readonly query: string
  /** JSON text for the variables editor. */
  readonly variables: string
}

export function graphiqlTab(query: string, variables: Readonly<Record<string, unknown>>): GraphiqlTab {
  return { query, variables: JSON.stringify(variables, null, 2) }
}
