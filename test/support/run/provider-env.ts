/** The variables that lead every provider to a mock at `url`, with keys that tests search for. */
export function providerEnv(url: string) {
  return {
    OPENAI_API_KEY: 'sk-openai-secret',
    OPENAI_BASE_URL: `${url}/v1`,
    ANTHROPIC_API_KEY: 'sk-anthropic-secret',
    ANTHROPIC_BASE_URL: url,
    OPENAI_COMPATIBLE_BASE_URL: `${url}/v1`,
  }
}
