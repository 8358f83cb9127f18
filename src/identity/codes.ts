import { createHash } from 'node:crypto'
import type { App } from './apps.ts'
import { IdentityError } from './errors.ts'
import type { TokenPolicy } from './policy.ts'
import { sameText } from './secrets.ts'
import type { codeByHash } from './store/grants.ts'

/** What a client sends with a code. Empty texts count as absent. */
export interface CodeExchange {
  code: string
  redirectUri: string | null
  codeVerifier: string | null
}

type CodeRow = NonNullable<Awaited<ReturnType<typeof codeByHash>>>

/** An S256 challenge: 32 bytes in base64url (RFC 7636, 4.2). */
export const isChallenge = (text: string) => /^[A-Za-z0-9_-]{43}$/.test(text)

/**
 * Everything that makes a code good but its being used for the first time.
 *
 * @throws IdentityError `bad_grant`.
 */
export function checkCode(
  row: CodeRow,
  app: App,
  given: CodeExchange,
  at: { nowMs: number; policy: TokenPolicy },
): void {
  if (row.app_id !== app.id) throw refuse('The code was issued to another client.')
  if (row.account_suspended) throw refuse('The account is suspended.')
  if (row.used_ms === null && at.nowMs >= row.expires_ms) throw refuse('The code has expired.')
  checkRedirect(row, given.redirectUri || null, at.policy)
  checkVerifier(row.code_challenge, given.codeVerifier || null)
}

function checkRedirect(row: CodeRow, given: string | null, policy: TokenPolicy): void {
  if (given !== null && given !== row.redirect_uri)
    throw refuse('The redirect_uri is not the one the code was issued for.')
  if (given === null && row.redirect_given === 1 && policy.redirectUri === 'repeated')
    throw refuse('The redirect_uri of the authorization request must be repeated.')
}

/** A verifier without a challenge is refused as well: somebody took the challenge away (RFC 9700, 4.8.2). */
function checkVerifier(challenge: string | null, verifier: string | null): void {
  if (challenge === null && verifier === null) return
  if (challenge === null) throw refuse('There was no code_challenge for this code_verifier.')
  if (verifier === null) throw refuse('The code_verifier is missing.')
  // RFC 7636, 4.1
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) throw refuse('The code_verifier is malformed.')
  const expected = createHash('sha256').update(verifier).digest('base64url')
  if (!sameText(expected, challenge)) throw refuse('The code_verifier does not fit the code_challenge.')
}

const refuse = (problem: string) => new IdentityError({ kind: 'bad_grant', problem })
