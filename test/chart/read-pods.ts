import type { Labels, Manifest, Rendered } from './renderer.ts'

export interface Container {
  readonly name: string
  readonly image: string
  readonly args: readonly string[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[]
  readonly envFrom: readonly {
    readonly configMapRef?: { readonly name: string }
    readonly secretRef?: { readonly name: string }
  }[]
  readonly volumeMounts?: readonly { readonly mountPath: string }[]
}
export interface PodSpec {
  readonly containers: readonly [Container]
  readonly terminationGracePeriodSeconds: number
}
export interface DeploymentSpec {
  readonly replicas?: number
  readonly selector: { readonly matchLabels: Labels }
  readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec }
}

export const ofKind = ({ manifests }: Rendered, kind: string) => manifests.filter((each) => each.kind === kind)

/** The spec of a manifest, as its schema has judged it. */
export const specOf = <Spec>({ spec }: Manifest) => spec as Spec

export function deploymentOf(rendered: Rendered, role: 'api' | 'worker'): Manifest & { readonly spec: DeploymentSpec } {
  const found = ofKind(rendered, 'Deployment').find(({ metadata }) => metadata.name.endsWith(`-${role}`))
  if (found === undefined) throw new Error(`There is no Deployment of the ${role}.`)
  return found as Manifest & { readonly spec: DeploymentSpec }
}

/** The environment of a role's process: its image's, the ConfigMap's, the Secret's, its own. */
export function environmentOf(
  rendered: Rendered,
  role: 'api' | 'worker',
  image: Readonly<Record<string, string>>,
  secret: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [container] = deploymentOf(rendered, role).spec.template.spec.containers
  const all: Record<string, string> = { ...image }
  for (const { configMapRef, secretRef } of container.envFrom) {
    const map = ofKind(rendered, 'ConfigMap').find(({ metadata }) => metadata.name === configMapRef?.name)
    Object.assign(all, secretRef === undefined ? map?.data : secret)
  }
  for (const { name, value } of container.env) {
    const given = value ?? secret[name]
    if (given === undefined) throw new Error(`The Secret lacks ${name}.`)
    all[name] = given
  }
  return all
}

/** What is named and is not there: Pods that a selector would find, ports, Deployments, ConfigMaps. */
export function danglingIn(rendered: Rendered): readonly string[] {
  const pods = ofKind(rendered, 'Deployment').map((each) => specOf<DeploymentSpec>(each).template)
  const finds = (labels: Labels = {}) =>
    pods.filter(({ metadata }) => Object.entries(labels).every(([name, value]) => metadata.labels[name] === value))
  const problems: string[] = []
  for (const manifest of rendered.manifests) {
    const name = `${manifest.kind} ${manifest.metadata.name}`
    const spec = specOf<{
      readonly selector?: Labels & { readonly matchLabels?: Labels }
      readonly ports?: readonly { readonly targetPort: string }[]
      readonly scaleTargetRef?: { readonly name: string }
    }>(manifest)
    const labels = spec?.selector?.matchLabels ?? spec?.selector
    if (manifest.kind === 'ServiceMonitor') {
      const services = ofKind(rendered, 'Service').filter(({ metadata }) =>
        Object.entries(labels ?? {}).every(([label, value]) => metadata.labels[label] === value),
      )
      if (services.length !== 1) problems.push(`${name} finds ${services.length} Services`)
    } else if (labels !== undefined) {
      const found = finds(labels as Labels)
      if (found.length === 0) problems.push(`${name} finds no Pod`)
      for (const { targetPort } of spec.ports ?? [])
        if (!found.every(({ spec: pod }) => pod.containers[0].ports.some((port) => port.name === targetPort)))
          problems.push(`${name}: a Pod has no port ${targetPort}`)
    }
    const target = spec?.scaleTargetRef?.name
    if (target !== undefined && !ofKind(rendered, 'Deployment').some(({ metadata }) => metadata.name === target))
      problems.push(`${name}: there is no Deployment ${target}`)
    if (manifest.metadata.name.length > 63) problems.push(`${name}: its name is too long`)
  }
  return problems
}
