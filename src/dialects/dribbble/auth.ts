import type { Context } from '../../context.ts'
import { lastOf } from '../../http/parameters.ts'
import { findToken, type FoundToken, type UsageRecorder } from '../../identity/tokens.ts'
import { hashSecret } from '../../identity/secrets.ts'
import type { Call } from './call.ts'
import { BAD_CREDENTIALS, Refusal } from './errors.ts'

/** Finds a live token by its secret, or null. */
export type TokenReader = (secret: string) => Promise<FoundToken | null>

/** No credential of ours is longer; anything longer is not looked up. */
const LONGEST_TOKEN = 256
const KEPT_TOKENS = 5000

/**
 * Reads tokens through a small memory of those seen lately. An entry counts only while the database is as it was
 * when the token was read, so a revocation takes effect with the next request, and for a minute at the most, so
 * that expiry by time does too.
 */
export function createTokenReader(ctx: Context, usage: UsageRecorder): TokenReader {
  const seen = new Map<string, { version: string; found: FoundToken }>()

  return async (secret) => {
    if (secret === '' || secret.length > LONGEST_TOKEN) return null
    const now = ctx.clock()
    const stored = ctx.database.version()
    const version = `${typeof stored === 'string' ? stored : await stored}/${Math.floor(now.getTime() / 60_000)}`
    const hash = hashSecret(secret)
    const known = seen.get(hash)
    const found = known?.version === version ? known.found : await findToken(ctx, secret)
    if (found === null) return null

    if (known?.version !== version) {
      if (seen.size >= KEPT_TOKENS) seen.clear()
      seen.set(hash, { version, found })
    }
    usage.record(found.tokenId, now)
    return found
  }
}

/**
 * Puts the bearer of a request's token into the call. Null when there is nothing to do, so that a request without
 * a token costs nothing.
 *
 * API v1 overview, "Authentication": a header, or the parameter `access_token`. Both at once must agree.
 *
 * @throws Refusal 401 for a token that is not good (any more), also where none is needed.
 */
export function identify(
  call: Call,
  authorization: string | undefined,
  tokens: TokenReader,
): Promise<void> | null {
  const inHeader = bearerOf(authorization)
  const given = lastOf(call.parameters.values['access_token'])
  const inParameters = typeof given === 'string' && given !== '' ? given : null
  if (inHeader !== null && inParameters !== null && inHeader !== inParameters)
    throw new Refusal(400, 'Send one token, in the header or as a parameter.')

  const secret = inHeader ?? inParameters
  if (secret === null) return null
  return tokens(secret).then((found) => {
    if (found === null) throw BAD_CREDENTIALS
    const { accountId, role, scopes, appId, appApproved } = found
    call.viewer = { accountId, role, scopes, app: { id: appId, approved: appApproved } }
  })
}

/** The token of an `Authorization: Bearer` header; the scheme in any case. */
function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined) return null
  const [, scheme, token] = /^\s*(\S+)\s+(\S+)\s*$/.exec(authorization) ?? []
  if (scheme === undefined || token === undefined || scheme.toLowerCase() !== 'bearer') throw BAD_CREDENTIALS
  return token
}
