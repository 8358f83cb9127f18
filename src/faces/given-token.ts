import { bearerOf } from './token-reader.ts'

/**
 * The one token of a request, from the `Authorization` header or from a parameter:
 *
 * - `none`: there is none.
 * - `malformed`: the header is no `Bearer` header.
 * - `contradictory`: two that differ, so that nobody can say which was meant.
 */
export type GivenToken = { kind: 'none' | 'malformed' | 'contradictory' } | { kind: 'token'; secret: string }

/** @param parameter The parameter's value; an empty text counts as none. */
export function givenToken(authorization: string | undefined, parameter: unknown): GivenToken {
  const inHeader = authorization === undefined ? null : bearerOf(authorization)
  if (authorization !== undefined && inHeader === null) return { kind: 'malformed' }
  const inParameter = typeof parameter === 'string' && parameter !== '' ? parameter : null
  if (inHeader !== null && inParameter !== null && inHeader !== inParameter) return { kind: 'contradictory' }
  const secret = inHeader ?? inParameter
  return secret === null ? { kind: 'none' } : { kind: 'token', secret }
}
