import type { FastifyRequest } from 'fastify'
import type { ReceivedPart } from '../../faces/bodies.ts'
import type { Reached } from '../../faces/reached.ts'
import { noParameters, type Parameter, type Parameters } from '../../http/form.ts'
import { ANONYMOUS, type Viewer } from '../../library/viewer.ts'
import type { ErrorName } from './errors.ts'
import type { Again } from './identified.ts'

/** What a method asks of its caller and of its body; written on its route. */
export interface RouteRules {
  /** Nobody needs to say who they are ("Authenticated: False"). */
  open?: boolean
  /** Scope the token must have. */
  scope?: 'write' | 'upload'
  /** Bytes of a file in the body; none is taken without it. */
  fileBytes?: number
  /** Not a method of the API but an address that browsers open. */
  site?: boolean
  /** Whoever asks says so with the credentials of an application, if at all. */
  tokens?: boolean
  /** What is said with code 500 when it breaks: the reason of its row API_ERROR, or of another type's. */
  failure?: string | { name: ErrorName; reason: string }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    gimmebar?: RouteRules
  }
}

const NO_RULES: RouteRules = {}
export const rulesOf = ({ routeOptions }: FastifyRequest): RouteRules =>
  routeOptions.config.gimmebar ?? NO_RULES

/** By the suffix of the path; `.js` is an older name of JSON for scripts. */
export type Format = 'json' | 'xml'

/** What this dialect knows of one request, filled in on its way. */
export interface Call extends Reached {
  viewer: Viewer
  /** Asked of later requests for the same answer. */
  again: Again
  format: Format
  /** Whether the older version of the API was asked, which most public clients use. */
  isOld: boolean
  /** JSONP function to call with the answer, or null. */
  callback: string | null
  /** Query and body as one; the body wins. */
  parameters: Parameters
  files: ReceivedPart[]
}

export function newCall(reached: Reached, { format, isOld }: Pick<Call, 'format' | 'isOld'>): Call {
  return {
    ...reached,
    viewer: ANONYMOUS,
    again: () => true,
    format,
    isOld,
    callback: null,
    parameters: noParameters(),
    files: [],
  }
}

const calls = new WeakMap<FastifyRequest, Call>()

export const setCall = (request: FastifyRequest, call: Call): void => void calls.set(request, call)
export const findCall = (request: FastifyRequest): Call | undefined => calls.get(request)

/** @throws Error for a request this dialect has not seen at its door. */
export function callOf(request: FastifyRequest): Call {
  const call = calls.get(request)
  if (call === undefined) throw new Error('The request did not come through the door of the dialect.')
  return call
}

/** A STRING; of a name sent several times the last. "Empty strings are considered input" ("Data formats"). */
export function textOf({ parameters: { values } }: Call, name: string): string | undefined {
  const value = values[name]
  const last: Parameter | undefined = Array.isArray(value) ? value.at(-1) : value
  return typeof last === 'string' || typeof last === 'number' || typeof last === 'boolean'
    ? String(last)
    : undefined
}

/** A BOOLEAN: "passed as '1' for TRUE and '0' for false" ("Data formats"); the words too. Anything else is not said. */
export function flagOf(call: Call, name: string): boolean | undefined {
  const word = textOf(call, name)?.toLowerCase()
  if (word === '1' || word === 'true') return true
  return word === '0' || word === 'false' ? false : undefined
}

const MOST_OF_A_LIST = 200

/** An ARRAY, `key[]=value&key[]=value`; a single `key=value` is a list of one. Undefined when there is none. */
export function listOf({ parameters: { values } }: Call, name: string): string[] | undefined {
  const value = values[name]
  if (value === undefined || value === null) return undefined
  // `key[0]=value` is how some clients write a list.
  const all = Array.isArray(value) ? value : typeof value === 'object' ? Object.values(value) : [value]
  return all
    .filter((one) => typeof one === 'string' || typeof one === 'number')
    .slice(0, MOST_OF_A_LIST)
    .map(String)
}
