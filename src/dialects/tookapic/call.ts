import type { FastifyRequest } from 'fastify'
import type { ReceivedPart } from '../../faces/bodies.ts'
import type { Reached } from '../../faces/reached.ts'
import { noParameters, type Parameters } from '../../http/form.ts'
import type { RateState } from '../../http/rate-limit.ts'
import { ANONYMOUS, type Viewer } from '../../library/viewer.ts'

/** What a method asks of its caller; written on its route. Reading what is public needs nothing. */
export interface RouteRules {
  /** Scope the token must have. */
  scope?: 'write' | 'comment' | 'upload'
  /** The method is about the caller's own account. */
  account?: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    tookapic?: RouteRules
  }
}

const NO_RULES: RouteRules = {}
export const rulesOf = ({ routeOptions }: FastifyRequest): RouteRules =>
  routeOptions.config.tookapic ?? NO_RULES

/**
 * What stands at an address: a method of the API; the token endpoint, which scripts may call too; or what people's
 * browsers open, the pictures and the request for authorization.
 */
export type Place = 'api' | 'token' | 'site'

/** What this dialect knows of one request, filled in on its way. */
export interface Call extends Reached {
  place: Place
  viewer: Viewer
  /** The token they came with; null without one. */
  tokenId: number | null
  /** JSONP function to call with the answer, or null. */
  callback: string | null
  /** Query and body as one; the body wins. */
  parameters: Parameters
  files: ReceivedPart[]
  /** Where the caller stands with the limit; null while nothing has been counted. */
  rate: RateState | null
}

export function newCall(place: Place, reached: Reached): Call {
  return {
    ...reached,
    place,
    viewer: ANONYMOUS,
    tokenId: null,
    callback: null,
    parameters: noParameters(),
    files: [],
    rate: null,
  }
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
