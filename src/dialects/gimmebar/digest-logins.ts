import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { libraryVersion } from '../../faces/library-version.ts'
import { createNonces, digestFits, readDigest, type DigestAnswer } from '../../identity/digest.ts'
import { digestTokens, type DigestToken } from '../../identity/digest-tokens.ts'
import { findTokenByHash, type UsageRecorder } from '../../identity/tokens.ts'
import { noted, viewerFor, type Identified } from './identified.ts'
import { REALM } from './realm.ts'

/** The same for everybody, as in the walk-through. */
export const OPAQUE = '94619f8a70068b2591c2eed622525b0e'
const KEPT_LOGINS = 1000

export interface DigestLogins {
  identify: (answer: DigestAnswer, request: FastifyRequest) => Promise<Identified>
  issueNonce: () => string
}

/** Logins by HTTP Digest. The tokens of those seen lately are remembered while the library is as it was. */
export function openDigestLogins(ctx: Context, usage: UsageRecorder): DigestLogins {
  const nonces = createNonces(ctx.clock)
  const known = new Map<string, { version: string; tokens: DigestToken[] }>()

  async function tokensOf(login: string): Promise<DigestToken[]> {
    const key = login.toLowerCase()
    const version = await libraryVersion(ctx)
    const kept = known.get(key)
    if (kept?.version === version) return kept.tokens
    const found = await digestTokens(ctx, key)
    if (known.size >= KEPT_LOGINS) known.clear()
    known.set(key, { version, tokens: found })
    return found
  }

  /** Each request has to be signed anew. */
  function isSignedAgain(request: IncomingMessage, { secrets }: DigestToken): boolean {
    const { headers, url = '', method = '' } = request
    const answer = readDigest(headers.authorization ?? '')
    if (answer === null || !isForUs(answer, url)) return false
    return digestFits(answer, secrets[answer.algorithm], method) && nonces.use(answer.nonce, answer.nc)
  }

  return {
    async identify(answer, { originalUrl, method }) {
      if (!isForUs(answer, originalUrl)) return { kind: 'wrong' }
      const all = await tokensOf(answer.username.slice(0, 256))
      const token = all.find(({ secrets }) => digestFits(answer, secrets[answer.algorithm], method))
      if (token === undefined) return { kind: 'wrong' }
      if (!nonces.use(answer.nonce, answer.nc)) return { kind: 'stale' }
      const found = await findTokenByHash(ctx, token.hash)
      if (found === null) return { kind: 'wrong' }
      const note = noted(ctx, usage, found)
      note()
      return viewerFor(found, (request) => isSignedAgain(request, token) && note())
    },
    issueNonce: nonces.issue,
  }
}

const isForUs = ({ realm, opaque, uri }: DigestAnswer, url: string) =>
  realm === REALM && (opaque ?? OPAQUE) === OPAQUE && isTarget(uri, url)

/** The address as the client wrote it; a proxy's client writes it whole. */
function isTarget(uri: string, originalUrl: string): boolean {
  if (uri === originalUrl) return true
  return /^https?:\/\//i.test(uri) && URL.canParse(uri)
    ? new URL(uri).pathname + new URL(uri).search === originalUrl
    : false
}
