import { useState } from 'react'
import { ModelsDocument, TryChoicesDocument } from '../generated/operations.ts'
import { useRead } from '../service/use-request.ts'
import { CodeBlock } from '../ui/code-block.tsx'
import { CheckField, SelectField, TextArea, TextField } from '../ui/field.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { FunctionSettings } from './function-settings.tsx'
import type { Settings } from './settings.ts'
import type { Snippet } from './snippets.ts'

interface SettingsPanelProps {
  readonly settings: Settings
  readonly onChange: (changes: Partial<Settings>) => void
  readonly snippets: readonly Snippet[]
}

/** How the next message is dispatched, and the same as code. */
export function SettingsPanel({ settings, onChange, snippets }: SettingsPanelProps) {
  const [tab, setTab] = useState('Settings')
  return (
    <Tabs
      label="Settings and code"
      selected={tab}
      onSelect={setTab}
      tabs={[
        { name: 'Settings', panel: <Controls settings={settings} onChange={onChange} /> },
        { name: 'Code', panel: <Code snippets={snippets} /> },
      ]}
    />
  )
}

function Code({ snippets }: { readonly snippets: readonly Snippet[] }) {
  return (
    <div className="try-code">
      <p className="hint">What Send does, to take along.</p>
      {snippets.map(({ name, code }) => (
        <CodeBlock key={name} name={name} code={code} />
      ))}
    </div>
  )
}

function Controls({ settings, onChange }: Omit<SettingsPanelProps, 'snippets'>) {
  const { data } = useRead(ModelsDocument, {})
  const { data: choices } = useRead(TryChoicesDocument, {})
  const standard = data?.models.find(({ isDefault }) => isDefault)
  const models = data?.models.map(({ id }) => ({ value: id, name: id })) ?? []
  const named = (edges: readonly { readonly node: { readonly id: string; readonly name: string | null } }[] = []) => [
    { value: '', name: 'None' },
    ...edges.map(({ node }) => ({ value: node.id, name: node.name ?? node.id })),
  ]
  const isListed = settings.model === '' || models.some(({ value }) => value === settings.model)
  return (
    <div className="try-controls">
      <SelectField
        label="Model"
        value={settings.model}
        onChange={(model) => onChange({ model })}
        options={[
          { value: '', name: standard === undefined ? 'The default' : `The default (${standard.id})` },
          ...models,
          ...(isListed ? [] : [{ value: settings.model, name: settings.model }]),
        ]}
      />
      <SelectField
        label="Bot"
        value={settings.botId}
        onChange={(botId) => onChange({ botId })}
        options={named(choices?.bots.edges)}
      />
      <TextArea
        label="Backstory"
        rows={3}
        value={settings.backstory}
        onChange={(backstory) => onChange({ backstory })}
        placeholder="You are a patient librarian."
      />
      <FunctionSettings functions={settings.functions} onChange={(functions) => onChange({ functions })} />
      <fieldset className="fieldset">
        <legend>Datasets</legend>
        <SelectField
          label="Stored dataset"
          value={settings.datasetId}
          onChange={(datasetId) => onChange({ datasetId })}
          options={named(choices?.datasets.edges)}
        />
        <TextArea
          label="Knowledge for this conversation"
          hint="Each paragraph is a record."
          rows={3}
          value={settings.knowledge}
          onChange={(knowledge) => onChange({ knowledge })}
        />
      </fieldset>
      <fieldset className="fieldset">
        <legend>Limits</legend>
        <div className="try-limits">
          {(['iterations', 'calls', 'tokens'] as const).map((name) => (
            <TextField
              key={name}
              label={`${name[0]?.toUpperCase()}${name.slice(1)}`}
              inputMode="numeric"
              value={settings[name]}
              onChange={(text) => onChange({ [name]: text })}
            />
          ))}
        </div>
        <CheckField
          label="Pause when one is reached"
          isChecked={settings.isPausing}
          onChange={(isPausing) => onChange({ isPausing })}
        />
      </fieldset>
    </div>
  )
}
