import type { FastifyRequest } from 'fastify'
import type { ReceivedPart } from '../../faces/bodies.ts'
import type { Reached } from '../../faces/reached.ts'
import { noParameters, type Parameters } from '../../http/form.ts'
import type { Link } from '../../http/link-header.ts'
import type { RateState } from '../../http/rate-limit.ts'
import { ANONYMOUS, type Viewer } from '../../library/viewer.ts'

/** What a method asks of its caller; written on its route. */
export interface RouteRules {
  /** Scope the token must have. Reading what is public needs none. */
  scope?: 'public' | 'write' | 'comment' | 'upload'
  /** The method is about the caller's own account. */
  account?: boolean
  /** Only for applications that were approved. */
  approved?: boolean
  /** Neither counted nor refused past the limit ("without incurring an API hit"). */
  free?: boolean
  /** The answer depends on more than what is stored, so it is rendered each time. */
  fresh?: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    dribbble?: RouteRules
  }
  interface FastifyRequest {
    /** Only {@link callOf} and its like read it. */
    dribbbleCall?: Call
  }
}

const NO_RULES: RouteRules = {}
export const rulesOf = ({ routeOptions }: FastifyRequest): RouteRules =>
  routeOptions.config.dribbble ?? NO_RULES

/** The two documented versions, and the pages and pictures beside them (`site`). */
export type ApiVersion = 'v1' | 'v2' | 'site'

/** What this dialect knows of one request, filled in on its way. */
export interface Call {
  version: ApiVersion
  /** What every address in the answer begins with: origin, and the mount path unless the host is ours alone. */
  base: string
  /** The client's own address, behind trusted proxies. */
  address: string
  viewer: Viewer
  /** The token they came with; null without one. */
  tokenId: number | null
  /** What the method asks of its caller. */
  rules: RouteRules
  /** What the library was when the request came; see `libraryVersion`. */
  libraryVersion: string
  /** JSONP function to call with the answer, or null. */
  callback: string | null
  /** Query and body as one; the body wins. */
  parameters: Parameters
  files: ReceivedPart[]
  /** Where the caller stands with the limit; null while nothing has been counted. */
  rate: RateState | null
  /** A call is paid for once; answers that are free leave it unpaid. */
  paid: boolean
  /** Pagination of the answer. */
  links: Link[]
  /** Milliseconds; the resource's `updated_at`. */
  lastModifiedMs: number | null
}

export function newCall(version: ApiVersion, { base, address }: Reached): Call {
  return {
    version,
    base,
    address,
    viewer: ANONYMOUS,
    tokenId: null,
    rules: NO_RULES,
    libraryVersion: '',
    callback: null,
    parameters: noParameters(),
    files: [],
    rate: null,
    paid: false,
    links: [],
    lastModifiedMs: null,
  }
}

export const setCall = (request: FastifyRequest, call: Call): void => void (request.dribbbleCall = call)

/** @throws Error for a request this dialect has not seen at its door. */
export function callOf({ dribbbleCall }: FastifyRequest): Call {
  if (dribbbleCall === undefined) throw new Error('The request did not come through the door of the dialect.')
  return dribbbleCall
}

export const findCall = ({ dribbbleCall }: FastifyRequest): Call | undefined => dribbbleCall
