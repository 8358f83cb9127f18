import { statusText } from '../../http/status-line.ts'
import type { BodyError } from '../../http/body-error.ts'
import type { Problem, Reason } from '../../library/errors.ts'

/** A refusal of this dialect alone: something no other face would say. */
export class Refusal extends Error {
  readonly status: number
  readonly body: RefusalBody
  readonly headers: Readonly<Record<string, string>>

  /** @param said The message when it is not the status in words ("Rate Limiting": `403 Forbidden`). */
  constructor(
    status: number,
    said: { message?: string; errors?: Record<string, string[]> } = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    const message = said.message ?? statusText(status)
    super(message)
    this.status = status
    this.body = { message, ...(said.errors ? { errors: said.errors } : {}), status_code: status }
    this.headers = headers
  }
}

/** `{"message":"403 Forbidden","status_code":403}` ("Rate Limiting"); 422 says what is wrong field by field. */
export interface RefusalBody {
  message: string
  errors?: Record<string, string[]>
  status_code: number
}

export const NOT_SIGNED_IN = new Refusal(401, {}, { 'www-authenticate': 'Bearer' })
export const NOT_FOUND = new Refusal(404)
export const UNKNOWN_VERSION = new Refusal(400, {
  message: 'The version given was unknown or has no registered routes.',
})
export const UNKNOWN_FORMAT = new Refusal(406, {
  message: 'Unable to format response according to Accept header.',
})

/** Our names of fields, where this service has another for the same thing. */
const FIELDS: Readonly<Record<string, string>> = {
  account: 'user',
  body: 'content',
  idempotency_key: 'Idempotency-Key',
  links: 'website',
  media: 'image',
}

/** What is wrong, field by field, each in a sentence of its own. */
export function validationFailed(problems: readonly Problem[]): Refusal {
  const errors: Record<string, string[]> = {}
  for (const { field, problem } of problems) {
    const name = FIELDS[field] ?? field
    const sentence = name === 'base' ? `${problem}.` : `The ${name} ${problem}.`
    errors[name] = [...(errors[name] ?? []), sentence.charAt(0).toUpperCase() + sentence.slice(1)]
  }
  return new Refusal(422, { errors })
}

/** How this dialect says no. The page documents 403; the other answers are our reading (docs/dialects/tookapic.md, Errors). */
export function refuse(reason: Reason): Refusal {
  switch (reason.kind) {
    case 'not_found':
      return NOT_FOUND
    case 'not_signed_in':
      return NOT_SIGNED_IN
    case 'not_allowed':
      return new Refusal(403)
    case 'invalid':
      return validationFailed(reason.problems)
    case 'conflict':
      return validationFailed([{ field: 'base', problem: reason.problem }])
    case 'bad_query':
      return new Refusal(400)
    case 'too_large':
      return validationFailed([{ field: reason.field, problem: tooLarge(reason.limitBytes) }])
    case 'bad_media':
      return validationFailed([{ field: reason.field, problem: reason.detail }])
    case 'too_many':
      return validationFailed([{ field: 'base', problem: reason.problem }])
    case 'storage_full':
      return new Refusal(507)
    case 'unavailable':
      return new Refusal(503, {}, { 'retry-after': String(reason.retryAfterSeconds) })
  }
}

/** How a body that cannot be read is answered. */
export function refuseBody({ kind }: BodyError): Refusal {
  switch (kind) {
    case 'malformed_json':
    case 'not_an_object':
    case 'too_deep':
    case 'too_many_parameters':
    case 'too_many_parts':
      return new Refusal(400)
    case 'unsupported_type':
      return new Refusal(415)
    case 'malformed':
    case 'truncated':
      return new Refusal(400, {}, { connection: 'close' })
    case 'too_large':
      return new Refusal(413, {}, { connection: 'close' })
  }
}

function tooLarge(limitBytes: number): string {
  return `is too large (at most ${Math.floor(limitBytes / 1024 ** 2)} MB)`
}
