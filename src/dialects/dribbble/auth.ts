import { bearerOf, viewerOf, type TokenReader } from '../../faces/token-reader.ts'
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
  const inHeader = headerToken(authorization)
  const given = lastOf(call.parameters.values['access_token'])
  const inParameters = typeof given === 'string' && given !== '' ? given : null
  if (inHeader !== null && inParameters !== null && inHeader !== inParameters)
    throw new Refusal(400, 'Send one token, in the header or as a parameter.')

  const secret = inHeader ?? inParameters
  if (secret === null) return null
  return tokens(secret, call.libraryVersion).then((found) => {
    if (found === null) throw BAD_CREDENTIALS
    call.viewer = viewerOf(found)
  })
}

function headerToken(authorization: string | undefined): string | null {
  if (authorization === undefined) return null
  const token = bearerOf(authorization)
  if (token === null) throw BAD_CREDENTIALS
  return token
}
