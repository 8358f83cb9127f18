import { createRequire } from 'node:module'
import type { RequestListener } from 'node:http'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'

type Inject = (dispatch: RequestListener, options: InjectOptions | string) => Promise<LightMyRequestResponse>

/** The one that Fastify uses. */
const inject = createRequire(createRequire(import.meta.url).resolve('fastify'))('light-my-request') as Inject

/** Aims a server's `inject` at its HTTP server, so that what stands before Fastify is tested too. */
export function injectBeforeAll(server: FastifyInstance): FastifyInstance {
  const dispatch: RequestListener = (request, response) => {
    server.server.emit('request', request, response)
  }
  return Object.assign(server, { inject: (options: InjectOptions | string) => inject(dispatch, options) })
}
