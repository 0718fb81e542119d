import type { Config } from '../config/config.ts'

/** What must not be in any log: the keys among the configuration. */
export function secretsOf(config: Config): readonly string[] {
  const { apiKeys, tokenSecret, secretsKeys, providers, redisUrl } = config
  const password = redisUrl === null ? '' : decodeURIComponent(new URL(redisUrl).password)
  const sealing = secretsKeys.flatMap((key) => [Buffer.from(key).toString('hex'), Buffer.from(key).toString('base64')])
  const given = [tokenSecret, ...Object.values(providers).map((access) => access?.apiKey), password]
  const secrets = [...apiKeys.map(({ secret }) => secret), ...sealing, ...given]
  return secrets.filter((secret): secret is string => typeof secret === 'string' && secret !== '')
}
