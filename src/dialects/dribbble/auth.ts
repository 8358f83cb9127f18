import { givenToken } from '../../faces/given-token.ts'
import { viewerOf, type TokenReader } from '../../faces/token-reader.ts'
import { lastOf } from '../../http/parameters.ts'
import type { Call } from './call.ts'
import { BAD_CREDENTIALS, Refusal } from './errors.ts'

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
  const given = givenToken(authorization, lastOf(call.parameters.values['access_token']))
  if (given.kind === 'none') return null
  if (given.kind === 'contradictory')
    throw new Refusal(400, 'Send one token, in the header or as a parameter.')
  if (given.kind !== 'token') throw BAD_CREDENTIALS
  return tokens(given.secret, call.libraryVersion).then((found) => {
    if (found === null) throw BAD_CREDENTIALS
    call.viewer = viewerOf(found)
    call.tokenId = found.tokenId
  })
}
