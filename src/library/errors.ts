export type Noun =
  | 'account'
  | 'app'
  | 'attachment'
  | 'blob'
  | 'collection'
  | 'comment'
  | 'filter'
  | 'follow'
  | 'invitation'
  | 'item'
  | 'key'
  | 'reaction'
  | 'tag'
  | 'team'
  | 'token'
  | 'vacancy'

/** One thing wrong with one field; `field` is a name of our own vocabulary, or `base` for the whole. */
export interface Problem {
  field: string
  /** A phrase that completes "FIELD …": `can't be blank`, `is too long (at most 255 characters)`. */
  problem: string
}

/** Every way the library can refuse. A face answers each one in its own words. */
export type Reason =
  | { kind: 'not_found'; what: Noun }
  | { kind: 'not_allowed'; what: Noun; action: string }
  | { kind: 'not_signed_in' }
  | { kind: 'invalid'; problems: readonly Problem[] }
  | { kind: 'conflict'; what: Noun; problem: string }
  | { kind: 'bad_query'; position: number; expected: string }
  | { kind: 'too_large'; field: string; limitBytes: number }
  /** Bytes that are no acceptable picture; `detail` is a sentence for people. */
  | { kind: 'bad_media'; field: string; detail: string }
  | { kind: 'too_many'; problem: string; retryAfterSeconds: number | null }
  | { kind: 'storage_full' }
  | { kind: 'unavailable'; retryAfterSeconds: number }

/** The library says no. Anything else that is thrown is a bug. */
export class LibraryError extends Error {
  readonly reason: Reason

  constructor(reason: Reason, options?: ErrorOptions) {
    super(describe(reason), options)
    this.name = 'LibraryError'
    this.reason = reason
  }
}

/** Shorthand for the most common refusal: one field, one problem. */
export function invalid(field: string, problem: string): LibraryError {
  return new LibraryError({ kind: 'invalid', problems: [{ field, problem }] })
}

function describe(reason: Reason): string {
  if (reason.kind === 'invalid')
    return reason.problems.map(({ field, problem }) => `${field} ${problem}`).join('; ')
  if (reason.kind === 'bad_media') return reason.detail
  return 'what' in reason ? `${reason.kind}: ${reason.what}` : reason.kind
}
