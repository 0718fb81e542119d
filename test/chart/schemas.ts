import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Service, ServiceAccount } from 'kubernetes-models/v1'
import { root } from '../house/imports.ts'
import type { Manifest } from './renderer.ts'

type Model = new (manifest: never) => { validate(): void }

/** The schemas of Kubernetes, of the Prometheus operator and of KEDA, as npm has them. */
const models: Readonly<Record<string, Model>> = {
  'v1/ConfigMap': ConfigMap,
  'v1/Service': Service,
  'v1/ServiceAccount': ServiceAccount,
  'apps/v1/Deployment': Deployment,
  'autoscaling/v2/HorizontalPodAutoscaler': HorizontalPodAutoscaler,
  'networking.k8s.io/v1/Ingress': Ingress,
  'policy/v1/PodDisruptionBudget': PodDisruptionBudget,
  'keda.sh/v1alpha1/ScaledObject': ScaledObject,
  'monitoring.coreos.com/v1/ServiceMonitor': ServiceMonitor,
}

/** What is wrong with a manifest by its schema, in one line; null: nothing. */
export function problemOf(manifest: Manifest): string | null {
  const name = `${manifest.apiVersion}/${manifest.kind}`
  const Model = models[name]
  if (Model === undefined) return `${name} is not in the table`
  try {
    // The schema judges, not the type.
    new Model(manifest as never).validate()
    return null
  } catch (error) {
    return `${name} ${manifest.metadata.name}: ${error instanceof Error ? error.message : String(error)}`
  }
}

const packageOf = (apiVersion: string) =>
  apiVersion.startsWith('keda.sh/')
    ? `@kubernetes-models/keda/${apiVersion}`
    : apiVersion.startsWith('monitoring.')
      ? `@kubernetes-models/prometheus-operator/${apiVersion}`
      : `kubernetes-models/${apiVersion}`

/** Fields that Kubernetes does not know, which the schemas let pass: the compiler holds the manifests, as literals, to the types. */
export function misspeltIn(manifests: readonly Manifest[]): readonly string[] {
  // Below the packages that it imports.
  const place = join(root, 'build/chart')
  mkdirSync(place, { recursive: true })
  const file = join(place, 'manifests.ts')
  const lines = manifests.map((manifest, n) => {
    const type = `import('${packageOf(manifest.apiVersion)}').I${manifest.kind}`
    return `export const manifest${n}: ${type} = ${JSON.stringify(manifest)}`
  })
  writeFileSync(file, lines.join('\n'))
  const options = [
    '--noEmit',
    '--skipLibCheck',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'esnext',
    '--ignoreConfig',
  ]
  try {
    execFileSync(join(root, 'node_modules/.bin/tsc'), [...options, file], { encoding: 'utf8', stdio: 'pipe' })
    return []
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout ?? error)
      .trim()
      .split('\n')
  } finally {
    rmSync(place, { recursive: true })
  }
}
