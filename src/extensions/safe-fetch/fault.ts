/**
 * Why there is no response. The message is for whoever wrote the URL, so it names hosts and ports only: no path, query,
 * header or resolved address. There is no `cause`, because those of the HTTP client quote what was received.
 */
export abstract class FetchFault extends Error {}

/** It is not allowed: asking again changes nothing. Nothing was sent to what is refused. */
export class FetchRefused extends FetchFault {
  override readonly name = 'FetchRefused'
}

/** It was tried and went wrong: out of reach, too slow, too large, or not HTTP. */
export class FetchFailed extends FetchFault {
  override readonly name = 'FetchFailed'
}
