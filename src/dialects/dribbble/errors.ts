import { BodyError } from '../../http/body-error.ts'
import type { Problem, Reason } from '../../library/errors.ts'

/** A refusal of this dialect alone: something no other face would say. */
export class Refusal extends Error {
  readonly status: number
  readonly body: RefusalBody
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: RefusalBody | string, headers: Readonly<Record<string, string>> = {}) {
    const said = typeof body === 'string' ? { message: body } : body
    super(said.message)
    this.status = status
    this.body = said
    this.headers = headers
  }
}

export interface RefusalBody {
  message: string
  errors?: { attribute: string; message: string }[]
}

export const BAD_CREDENTIALS = new Refusal(401, 'Bad credentials.', { 'www-authenticate': 'Bearer' })
export const NOT_FOUND = new Refusal(404, 'Not found.')
export const LIMIT_MESSAGE = 'API rate limit exceeded.'

/** Our names of fields, where this service has another for the same thing. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  account: 'user',
  media: 'image',
  rebound_of: 'rebound_source_id',
  scheduled_at: 'scheduled_for',
}

/** The 422 of the later pages (API v1 overview, Client Errors): what is wrong, attribute by attribute. */
export function validationFailed(problems: readonly Problem[]): Refusal {
  const errors = problems.map(({ field, problem }) => ({
    attribute: ATTRIBUTES[field] ?? field,
    message: problem,
  }))
  return new Refusal(422, { message: 'Validation failed.', errors })
}

/**
 * How this dialect says no. The pages document 403 and 404 and the shape `{ "message" }`; the other answers are the
 * later pages' or our choice (docs/dialects/dribbble.md, Errors).
 */
export function refuse(reason: Reason): Refusal {
  switch (reason.kind) {
    case 'not_found':
      return NOT_FOUND
    case 'not_signed_in':
      return BAD_CREDENTIALS
    case 'not_allowed':
      return new Refusal(403, 'You do not have permission to do that.')
    case 'invalid':
      return validationFailed(reason.problems)
    case 'conflict':
      return validationFailed([{ field: 'base', problem: reason.problem }])
    case 'bad_query':
      return new Refusal(400, `Expected ${reason.expected} at character ${reason.position}.`)
    case 'too_large':
      return validationFailed([{ field: reason.field, problem: tooLarge(reason.limitBytes) }])
    case 'bad_media':
      return validationFailed([{ field: reason.field, problem: reason.detail }])
    case 'too_many':
      // Upload tools look for the words "daily limit" in the first error (API v1, Shots, Create a shot).
      return validationFailed([{ field: 'account', problem: reason.problem }])
    case 'storage_full':
      return new Refusal(507, 'There is no room left to store that.')
    case 'unavailable':
      return new Refusal(503, 'The service is busy. Try again soon.', {
        'retry-after': String(reason.retryAfterSeconds),
      })
  }
}

/** How a body that cannot be read is answered. */
export function refuseBody({ kind }: BodyError, fileLimitBytes: number): Refusal {
  switch (kind) {
    case 'malformed_json':
      return new Refusal(400, 'Problem parsing JSON.')
    case 'not_an_object':
      return new Refusal(400, 'Body should be a JSON object.')
    case 'too_deep':
    case 'too_many_parameters':
    case 'too_many_parts':
      return new Refusal(400, 'The body holds too many parameters.')
    case 'unsupported_type':
      return new Refusal(415, 'The body has an unsupported content type.')
    case 'malformed':
    case 'truncated':
      return new Refusal(400, 'Problem parsing the multipart body.', { connection: 'close' })
    case 'too_large':
      return new Refusal(
        422,
        { message: 'Validation failed.', errors: [{ attribute: 'base', message: tooLarge(fileLimitBytes) }] },
        { connection: 'close' },
      )
  }
}

function tooLarge(limitBytes: number): string {
  return `is too large (at most ${Math.floor(limitBytes / (1024 * 1024))} MB)`
}
