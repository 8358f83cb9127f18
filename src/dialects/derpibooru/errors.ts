import type { BodyError } from '../../http/body-error.ts'
import type { Problem, Reason } from '../../library/errors.ts'

/** A refusal of this dialect alone: something no other face would say. */
export class Refusal extends Error {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    body: Readonly<Record<string, unknown>> | string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    const said = typeof body === 'string' ? { error: body } : body
    super(JSON.stringify(said))
    this.status = status
    this.body = said
    this.headers = headers
  }
}

export const NOT_FOUND = new Refusal(404, 'Not found')
export const INVALID_KEY = new Refusal(403, 'Invalid API key.')
export const NOT_SIGNED_IN = new Refusal(403, { message: 'This needs the API key of an account.' })
export const DELETED = new Refusal(423, { message: 'This image has been deleted.' })
export const SOMETHING_WENT_WRONG = new Refusal(500, { status: 500, error: 'Internal Server Error' })

/** Our names of fields, where this service has another for the same thing. */
const FIELDS: Readonly<Record<string, string>> = {
  title: 'name',
  item: 'image',
  media: 'image',
  pattern: 'tq',
}

/** What is wrong, field by field: `{ "name": ["can't be blank"] }`. */
export function validationFailed(problems: readonly Problem[]): Refusal {
  const body: Record<string, string[]> = {}
  for (const { field, problem } of problems) (body[FIELDS[field] ?? field] ??= []).push(problem)
  return new Refusal(422, body)
}

/** How this dialect says no. The page documents none of it; docs/dialects/derpibooru.md, "Answers", says which are ours. */
export function refuse(reason: Reason): Refusal {
  switch (reason.kind) {
    case 'not_found':
      return NOT_FOUND
    case 'not_signed_in':
      return NOT_SIGNED_IN
    case 'not_allowed':
      return new Refusal(403, { message: 'You may not do that.' })
    case 'invalid':
      return validationFailed(reason.problems)
    case 'conflict':
      return validationFailed([{ field: 'base', problem: reason.problem }])
    case 'bad_query':
      return new Refusal(400, `Expected ${reason.expected} at character ${reason.position + 1}.`)
    case 'too_large':
      return validationFailed([{ field: reason.field, problem: tooLarge(reason.limitBytes) }])
    case 'bad_media':
      return validationFailed([{ field: reason.field, problem: reason.detail }])
    case 'too_many':
      return new Refusal(429, {}, retryAfter(reason.retryAfterSeconds))
    case 'storage_full':
      return new Refusal(507, 'There is no room left to store that.')
    case 'unavailable':
      return new Refusal(503, 'The service is busy. Try again soon.', retryAfter(reason.retryAfterSeconds))
  }
}

/** How a body that cannot be read is answered. */
export function refuseBody({ kind }: BodyError, fileLimitBytes: number): Refusal {
  switch (kind) {
    case 'malformed_json':
    case 'not_an_object':
      return new Refusal(400, 'The body is no JSON object.')
    case 'too_deep':
    case 'too_many_parameters':
    case 'too_many_parts':
      return new Refusal(400, 'The request holds too many parameters.')
    case 'unsupported_type':
      return new Refusal(415, 'The body has an unsupported content type.')
    case 'malformed':
    case 'truncated':
      return new Refusal(400, 'The multipart body is malformed.', { connection: 'close' })
    case 'too_large':
      return new Refusal(422, { image: [tooLarge(fileLimitBytes)] }, { connection: 'close' })
  }
}

const retryAfter = (seconds: number | null): Record<string, string> =>
  seconds === null ? {} : { 'retry-after': String(seconds) }

function tooLarge(limitBytes: number): string {
  return `is too large (at most ${Math.floor(limitBytes / (1024 * 1024))} MB)`
}
