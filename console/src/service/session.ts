/** In the tab's session storage and nowhere else: another tab, and this one after it is closed, ask again. */
const storageKey = 'backchannel.credential'

export interface Session {
  /** An API key or a token; null: none has been given. */
  readonly credential: string | null
  /** Why the server does not take it; null while it does. */
  readonly refusal: string | null
}

export interface SessionStore {
  subscribe(listener: () => void): () => void
  getSnapshot(): Session
  signIn(credential: string): void
  signOut(): void
  /** The server has refused the credential, or the lack of one. */
  refuse(credential: string | null, reason: string): void
}

export function createSession(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): SessionStore {
  const listeners = new Set<() => void>()
  let session: Session = { credential: storage.getItem(storageKey), refusal: null }
  const set = (next: Session) => {
    session = next
    for (const listener of [...listeners]) listener()
  }
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    getSnapshot: () => session,
    signIn(credential) {
      storage.setItem(storageKey, credential)
      set({ credential, refusal: null })
    },
    signOut() {
      storage.removeItem(storageKey)
      set({ credential: null, refusal: null })
    },
    refuse(credential, reason) {
      // What an earlier credential was refused for says nothing of this one.
      if (credential !== session.credential || session.refusal === reason) return
      set({ credential, refusal: reason })
    },
  }
}
