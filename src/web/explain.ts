import { IdentityError, type IdentityReason, type Problem } from '../identity/errors.ts'
import { LibraryError } from '../library/errors.ts'

/** How a refusal reads on a page. */
export interface Explanation {
  status: number
  title: string
  text: string
  retryAfterSeconds?: number
}

/** How the pages answer each reason of identity. Those of the token endpoint do not come up on pages. */
export function explain(reason: IdentityReason): Explanation {
  switch (reason.kind) {
    case 'wrong_password':
      return { status: 422, title: 'Sign in', text: 'The user name or the password is wrong.' }
    case 'too_many_attempts': {
      const minutes = Math.ceil(reason.retryAfterSeconds / 60)
      const { retryAfterSeconds } = reason
      const text = `There were too many attempts. Try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`
      return { status: 429, title: 'Too many attempts', text, retryAfterSeconds }
    }
    case 'busy': {
      const { retryAfterSeconds } = reason
      return {
        status: 503,
        title: 'Busy',
        text: 'The server is busy. Try again in a moment.',
        retryAfterSeconds,
      }
    }
    case 'not_found':
      return { status: 404, title: 'Not found', text: `There is no such ${NOUNS[reason.what]} (any more).` }
    case 'link_spent': {
      const text =
        'This link was used already, or another one has replaced it. Starting the server prints a new one if one is needed.'
      return { status: 404, title: 'This link does not work', text }
    }
    case 'invalid':
    case 'bad_request':
    case 'bad_client':
    case 'client_suspended':
    case 'client_not_approved':
    case 'bad_grant':
    case 'bad_scope':
      return { status: 400, title: 'That did not work', text: 'The request cannot be answered.' }
  }
}

const NOUNS = { app: 'application', grant: 'consent', session: 'session' }

/** What a person can put right in a form, or null when the error is of another sort and must be thrown on. */
export function formProblems(error: unknown): readonly Problem[] | null {
  if (error instanceof IdentityError && error.reason.kind === 'invalid') return error.reason.problems
  if (!(error instanceof LibraryError)) return null
  if (error.reason.kind === 'invalid') return error.reason.problems
  // Accounts are all that the pages make in the library.
  return error.reason.kind === 'conflict' ? [{ field: 'login', problem: error.reason.problem }] : null
}
