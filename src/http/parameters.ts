import { BodyError } from './body-error.ts'
import { emptyValues, isPrototypeName, noParameters, parseForm } from './form.ts'
import type { Parameter, Parameters } from './form.ts'

const DEEPEST_JSON = 32
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a whole body that is not multipart. No bytes mean no parameters, whatever the type says. JSON text is also
 * taken under the form type, which is what the page prescribes (API v1 overview, "Parameters": its sample posts
 * JSON with curl's default type). A body without a type is read as if it had the form type.
 *
 * @throws BodyError `malformed_json`, `not_an_object`, `too_deep`, `too_many_parameters`, or `unsupported_type`.
 */
export function parseBody(contentType: string | undefined, bytes: Buffer): Parameters {
  if (bytes.length === 0) return noParameters()

  const type = mediaType(contentType)
  if (isJson(type)) return parseJson(bytes)
  if (type !== '' && type !== 'application/x-www-form-urlencoded') throw new BodyError('unsupported_type')
  return looksLikeJson(bytes) ? parseJson(bytes) : parseForm(bytes.toString())
}

/** Query and body as one, for any verb. What the body says wins; a name without a value takes nothing away. */
export function mergeParameters(query: Parameters, body: Parameters): Parameters {
  return {
    values: Object.assign(emptyValues(), query.values, body.values),
    valueless: [...new Set([...query.valueless, ...body.valueless])],
  }
}

/** The last of a repeated parameter, for faces where a name counts once; any other value as it is. */
export function lastOf(value: Parameter | undefined): Parameter | undefined {
  return Array.isArray(value) ? value.at(-1) : value
}

/** `application/json` and every `…+json`. */
export function isJson(mediaTypeName: string): boolean {
  return mediaTypeName === 'application/json' || mediaTypeName.endsWith('+json')
}

/** The type of a `Content-Type` value, without parameters and in lower case; empty if there is none. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/**
 * One JSON text as a parameter, its objects without prototypes.
 *
 * @throws BodyError `malformed_json` (bytes that are not UTF-8 included), or `too_deep` past 32 levels.
 */
export function readJson(text: string | Buffer): Parameter {
  let parsed: unknown
  try {
    parsed = JSON.parse(typeof text === 'string' ? text : utf8.decode(text))
  } catch {
    throw new BodyError('malformed_json')
  }
  return toParameter(parsed, DEEPEST_JSON)
}

function parseJson(bytes: Buffer): Parameters {
  if (firstByte(bytes) === undefined) return noParameters()
  const root = readJson(bytes)
  if (typeof root !== 'object' || root === null || Array.isArray(root)) throw new BodyError('not_an_object')
  return { values: root, valueless: [] }
}

function toParameter(value: unknown, levels: number): Parameter {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object' || value === null) return null
  if (levels === 0) throw new BodyError('too_deep')
  if (Array.isArray(value)) return value.map((element) => toParameter(element, levels - 1))

  const copy = emptyValues()
  const entries: [string, unknown][] = Object.entries(value)
  for (const [name, element] of entries) {
    if (!isPrototypeName(name)) copy[name] = toParameter(element, levels - 1)
  }
  return copy
}

function looksLikeJson(bytes: Buffer): boolean {
  const first = firstByte(bytes)
  return first === 0x7b || first === 0x5b // { [
}

/** The first byte that is neither blank nor part of a byte order mark. */
function firstByte(bytes: Buffer): number | undefined {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  return bytes.subarray(start).find((byte) => byte !== 0x20 && (byte < 0x09 || byte > 0x0d))
}
