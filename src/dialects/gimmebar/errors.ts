import type { BodyError } from '../../http/body-error.ts'
import type { IdentityReason } from '../../identity/errors.ts'
import type { Noun, Problem, Reason } from '../../library/errors.ts'
import type { RouteRules } from './call.ts'

/** The error types of the page's tables; METHOD_NOT_ALLOWED is ours, for a case that they leave out. */
export type ErrorName =
  | 'API_ERROR'
  | 'FILE_UPLOAD_FAILED'
  | 'INVALID_INPUT'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_AUTHORIZED'
  | 'RESOURCE_NOT_FOUND'
  | 'SEARCH_ERROR'

/** A refusal as this service words it: a type, an HTTP code and a reason. */
export class Refusal extends Error {
  readonly status: number
  readonly errorName: ErrorName
  readonly headers: Readonly<Record<string, string | string[]>>

  constructor(
    status: number,
    errorName: ErrorName,
    reason: string,
    headers: Readonly<Record<string, string | string[]>> = {},
  ) {
    super(reason)
    this.status = status
    this.errorName = errorName
    this.headers = headers
  }

  /** Clients look at `errors[0].name`, or whether there are `errors` at all. */
  get body() {
    return { errors: [{ name: this.errorName, message: this.message, code: this.status }] }
  }
}

export const notFound = (reason: string) => new Refusal(404, 'RESOURCE_NOT_FOUND', reason)
export const notAuthorized = (reason: string, status = 403) => new Refusal(status, 'NOT_AUTHORIZED', reason)
export const invalidInput = (reason: string) => new Refusal(400, 'INVALID_INPUT', reason)
export const uploadFailed = (status: 400 | 500, reason: string) =>
  new Refusal(status, 'FILE_UPLOAD_FAILED', reason)

export const NO_ROUTE = notFound('No such method')

/** What broke, in the words of the method's own table. */
export function failed(failure: RouteRules['failure'] = 'Something went wrong'): Refusal {
  return typeof failure === 'string'
    ? new Refusal(500, 'API_ERROR', failure)
    : new Refusal(500, failure.name, failure.reason)
}

/** This service's words for what the library calls otherwise. */
const NOUNS: Partial<Record<Noun, string>> = { item: 'asset', account: 'user' }
const FIELDS: Readonly<Record<string, string>> = { media: 'data', source_url: 'source', tags: 'description' }

const sentence = ({ field, problem }: Problem) =>
  field === 'base' ? problem : `${FIELDS[field] ?? field} ${problem}`

/** How this dialect says no where a method's own table does not say it. */
export function refuse(reason: Reason): Refusal {
  switch (reason.kind) {
    case 'not_found':
      return notFound(`No such ${NOUNS[reason.what] ?? reason.what}`)
    case 'not_signed_in':
      return notAuthorized('Authentication is required', 401)
    case 'not_allowed':
      if (reason.what === 'item' && reason.action === 'own') return notAuthorized('User does not own asset')
      if (reason.what === 'item' && reason.action === 'share')
        return notAuthorized('Cannot add private asset')
      return notAuthorized(`Not authorized to ${reason.action} this ${NOUNS[reason.what] ?? reason.what}`)
    case 'invalid':
      return invalidInput(reason.problems.map(sentence).join('; '))
    case 'conflict':
      return invalidInput(reason.problem)
    case 'bad_query':
      return new Refusal(500, 'SEARCH_ERROR', 'There was a problem running the search')
    case 'too_large':
      return uploadFailed(400, `The file is too large (at most ${reason.limitBytes} bytes)`)
    case 'bad_media':
      return uploadFailed(500, `Processing of the uploaded file failed: ${reason.detail}`)
    case 'too_many':
      return invalidInput(reason.problem)
    case 'storage_full':
      return new Refusal(507, 'API_ERROR', 'There is no room for this')
    case 'unavailable':
      return new Refusal(503, 'API_ERROR', 'Try again later', {
        'retry-after': String(reason.retryAfterSeconds),
      })
  }
}

/** The error table of "POST auth/token/:token_type". */
export function refuseIdentity(reason: IdentityReason): Refusal {
  switch (reason.kind) {
    case 'bad_client':
      return invalidInput('Invalid client_id')
    case 'client_suspended':
    case 'client_not_approved':
      return invalidInput('Client is not approved for access')
    case 'bad_grant':
    case 'bad_request':
      return invalidInput(reason.problem)
    case 'too_many_attempts':
    case 'busy':
      return new Refusal(429, 'INVALID_INPUT', 'Too many attempts. Try again later', {
        'retry-after': String(reason.retryAfterSeconds),
      })
    case 'bad_scope':
    case 'invalid':
    case 'link_spent':
    case 'not_found':
    case 'wrong_password':
      return invalidInput('The request cannot be answered')
  }
}

/** A body that cannot be read. */
export function refuseBody({ kind }: BodyError): Refusal {
  switch (kind) {
    case 'unsupported_type':
      return new Refusal(415, 'INVALID_INPUT', 'The body has a type that holds no parameters')
    case 'too_large':
      return new Refusal(400, 'FILE_UPLOAD_FAILED', 'The file is too large', { connection: 'close' })
    case 'malformed':
    case 'truncated':
      return new Refusal(400, 'INVALID_INPUT', 'The body is malformed', { connection: 'close' })
    case 'malformed_json':
    case 'not_an_object':
    case 'too_deep':
    case 'too_many_parameters':
    case 'too_many_parts':
      return invalidInput('The parameters cannot be read')
  }
}
