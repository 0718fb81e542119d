import type { Config } from '../config/config.ts'

/** What must not be in any log: the keys among the configuration. */
export function secretsOf(config: Config): readonly string[] {
  const { apiKeys, tokenSecret, secretsKeys, openai, anthropic, compatible, redisUrl } = config
  const password = redisUrl === null ? '' : decodeURIComponent(new URL(redisUrl).password)
  const sealing = secretsKeys.flatMap((key) => [Buffer.from(key).toString('hex'), Buffer.from(key).toString('base64')])
  const given = [tokenSecret, openai?.apiKey, anthropic?.apiKey, compatible?.apiKey, password]
  const secrets = [...apiKeys.map(({ secret }) => secret), ...sealing, ...given]
  return secrets.filter((secret): secret is string => typeof secret === 'string' && secret !== '')
}
