import { cutText } from '../../kernel/cut-text.ts'
import type { InputIssue } from '../../kernel/errors.ts'
import { addEffects, type FeatureEffects, noEffects } from './effects.ts'
import { featureNames, findFeature } from './table.ts'

export interface FeatureInput {
  readonly name: string
  readonly options: Readonly<Record<string, unknown>> | null
}

export type FeaturesReading =
  | { readonly effects: FeatureEffects }
  /** Paths are relative to the list: `[0, 'options', 'mode']`. */
  | { readonly issues: readonly InputIssue[] }

/** Reads the features of a dispatch when it is accepted. Each name may appear once. */
export function readFeatures(features: readonly FeatureInput[]): FeaturesReading {
  const seen = new Set<string>()
  const readings = features.map(({ name, options }, index) => {
    const read = findFeature(name)
    const wrong = (message: string) => ({ issues: [{ path: [index, 'name'], message }] })
    if (read === null) return wrong(`there is no feature ${quoted(name)} here; there are ${featureNames.join(', ')}`)
    if (seen.has(name)) return wrong('another feature has this name')
    seen.add(name)
    const reading = read(options ?? {})
    if ('effects' in reading) return reading
    return { issues: reading.issues.map(({ path, message }) => ({ path: [index, 'options', ...path], message })) }
  })
  const issues = readings.flatMap((reading) => ('issues' in reading ? reading.issues : []))
  if (issues.length > 0) return { issues }

  const effects = readings
    .map((reading) => ('effects' in reading ? reading.effects : {}))
    .reduce<FeatureEffects>(addEffects, noEffects)
  // `noFeatures` does not undo features that switch parts of the request off, as in the upstream API.
  return { effects: seen.has('noFeatures') ? { ...noEffects, off: effects.off } : effects }
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${cutText(name, 60)}…` : name)
}
