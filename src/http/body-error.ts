/**
 * What can be wrong with the parameters of a request. Each face answers each one in its own words.
 *
 * - `malformed_json`: text that should be JSON is not.
 * - `not_an_object`: JSON, but its root is an array, a string, a number or null.
 * - `too_deep`, `too_many_parameters`: past the bounds of `form.ts`.
 * - `unsupported_type`: a body of a type that holds no parameters.
 * - `malformed`, `truncated`, `too_many_parts`: a multipart body that is broken, stops early, or has too many parts.
 * - `too_large`: past a limit in bytes; the rest of the body has not been read.
 */
export type BodyProblem =
  | 'malformed_json'
  | 'not_an_object'
  | 'too_deep'
  | 'too_many_parameters'
  | 'unsupported_type'
  | 'malformed'
  | 'truncated'
  | 'too_many_parts'
  | 'too_large'

/** The parameters of a request cannot be read. Nothing of the request is quoted in the message. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  readonly kind: BodyProblem

  constructor(kind: BodyProblem) {
    super(`The parameters cannot be read: ${kind.replaceAll('_', ' ')}.`)
    this.kind = kind
  }
}
