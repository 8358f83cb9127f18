import type {
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
  RouteGenericInterface,
  RouteHandlerMethod,
  RouteShorthandOptions,
} from 'fastify'

type Handler<R extends RouteGenericInterface> = RouteHandlerMethod<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  R
>
type Options<R extends RouteGenericInterface> = RouteShorthandOptions<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  R
>

/**
 * Declares a read: "Most methods support API access by appending the extension .json to a URL" (Accessing the API).
 * The bare path answers alike, for clients that send `Accept: application/json` in place of the extension.
 */
export function read<R extends RouteGenericInterface>(
  face: FastifyInstance,
  path: string,
  handler: Handler<R>,
  options: Options<R> = {},
): void {
  for (const url of [`${path}.json`, path]) face.get<R>(url, options, handler)
}

/** Declares a write under both forms of its path. */
export function write<R extends RouteGenericInterface>(
  face: FastifyInstance,
  { method, path }: { method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'; path: string },
  handler: Handler<R>,
  options: Options<R> = {},
): void {
  for (const url of [`${path}.json`, path]) face.route<R>({ ...options, method, url, handler })
}

/** Whether a client that did not write `.json` wants it all the same. */
export function prefersJson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? ''
  return /\bapplication\/(?:[\w.+-]+\+)?json\b/i.test(accept) && !/\btext\/html\b/i.test(accept)
}
