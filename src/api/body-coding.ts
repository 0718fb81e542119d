/** The coding of a request's body that this server does not read; null: it has none. */
export function unreadCoding(contentEncoding: string | null | undefined): string | null {
  const coding = (contentEncoding ?? '').trim().toLowerCase()
  return coding === '' || coding === 'identity' ? null : coding.slice(0, 40)
}

export function codingRefusal(coding: string): string {
  return `The body is encoded as ${JSON.stringify(coding)}; send it without Content-Encoding.`
}
