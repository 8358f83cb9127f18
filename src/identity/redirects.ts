const LONGEST = 2000

/** Schemes that run or show something in the browser in place of opening an application. */
const NEVER = new Set([
  'about:',
  'blob:',
  'data:',
  'file:',
  'filesystem:',
  'ftp:',
  'javascript:',
  'mailto:',
  'vbscript:',
  'view-source:',
  'ws:',
  'wss:',
])

/**
 * Why a text cannot be a redirect URI, as a phrase that completes "redirect_uri …", or null when it can.
 * A scheme of the application's own (`myapp://done`) is fine; a fragment is not (RFC 6749, 3.1.2).
 */
export function redirectProblem(uri: string): string | null {
  if (uri === '') return "can't be blank"
  if (uri.length > LONGEST) return `is too long (at most ${LONGEST} characters)`
  if (!/^[\x21-\x7e]+$/.test(uri) || /[\\<>"]/.test(uri))
    return 'must not hold spaces, backslashes, quotes or letters beyond ASCII'
  if (uri.includes('#')) return 'must not have a fragment'
  if (!/^[a-z][a-z0-9+.-]*:./i.test(uri) || !URL.canParse(uri)) return 'must be an absolute URI'
  const { protocol, username, password } = new URL(uri)
  if (NEVER.has(protocol)) return `must not use ${protocol}`
  // The URL parser forgives `https:host` and `https:///host`; whoever receives the redirect may not.
  if (/^https?:/i.test(uri) && !/^https?:\/\/[^/?]/i.test(uri)) return 'must be an absolute URI'
  if (username !== '' || password !== '') return 'must not hold a user name'
  return null
}

/**
 * Whether a client may be sent to `given`. Exact comparison (RFC 9700, 2.1); only the port may differ for a
 * loopback address (RFC 8252, 7.3), where localhost is a name like any other. With `below`, the path may also go
 * on below the registered one, at a segment boundary.
 */
export function redirectAllowed(registered: string, given: string, { below }: { below: boolean }): boolean {
  if (redirectProblem(given) !== null) return false
  if (given === registered) return true
  const loopback = withoutLoopbackPort(given)
  if (loopback !== null && loopback === withoutLoopbackPort(registered)) return true
  return below && isBelow(registered, given)
}

/** The URI with its port left out if it names a loopback address over plain http, else null. */
function withoutLoopbackPort(uri: string): string | null {
  const parts = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::\d{1,5})?((?:[/?].*)?)$/.exec(uri)
  return parts ? `${parts[1]}${parts[2]}` : null
}

/** Both are read as browsers read them, so `..` and `%2e%2e` are gone before the paths are compared. */
function isBelow(registered: string, given: string): boolean {
  const base = new URL(withoutLoopbackPort(registered) ?? registered)
  const at = new URL(withoutLoopbackPort(given) ?? given)
  if (at.protocol !== base.protocol || at.host !== base.host || at.search !== base.search) return false
  // What another server may yet decode into a slash or a dot.
  if (/%(?:00|25|2f|5c)/i.test(at.pathname)) return false
  if (at.pathname === base.pathname) return true
  const folder = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`
  return folder.startsWith('/') && at.pathname.startsWith(folder)
}

/** A redirect URI with parameters added; what its query holds already stays as it is. Null ones are left out. */
export function withParameters(uri: string, parameters: Readonly<Record<string, string | null>>): string {
  const added = Object.entries(parameters)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}=${encode(value)}`]))
    .join('&')
  if (added === '') return uri
  if (!uri.includes('?')) return `${uri}?${added}`
  return /[?&]$/.test(uri) ? uri + added : `${uri}&${added}`
}

/** Half a surrogate pair has no encoding; going through bytes replaces it. */
const encode = (value: string) => encodeURIComponent(Buffer.from(value).toString())
