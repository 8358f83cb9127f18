import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { derpibooru } from './dialects/derpibooru/index.ts'
import { dribbble } from './dialects/dribbble/index.ts'
import { gimmebar } from './dialects/gimmebar/index.ts'
import { tookapic } from './dialects/tookapic/index.ts'
import type { Face } from './face.ts'
import { libraryVersion } from './faces/library-version.ts'
import { requestHost } from './http/addressed.ts'
import { CanonicalResponse } from './http/canonical-headers.ts'
import { createKeptAnswers, type KeptAnswers } from './http/kept-answers.ts'
import { logSerializers } from './http/redact.ts'
import {
  announcesMoreThan,
  applyServerLimits,
  checkContinue,
  refuseOddRequests,
  serverOptions,
  usualServerLimits,
} from './http/server-limits.ts'
import { web } from './web/index.ts'

/** Every face there is. Taking a dialect out is deleting its folder and its name here. */
const facesOf = (config: Config): Face[] => [
  dribbble(config),
  derpibooru(config),
  tookapic(config),
  gimmebar(config),
  web(config),
]

/** What HTTP Digest is for at the one face that takes it; null where there is none. */
export const digestRealm = (config: Config): string | null =>
  facesOf(config).find((face) => face.digestRealm !== undefined)?.digestRealm ?? null

/** The HTTP server over an open context, ready to answer. Listening is the caller's. */
export async function openServer(ctx: Context): Promise<FastifyInstance> {
  const faces = facesOf(ctx.config)
  const byHost = new Map(faces.flatMap((face) => face.hosts.map((host) => [host, face] as const)))
  const kept = createKeptAnswers({ version: () => libraryVersion(ctx), maxBytes: KEPT_BYTES })
  const server = fastify({
    serverFactory: (handle) => openHttpServer(ctx.config, byHost, standBefore(ctx, kept, handle)),
    loggerInstance: asLogger(ctx.log.child({}, { serializers: logSerializers })),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimit(ctx.config),
    rewriteUrl: (request) => mountedUrl(request, byHost),
    frameworkErrors: (error, request, reply) => faceOf(faces, request.url).refuse(error, request, reply),
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 12_000 },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  })
  server.addHook('onResponse', logAnswer)
  server.addHook('preClose', (done) => {
    kept.close()
    done()
  })
  server.get('/healthz', () => ({ status: 'ok' }))
  for (const face of faces)
    await server.register(async (scope) => face.register(scope, ctx, kept), { prefix: face.prefix })
  await server.ready()
  return server
}

/** Fastify's own name for a logger, so that every scope has the same type. */
const asLogger = (log: FastifyBaseLogger): FastifyBaseLogger => log

/** Room for the largest original and the form around it. */
const bodyLimit = ({ VITRINE_UPLOAD_MAX_BYTES }: Config) => VITRINE_UPLOAD_MAX_BYTES + 1024 * 1024

/** Rendered reads that are kept, in bytes. */
const KEPT_BYTES = 96 * 1024 * 1024

/** Where every answer is logged, every request goes the way where that is done. */
function standBefore({ log }: Context, kept: KeptAnswers, handle: Handle): Handle {
  if (log.isLevelEnabled('debug')) return handle
  return (request, response) => kept.answer(request, response, () => handle(request, response))
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void

function openHttpServer(config: Config, byHost: ReadonlyMap<string, Face>, handle: Handle): Server {
  const limits = { ...usualServerLimits, connections: config.VITRINE_MAX_CONNECTIONS }
  const options = { ...serverOptions(limits), ServerResponse: CanonicalResponse }
  const server = createServer(options, (request, response) => {
    if (!refuseOddRequests(request, response, (host) => ownsHost(config, byHost, host)))
      handle(request, response)
  })
  applyServerLimits(server, limits)
  checkContinue(server, (request) =>
    announcesMoreThan(request, bodyLimit(config)) ? { status: 413, body: 'That is too large.\n' } : null,
  )
  return server
}

function ownsHost(config: Config, byHost: ReadonlyMap<string, Face>, host: string): boolean {
  const bare = withoutPort(host)
  if (byHost.has(host) || byHost.has(bare)) return true
  return [config.VITRINE_URL?.hostname, config.VITRINE_HOST, 'localhost', '127.0.0.1', '[::1]'].includes(bare)
}

const withoutPort = (host: string) => host.replace(/:\d+$/, '')

/** A request to a host that belongs to a face gets the address it would have under the face's path. */
function mountedUrl(request: IncomingMessage, byHost: ReadonlyMap<string, Face>): string {
  const url = request.url ?? '/'
  if (byHost.size === 0) return url
  const host = requestHost(request)
  if (host === null) return url
  const face = byHost.get(host) ?? byHost.get(withoutPort(host))
  return face === undefined ? url : face.prefix + url
}

function faceOf(faces: readonly Face[], url: string): Face {
  const mounted = faces.find(
    ({ prefix }) => prefix !== '' && (url === prefix || url.startsWith(`${prefix}/`)),
  )
  const face = mounted ?? faces.find(({ prefix }) => prefix === '')
  if (face === undefined) throw new Error('There is no face at the root.')
  return face
}

function logAnswer(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  request.log.debug({ req: request, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered')
  done()
}
