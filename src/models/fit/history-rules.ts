/** What a provider accepts as the conversation so far. */
export interface HistoryRules {
  /**
   * The model's earlier reasoning. `none`: left out. `signed`: sent back as the provider made it, or not at all.
   * `words`: sent back as text. `required`: the same, and a message with calls always has some.
   */
  readonly reasoning: 'none' | 'signed' | 'words' | 'required'
  readonly callIds: keyof typeof callIdRules
  /**
   * Gemini's signatures of calls. `given`: those that came go back. `required`: the first call of a message has one; a call
   * that another model made gets one for strangers.
   */
  readonly signatures: 'none' | 'given' | 'required'
  /** `thought`: while the model thinks, a turn that goes on after calls must begin with its own thinking. */
  readonly loop: 'any' | 'thought'
  /** `user`: the conversation has to begin with the user. */
  readonly first: 'any' | 'user'
  /** `user`: the conversation must not end with the assistant. */
  readonly last: 'any' | 'user'
  /** Neighbours of one role become one message. */
  readonly alternates: boolean
  /** `user`: there is no system role; its text stands at the beginning of the user's first message. */
  readonly system: 'system' | 'user'
  /** False: the assistant has to speak between a function's result and the user. */
  readonly userAfterResult: boolean
}

/** Call ids. An id that does not fit is replaced by one of `length` characters, always the same one. */
export const callIdRules = {
  any: { fits: /^[\s\S]+$/, prefix: '', length: 24 },
  letters64: { fits: /^[A-Za-z0-9_-]{1,64}$/, prefix: 'call_', length: 24 },
  letters40: { fits: /^[A-Za-z0-9_-]{1,40}$/, prefix: 'call_', length: 24 },
  nine: { fits: /^[A-Za-z0-9]{9}$/, prefix: '', length: 9 },
} as const

/** The defaults. */
export const anyHistory: HistoryRules = {
  reasoning: 'none',
  callIds: 'any',
  signatures: 'given',
  loop: 'any',
  first: 'any',
  last: 'any',
  alternates: false,
  system: 'system',
  userAfterResult: true,
}
