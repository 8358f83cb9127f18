import { unescape } from 'node:querystring'

const SECRET_NAME = /(?:^|[_-])(?:token|key|secret|code|password|signature|verifier|assertion)$/i
const REMOVED = 'REDACTED'

/** What a logger may know of a request. */
interface LoggedRequest {
  method?: string | undefined
  url?: string | undefined
  id?: unknown
  ip?: string | undefined
}

/** Serialisers for the logger: neither headers nor bodies, and addresses without their secrets. */
export const logSerializers = {
  req: (request: LoggedRequest) => ({
    id: request.id,
    method: request.method,
    url: redactUrl(request.url ?? ''),
    address: request.ip,
  }),
  res: (reply: { statusCode?: number | undefined }) => ({ status: reply.statusCode }),
}

/**
 * An address that can be written to a log: values of parameters that carry secrets (`access_token`, `key`,
 * `client_secret`, `code`, `password` …) are cut from query and fragment, and a password before the host as well.
 * The rest stays as it was written.
 */
export function redactUrl(url: string): string {
  if (!/[?#@]/.test(url)) return url
  return url
    .replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*@/i, `$1//${REMOVED}@`)
    .replaceAll(/(?<=[?#&])[^=&#?]*=[^&#]*/g, redactPair)
}

function redactPair(pair: string): string {
  const equals = pair.indexOf('=')
  const written = pair.slice(0, equals)
  return isSecretName(unescape(written)) ? `${written}=${REMOVED}` : pair
}

/** `key[]` and `user[password]` are secrets as much as `key` and `password` are. */
function isSecretName(name: string): boolean {
  return name.split(/[[\]]+/).some((segment) => SECRET_NAME.test(segment.trim()))
}
