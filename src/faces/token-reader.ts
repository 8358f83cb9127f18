import type { Context } from '../context.ts'
import { hashSecret } from '../identity/secrets.ts'
import { findToken, type FoundToken, type UsageRecorder } from '../identity/tokens.ts'
import type { Viewer } from '../library/viewer.ts'
import { libraryVersion } from './library-version.ts'

/**
 * Finds a live token by its secret, or null.
 *
 * @param version What `libraryVersion` told for this request; asked anew when left out.
 */
export type TokenReader = (secret: string, version?: string) => Promise<FoundToken | null>

/** No credential of ours is longer; anything longer is not looked up. */
const LONGEST_TOKEN = 256
const KEPT_TOKENS = 5000

/**
 * Reads tokens through a small memory of those seen lately. An entry counts only while the library is as it was
 * when the token was read, so a revocation takes effect with the next request, and for a minute at the most, so
 * that expiry by time does too.
 */
export function createTokenReader(ctx: Context, usage: UsageRecorder): TokenReader {
  const seen = new Map<string, { version: string; found: FoundToken }>()

  return async (secret, given) => {
    if (secret === '' || secret.length > LONGEST_TOKEN) return null
    const version = given ?? (await libraryVersion(ctx))
    const hash = hashSecret(secret)
    const known = seen.get(hash)
    const found = known?.version === version ? known.found : await findToken(ctx, secret)
    if (found === null) return null

    if (known?.version !== version) {
      if (seen.size >= KEPT_TOKENS) seen.clear()
      seen.set(hash, { version, found })
    }
    usage.record(found.tokenId, ctx.clock())
    return found
  }
}

/** Whom a token speaks for. */
export function viewerOf({ accountId, role, scopes, appId, appApproved }: FoundToken): Viewer {
  return { accountId, role, scopes, app: { id: appId, approved: appApproved } }
}

/** The token of an `Authorization: Bearer` header, the scheme in any case; null for anything else. */
export function bearerOf(authorization: string): string | null {
  const [, scheme, token] = /^\s*(\S+)\s+(\S+)\s*$/.exec(authorization) ?? []
  return scheme?.toLowerCase() === 'bearer' && token !== undefined ? token : null
}
