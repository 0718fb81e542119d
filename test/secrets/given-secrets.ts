/** Every kind of secret and key that the service is given or gives out, each used once in `useEverySecret`. */
export const givenSecrets = {
  apiKey: 'acme-key-0f1e2d3c4b5a6978',
  otherKey: 'beta-key-8796a5b4c3d2e1f0',
  wrongKey: 'nobodys-key-1122334455667788',
  tokenSecret: 'token-secret-of-thirty-two-characters',
  sealingKey: `${'7c'.repeat(31)}d1`,
  compatibleKey: 'compatible-key-aa55aa55aa55',
  openaiKey: 'openai-key-bb66bb66bb66',
  anthropicKey: 'anthropic-key-cc77cc77cc77',
  redisPassword: 'redis-pass-99887766',
  bearerSecret: 'tok-3f9a1c77e2d4b6',
  basicUser: 'ann-of-the-crm',
  basicPassword: 'pw-8812-zq-"ü"',
  plainSecret: 'key-55d0b1aa-7712',
  /** What a caller answers a function with: the account may see it, and nobody else. */
  resultBearer: 'result-bearer-4417aa90ce',
  /** Declared with a function, as its answer. */
  staticBearer: 'static-bearer-d03b7720f1',
  /** In a channel's message. */
  publishedBearer: 'published-bearer-6e1f09ab3c',
} as const

/** Of the account's own, as it has been told to the account: they may be in what the account gets, and where that is kept. */
export const ownSecrets: readonly string[] = ['resultBearer', 'staticBearer', 'publishedBearer']
