/**
 * A kept connection that the server closes, because it was idle, while the next request is on its way, is no failure of either: that
 * request is sent again, once. What breaks a connection does so again.
 */
export async function patientFetch(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { readonly code?: string }
    if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET' || code === 'EPIPE') return await fetch(url, init)
    throw error
  }
}
