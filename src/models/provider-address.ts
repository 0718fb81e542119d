export function bearer(apiKey: string | undefined): Readonly<Record<string, string>> {
  return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
}

export function withoutTrailingSlash(url: string): string {
  return url.replace(/\/$/, '')
}
