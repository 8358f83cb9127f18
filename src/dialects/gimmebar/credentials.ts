import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { libraryVersion } from '../../faces/library-version.ts'
import { bearerOf, viewerOf, type TokenReader } from '../../faces/token-reader.ts'
import { createNonces, digestFits, readDigest, type DigestAnswer } from '../../identity/digest.ts'
import { digestTokens, type DigestToken } from '../../identity/digest-tokens.ts'
import { sameText } from '../../identity/secrets.ts'
import { findTokenByHash, type FoundToken, type UsageRecorder } from '../../identity/tokens.ts'
import { accountsByIds } from '../../library/accounts.ts'
import type { Viewer } from '../../library/viewer.ts'

/** As the walk-through of the page names it (Authorization for devices and desktop apps, 5). */
export const REALM = 'GimmeBarAPI'
/** The same for everybody, as in the walk-through. */
const OPAQUE = '94619f8a70068b2591c2eed622525b0e'
const KEPT_LOGINS = 1000

/** Nobody, somebody, or a credential that is no good; `stale` when only the nonce is to blame. */
export type Identified = { kind: 'none' | 'wrong' | 'stale' } | { kind: 'viewer'; viewer: Viewer }

export interface Credentials {
  identify: (request: FastifyRequest) => Promise<Identified>
  /** Values of the WWW-Authenticate headers for a request without good credentials. */
  challenges: (request: FastifyRequest, stale: boolean) => string[]
}

/** "All user authentication is done with an access token": HTTP Basic or Digest with the username, or Bearer. */
export function openCredentials(ctx: Context, tokens: TokenReader, usage: UsageRecorder): Credentials {
  const nonces = createNonces(ctx.clock)
  const known = new Map<string, { version: string; tokens: DigestToken[] }>()

  async function digestTokensOf(login: string): Promise<DigestToken[]> {
    const key = login.toLowerCase()
    const version = await libraryVersion(ctx)
    const kept = known.get(key)
    if (kept?.version === version) return kept.tokens
    const found = await digestTokens(ctx, key)
    if (known.size >= KEPT_LOGINS) known.clear()
    known.set(key, { version, tokens: found })
    return found
  }

  async function ofBasic({ login, token }: { login: string; token: string }): Promise<Identified> {
    const found = await tokens(token)
    const account = found && (await accountsByIds(ctx.db, [found.accountId])).get(found.accountId)
    const isOwners = account !== undefined && account !== null && account.login_key === login.toLowerCase()
    return found !== null && isOwners ? viewerFor(found) : { kind: 'wrong' }
  }

  async function ofDigest(answer: DigestAnswer, request: FastifyRequest): Promise<Identified> {
    if (!sameText(answer.realm, REALM) || !isTarget(answer.uri, request)) return { kind: 'wrong' }
    const all = await digestTokensOf(answer.username.slice(0, 256))
    const token = all.find(({ secrets }) => digestFits(answer, secrets[answer.algorithm], request.method))
    if (token === undefined) return { kind: 'wrong' }
    if (!nonces.use(answer.nonce, answer.nc)) return { kind: 'stale' }
    const found = await findTokenByHash(ctx, token.hash)
    if (found === null) return { kind: 'wrong' }
    usage.record(found.tokenId, ctx.clock())
    return viewerFor(found)
  }

  return {
    async identify(request) {
      const { authorization } = request.headers
      if (authorization === undefined || authorization.trim() === '') return { kind: 'none' }
      const bearer = bearerOf(authorization)
      if (bearer !== null) {
        const found = await tokens(bearer)
        return found === null ? { kind: 'wrong' } : viewerFor(found)
      }
      if (isSentByAnotherSite(request)) return { kind: 'wrong' }
      const basic = readBasic(authorization)
      if (basic !== null) return ofBasic(basic)
      const digest = readDigest(authorization)
      return digest === null ? { kind: 'wrong' } : ofDigest(digest, request)
    },
    challenges: (request, stale) => challengesFor(request, nonces.issue(), stale),
  }
}

const viewerFor = (found: FoundToken): Identified => ({ kind: 'viewer', viewer: viewerOf(found) })

/** A name cannot hold a colon, so the first one ends it (RFC 7617, 2). */
function readBasic(authorization: string): { login: string; token: string } | null {
  const encoded = /^\s*basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(authorization)?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 1 ? null : { login: text.slice(0, colon), token: text.slice(colon + 1) }
}

/** The address as the client wrote it; a proxy's client writes it whole. */
function isTarget(uri: string, { originalUrl }: FastifyRequest): boolean {
  if (uri === originalUrl) return true
  return /^https?:\/\//i.test(uri) && URL.canParse(uri)
    ? new URL(uri).pathname + new URL(uri).search === originalUrl
    : false
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
