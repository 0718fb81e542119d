/** Where a prompt goes, as far as rules depend on it. */
export interface Destination {
  /** Ours: `anthropic`, `compatible`, … */
  readonly provider: string
  /** The host of the server's base URL: one provider of ours leads to many servers. Absent: the provider's own. */
  readonly host?: string | undefined
  /** The model's name, as its provider has it. */
  readonly model: string
  /** Whether the model was told to think before it answers, or not to. Absent: the model decides. */
  readonly thinking?: 'on' | 'off' | undefined
}

/** Selects destinations. An absent field matches everything. */
export interface Match {
  readonly host?: RegExp
  readonly model?: RegExp | ((model: string) => boolean)
  readonly thinking?: 'on' | 'off'
}

export function matches({ host, model, thinking }: Match, to: Destination): boolean {
  if (host !== undefined && !host.test(to.host ?? '')) return false
  if (thinking !== undefined && thinking !== to.thinking) return false
  if (model === undefined) return true
  const name = to.model.toLowerCase()
  return typeof model === 'function' ? model(name) : model.test(name)
}

/** Claude 4.6 and later, and every Claude whose version cannot be read, because only old models have old names. */
export function isClaudeFrom46(model: string): boolean {
  if (!model.includes('claude') || /claude-(instant|v?[12]\b)/.test(model)) return false
  const [, major, minor = '0'] = /claude-(?:[a-z]+-)?(\d+)(?:[-.](\d{1,2})(?!\d))?/.exec(model) ?? []
  return major === undefined || Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 6)
}

/** Claude models that think by a budget of tokens. */
export function isClaudeBefore46(model: string): boolean {
  return model.includes('claude') && !isClaudeFrom46(model)
}

/** Claude models that bind a thinking block to everything that stands before it. */
export function hasPreservedThinking(model: string): boolean {
  return /claude-((fable|mythos)-5-[12]|(opus|sonnet|haiku)-5-5)/.test(model)
}
