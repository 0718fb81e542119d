/** Values that people set, each with what of the chart they turn on. */
export const sets: Readonly<Record<string, object>> = {
  'the defaults': {},
  'secrets of one’s own, a file of accounts, a private CA': {
    existingSecret: 'chat-secrets',
    accountsSecret: 'chat-accounts',
    caSecret: 'redis-ca',
    imagePullSecrets: [{ name: 'registry' }],
    image: { repository: 'registry.example/team/backchannel-server', tag: '1.2.3' },
  },
  'an Ingress with TLS': {
    ingress: {
      enabled: true,
      className: 'nginx',
      annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '8m' },
      hosts: ['chat.example.com', 'talk.example.com'],
      tls: [{ secretName: 'chat-tls', hosts: ['chat.example.com', 'talk.example.com'] }],
    },
    service: { type: 'LoadBalancer', port: 443, annotations: { 'example.com/internal': 'true' } },
  },
  'both roles scaled, and monitored': {
    api: { autoscaling: { enabled: true, maxReplicas: 30, cpuPercent: 60 } },
    worker: {
      autoscaling: { enabled: true, prometheusUrl: 'http://prometheus-operated.monitoring:9090', queueSeconds: 2.5 },
    },
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
    config: { WORKER_CONCURRENCY: 12 },
  },
  'numbers, words and JSON as settings': {
    config: {
      MAX_REQUEST_BYTES: 8_000_000,
      SHUTDOWN_GRACE_MS: 120_500,
      COST_PER_DAY: 2.5,
      GRAPHIQL: false,
      CONSOLE: 'off',
      MODEL_PRICES: { demo: { input: 1, output: 2 } },
      LOG_LEVEL: 'debug',
      METRICS_HOST: '::',
    },
  },
  'places and budgets left out, one of each': {
    disruptionBudget: { enabled: false },
    serviceAccount: { create: false, name: 'own-account' },
    api: { replicas: 1, resources: null },
    worker: { replicas: 1 },
    podAnnotations: { 'example.com/team': 'chat' },
    nodeSelector: { 'kubernetes.io/arch': 'amd64' },
    tolerations: [{ key: 'spot', operator: 'Exists', effect: 'NoSchedule' }],
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
    global: { imageRegistry: 'of another chart' },
  },
}

/** Values that are refused before anything is rendered, by what is wrong with them. */
export const mistakes: readonly (readonly [path: string, values: object])[] = [
  ['', { apii: {} }],
  ['/config', { config: { SHUTDOWN_GRACE: 5 } }],
  ['/config', { config: { OPENAI_API_KEY: 'sk-1' } }],
  ['/config', { config: { PORT: 80 } }],
  ['/api', { api: { replica: 3 } }],
  ['/api/replicas', { api: { replicas: '3' } }],
  ['/worker/autoscaling', { worker: { autoscaling: { enable: true } } }],
  ['/worker/autoscaling/prometheusUrl', { worker: { autoscaling: { prometheusUrl: 'prometheus:9090' } } }],
  ['/existingSecret', { existingSecret: '' }],
  ['/existingSecret', { existingSecret: 'My Secret' }],
  ['/ingress', { ingress: { host: 'chat.example.com' } }],
  ['/ingress/hosts', { ingress: { enabled: true, hosts: [] } }],
  ['/service/type', { service: { type: 'NodePorts' } }],
  ['/image', { image: { repo: 'x' } }],
  ['/serviceMonitor/interval', { serviceMonitor: { interval: '15' } }],
  ['/podAnnotations/a', { podAnnotations: { a: 1 } }],
]
