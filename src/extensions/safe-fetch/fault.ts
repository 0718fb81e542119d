/**
 * Why there is no response. The message is for the author of the URL, so it names hosts and ports only: no path, query,
 * header or resolved address. There is no `cause`, because the causes of the HTTP client quote received data.
 */
export abstract class FetchFault extends Error {}

/** The request is not allowed; retrying does not help. Nothing was sent to the refused host. */
export class FetchRefused extends FetchFault {
  override readonly name = 'FetchRefused'
}

/** The request was sent and failed: unreachable, too slow, too large, or not HTTP. */
export class FetchFailed extends FetchFault {
  override readonly name = 'FetchFailed'
}
