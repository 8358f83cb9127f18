import type { FastifyRequest } from 'fastify'
import type { ReceivedPart } from '../../faces/bodies.ts'
import { noParameters, type Parameters } from '../../http/form.ts'
import { lastOf } from '../../http/parameters.ts'
import { LibraryError } from '../../library/errors.ts'
import { ANONYMOUS, type Viewer } from '../../library/viewer.ts'

/** What a method asks of its caller; written on its route. */
export interface RouteRules {
  /** A page or a picture: no key is read, and nobody's scripts are told about it. */
  site?: boolean
  /** The method is about the caller's own account. */
  account?: boolean
  /** The answer depends on more than what is stored, so it is rendered each time. */
  fresh?: boolean
  /** A picture may come with the request. */
  picture?: boolean
  /** Seconds that a client may keep the answer unasked. */
  keepSeconds?: number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    derpibooru?: RouteRules
  }
}

const NO_RULES: RouteRules = {}
export const rulesOf = ({ routeOptions }: FastifyRequest): RouteRules =>
  routeOptions.config.derpibooru ?? NO_RULES

/** What this dialect knows of one request, filled in on its way. */
export interface Call {
  /** What every address in the answer begins with: origin, and the mount path unless the host is ours alone. */
  base: string
  viewer: Viewer
  /** Query and body as one; the body wins. */
  parameters: Parameters
  files: ReceivedPart[]
  /** Set by a method whose answer is not the same twice. */
  fresh: boolean
}

export function newCall(base: string): Call {
  return { base, viewer: ANONYMOUS, parameters: noParameters(), files: [], fresh: false }
}

const calls = new WeakMap<FastifyRequest, Call>()

export const setCall = (request: FastifyRequest, call: Call): void => void calls.set(request, call)

/** @throws Error for a request this dialect has not seen at its door. */
export function callOf(request: FastifyRequest): Call {
  const call = calls.get(request)
  if (call === undefined) throw new Error('The request did not come through the door of the dialect.')
  return call
}

export const findCall = (request: FastifyRequest): Call | undefined => calls.get(request)

/** A parameter as text; '' when it was not sent, or is no text. Where a name counts once, the last one wins. */
export function textOf({ parameters }: Call, name: string): string {
  const value = lastOf(parameters.values[name])
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? value : ''
}

/** Whether a parameter was sent at all ("When set …"): with any value, or none. */
export function isSet({ parameters }: Call, name: string): boolean {
  return name in parameters.values || parameters.valueless.includes(name)
}

/** A switch that is on: sent, with a value that does not say no. */
export function isOn(call: Call, name: string): boolean {
  return isSet(call, name) && !/^(?:0|false|off|no)$/i.test(textOf(call, name))
}

/** A whole number, or null when the text is none. Leading zeros are fine. */
export function wholeNumber(text: string): number | null {
  return /^\d{1,15}$/.test(text.trim()) ? Number(text) : null
}

/** The id in an address. @throws LibraryError `not_found` for what cannot be one. */
export function idIn(text: string, what: 'item' | 'comment' | 'filter' | 'collection' | 'account'): number {
  const id = wholeNumber(text)
  if (id === null) throw new LibraryError({ kind: 'not_found', what })
  return id
}
