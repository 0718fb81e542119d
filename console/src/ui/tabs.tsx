import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

interface TabsProps {
  /** Of the list of tabs. */
  readonly label: string
  readonly tabs: readonly { readonly name: string; readonly panel: ReactNode }[]
  readonly selected: string
  readonly onSelect: (name: string) => void
}

/** Arrow keys go from tab to tab. Only the panel that is shown is there. */
export function Tabs({ label, tabs, selected, onSelect }: TabsProps) {
  return (
    <Base.Root value={selected} onValueChange={(name) => onSelect(String(name))} className="tabs">
      <Base.List className="tabs-list" aria-label={label}>
        {tabs.map(({ name }) => (
          <Base.Tab key={name} value={name} className="tabs-tab">
            {name}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(({ name, panel }) => (
        <Base.Panel key={name} value={name} className="tabs-panel">
          {panel}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
