/**
 * Why a URL was not fetched: not a URL we fetch (`bad_url`), one that leads where we do not go (`refused`), a name that
 * nobody knows, a server that does not answer, is too slow, sends too much, sends us round and round, or sends what
 * cannot be understood; too much to do already (`busy`); or the caller or the end of the program stopped it.
 */
export type FetchErrorKind =
  | 'bad_url'
  | 'refused'
  | 'unknown_host'
  | 'unreachable'
  | 'too_slow'
  | 'too_large'
  | 'too_many_redirects'
  | 'bad_answer'
  | 'busy'
  | 'stopped'

/** A URL could not be fetched. The message is one short sentence that is safe to show people. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
  readonly kind: FetchErrorKind

  constructor(kind: FetchErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

const unclear: [FetchErrorKind, string] = ['bad_answer', "the server's answer cannot be understood"]

const codes: Record<string, [FetchErrorKind, string]> = {
  UND_ERR_CONNECT_TIMEOUT: ['too_slow', 'the server does not answer in time'],
  UND_ERR_HEADERS_TIMEOUT: ['too_slow', 'the server does not answer in time'],
  UND_ERR_BODY_TIMEOUT: ['too_slow', 'the server stopped sending'],
  UND_ERR_HEADERS_OVERFLOW: unclear,
  UND_ERR_SOCKET: ['bad_answer', "the server's answer was cut short"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['bad_answer', "the server's answer was cut short"],
  UND_ERR_ABORTED: ['stopped', 'the fetch was stopped'],
  UND_ERR_DESTROYED: ['stopped', 'the fetch was stopped'],
  ABORT_ERR: ['stopped', 'the fetch was stopped'],
}

/** What went wrong below, in our words. The text of the other error is kept as the cause, for logs. */
export function asFetchError(error: unknown): FetchError {
  if (error instanceof FetchError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = codes[code]
  if (known) return new FetchError(...known, { cause: error })
  if (error instanceof Error && error.name === 'HTTPParserError')
    return new FetchError(...unclear, { cause: error })
  if (/^(Z_|ERR_BROTLI|ERR_PADDING|ERR__ERROR|BROTLI)/.test(code))
    return new FetchError(...unclear, { cause: error })
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code))
    return new FetchError('unreachable', "the server's certificate is not valid", { cause: error })
  return new FetchError('unreachable', 'the server cannot be reached', { cause: error })
}
