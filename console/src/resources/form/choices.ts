import { nameOf } from './resource-detail.tsx'

interface Named {
  readonly id: string
  readonly name: string | null
}

interface Page {
  readonly edges: readonly { readonly node: Named }[]
}

/** None, the newest hundred, and what is chosen, whatever its age. */
export function choicesOf(page: Page | undefined, chosen: Named | null | undefined) {
  const newest = page?.edges.map(({ node }) => node) ?? []
  const others = chosen == null || newest.some(({ id }) => id === chosen.id) ? [] : [chosen]
  return [
    { value: '', name: 'None' },
    ...[...others, ...newest].map((each) => ({ value: each.id, name: nameOf(each) })),
  ]
}
