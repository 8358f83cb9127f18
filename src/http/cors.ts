/** How a face answers scripts of other sites. Reflecting is safe only where nothing the browser adds by itself signs in. */
export interface CorsPolicy {
  /** `reflect` repeats the origin and allows credentials; `any` answers `*` without credentials. */
  mode: 'reflect' | 'any'
  /** Answer headers a script may read, in the order to print. */
  expose: readonly string[]
  /** How long a preflight may be remembered, in seconds. */
  maxAge: number
  /** When given, only these origins are answered at all. */
  origins?: readonly string[]
}

const TOKEN = /^[!#$%&'*+.^_`|~\w-]{1,128}$/
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@,\\]+$/
const MOST_HEADERS = 50

/**
 * Headers for every answer of a path that scripts may call, errors included. `Vary: Origin` is there even without
 * an origin, so that a shared cache never hands one site's answer to another.
 *
 * @param origin The request's `Origin`; only a value that is one is copied, and `null` is answered `*`.
 */
export function corsHeaders(origin: string | undefined, policy: CorsPolicy): Record<string, string> {
  const headers: Record<string, string> = { vary: 'Origin' }
  if (origin === undefined || !isAllowed(origin, policy)) return headers

  const reflected = policy.mode === 'reflect' && origin !== 'null'
  headers['access-control-allow-origin'] = reflected ? origin : '*'
  if (policy.expose.length > 0) headers['access-control-expose-headers'] = policy.expose.join(', ')
  if (reflected) headers['access-control-allow-credentials'] = 'true'
  return headers
}

/**
 * Headers for the answer to a preflight, {@link corsHeaders} included.
 *
 * @param methods The verbs of the path; `OPTIONS` is put before them (API v1 overview, "Cross Origin Resource Sharing").
 * @param requestHeaders The request's `Access-Control-Request-Headers`; names that are not tokens are not repeated.
 */
export function preflightHeaders(
  origin: string | undefined,
  policy: CorsPolicy,
  methods: readonly string[],
  requestHeaders: string | undefined,
): Record<string, string> {
  const headers = corsHeaders(origin, policy)
  if (headers['access-control-allow-origin'] === undefined) return headers

  headers['access-control-allow-methods'] = [...new Set(['OPTIONS', ...methods])].join(', ')
  headers['access-control-max-age'] = String(policy.maxAge)
  const names = requestedNames(requestHeaders)
  if (names.length > 0) headers['access-control-allow-headers'] = names.join(', ')
  return headers
}

function isAllowed(origin: string, { origins }: CorsPolicy): boolean {
  if (origins && !origins.includes(origin)) return false
  return origin === 'null' || isOrigin(origin)
}

/** A scheme, a host and perhaps a port, written the way browsers write them; extensions have schemes of their own. */
function isOrigin(text: string): boolean {
  if (text.length > 300 || !ORIGIN.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  return `${url.protocol}//${url.host}` === text
}

function requestedNames(requested: string | undefined): string[] {
  if (requested === undefined) return []
  const names = requested.split(',', MOST_HEADERS).map((name) => name.trim())
  return names.filter((name) => TOKEN.test(name))
}
