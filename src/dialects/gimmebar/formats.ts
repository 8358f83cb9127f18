import type {
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
  RouteGenericInterface,
  RouteHandlerMethod,
} from 'fastify'
import type { RouteRules } from './call.ts'

type Handler<R extends RouteGenericInterface> = RouteHandlerMethod<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  R
>

const SUFFIXES = ['.json', '.xml', '.js', '']
const API = '/api/v1'

/** Declares a method of the API under every form of its path ("Formats by suffix"); `path` begins after the version. */
export function method<R extends RouteGenericInterface>(
  face: FastifyInstance,
  route: { verb: 'GET' | 'POST' | 'DELETE'; path: string; rules?: RouteRules; versions?: readonly string[] },
  handler: Handler<R>,
): void {
  const { verb, path, rules = {}, versions = [API] } = route
  for (const version of versions)
    for (const suffix of SUFFIXES)
      face.route<R>({
        method: verb,
        url: `${version}${path}${suffix}`,
        config: { gimmebar: rules },
        handler,
      })
}

export const V1 = [API]
export const V0 = ['/api/v0']
export const BOTH = [API, '/api/v0']
