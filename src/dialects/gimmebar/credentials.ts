import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { bearerOf, type TokenReader } from '../../faces/token-reader.ts'
import { readDigest } from '../../identity/digest.ts'
import type { UsageRecorder } from '../../identity/tokens.ts'
import { accountsByIds } from '../../library/accounts.ts'
import { openDigestLogins, OPAQUE } from './digest-logins.ts'
import { noted, viewerFor, type Identified } from './identified.ts'
import { REALM } from './realm.ts'

export interface Credentials {
  identify: (request: FastifyRequest) => Promise<Identified>
  /** Values of the WWW-Authenticate headers for a request without good credentials. */
  challenges: (request: FastifyRequest, stale: boolean) => string[]
}

/** "All user authentication is done with an access token": HTTP Basic or Digest with the username, or Bearer. */
export function openCredentials(ctx: Context, tokens: TokenReader, usage: UsageRecorder): Credentials {
  const digest = openDigestLogins(ctx, usage)

  async function ofBasic({ login, token }: { login: string; token: string }): Promise<Identified> {
    const found = await tokens(token)
    const account = found && (await accountsByIds(ctx.db, [found.accountId])).get(found.accountId)
    const isOwners = account !== undefined && account !== null && account.login_key === login.toLowerCase()
    return found !== null && isOwners ? viewerFor(found, noted(ctx, usage, found)) : { kind: 'wrong' }
  }

  return {
    async identify(request) {
      const { authorization } = request.headers
      if (authorization === undefined || authorization.trim() === '') return { kind: 'none' }
      const bearer = bearerOf(authorization)
      if (bearer !== null) {
        const found = await tokens(bearer)
        return found === null ? { kind: 'wrong' } : viewerFor(found, noted(ctx, usage, found))
      }
      if (isSentByAnotherSite(request)) return { kind: 'wrong' }
      const basic = readBasic(authorization)
      if (basic !== null) return ofBasic(basic)
      const answer = readDigest(authorization)
      return answer === null ? { kind: 'wrong' } : digest.identify(answer, request)
    },
    challenges: (request, stale) => challengesFor(request, digest.issueNonce(), stale),
  }
}

/** A name cannot hold a colon, so the first one ends it (RFC 7617, 2). */
function readBasic(authorization: string): { login: string; token: string } | null {
  const encoded = /^\s*basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(authorization)?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 1 ? null : { login: text.slice(0, colon), token: text.slice(colon + 1) }
}

/**
 * Browsers remember Basic and Digest and send them along with whatever another site makes them fetch. A script that
 * sets the header itself says so with `cors`.
 */
function isSentByAnotherSite({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  return (site === 'cross-site' || site === 'same-site') && headers['sec-fetch-mode'] !== 'cors'
}

function challengesFor({ headers }: FastifyRequest, nonce: string, stale: boolean): string[] {
  const bearer = `Bearer realm="${REALM}"`
  // What asks with this header is a script: a browser would show its own box to the person.
  if (headers['x-requested-with']?.toString().toLowerCase() === 'xmlhttprequest') return [bearer]
  const digest = (algorithm: string) =>
    `Digest realm="${REALM}", qop="auth", algorithm=${algorithm}, nonce="${nonce}", opaque="${OPAQUE}"` +
    (stale ? ', stale=true' : '')
  return [digest('SHA-256'), digest('MD5'), `Basic realm="${REALM}", charset="UTF-8"`, bearer]
}
