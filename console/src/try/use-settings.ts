import { useCallback, useState } from 'react'
import { noSettings, type Settings } from './settings.ts'

const storageKey = 'backchannel.try'

/** Kept in the tab, so that a reload changes nothing. */
export function useSettings() {
  const [settings, setSettings] = useState<Settings>(readStored)
  const change = useCallback((changes: Partial<Settings>) => {
    setSettings((before) => {
      const after = { ...before, ...changes }
      sessionStorage.setItem(storageKey, JSON.stringify(after))
      return after
    })
  }, [])
  return [settings, change] as const
}

function readStored(): Settings {
  const stored = sessionStorage.getItem(storageKey)
  return stored === null ? noSettings : { ...noSettings, ...(JSON.parse(stored) as Settings) }
}
