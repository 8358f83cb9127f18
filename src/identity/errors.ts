/** One thing wrong with one field; `problem` completes the sentence "FIELD …". */
export interface Problem {
  field: string
  problem: string
}

/** Every way identity can refuse. A face answers each one in its own words. */
export type IdentityReason =
  | { kind: 'invalid'; problems: readonly Problem[] }
  | { kind: 'not_found'; what: 'app' | 'grant' | 'session' }
  /** Unknown login, wrong password and suspended account alike. */
  | { kind: 'wrong_password' }
  | { kind: 'too_many_attempts'; retryAfterSeconds: number }
  | { kind: 'busy'; retryAfterSeconds: number }
  /** The set-up link is wrong, was used, or is no longer needed. */
  | { kind: 'link_spent' }
  /** A parameter of the token request is missing or malformed (RFC 6749, 5.2, `invalid_request`). */
  | { kind: 'bad_request'; problem: string }
  /** Unknown client or wrong secret (`invalid_client`). */
  | { kind: 'bad_client' }
  | { kind: 'client_suspended' }
  | { kind: 'client_not_approved' }
  /** The code or refresh token cannot be exchanged (`invalid_grant`). */
  | { kind: 'bad_grant'; problem: string }
  | { kind: 'bad_scope' }

/** Identity says no. Anything else that is thrown is a bug. */
export class IdentityError extends Error {
  readonly reason: IdentityReason

  constructor(reason: IdentityReason, options?: ErrorOptions) {
    super(reason.kind === 'invalid' ? describe(reason.problems) : reason.kind, options)
    this.name = 'IdentityError'
    this.reason = reason
  }
}

const describe = (problems: readonly Problem[]) =>
  problems.map(({ field, problem }) => `${field} ${problem}`).join('; ')
