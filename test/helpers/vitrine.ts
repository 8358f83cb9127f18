import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { openContext, type OpenContext } from '../../src/context.ts'
import { registerApp } from '../../src/identity/apps.ts'
import { issueToken } from '../../src/identity/grants.ts'
import { jobHandlers } from '../../src/jobs/index.ts'
import { addAccount } from '../../src/library/accounts.ts'
import { addMember } from '../../src/library/teams.ts'
import { openServer } from '../../src/server.ts'
import { samplePicture } from './pictures.ts'
import { freshPostgres } from './postgres.ts'
import { workingClock, type TestClock } from './clock.ts'
import { injectBeforeAll } from './inject.ts'
import { sharedMedia } from './media.ts'
import { pageWorker } from './page-worker.ts'

export interface StartOptions {
  /** Settings beside the data folder. */
  settings?: Record<string, string>
  /** Reached by path under the mount (the usual way) or at the root of a host of its own. */
  reach?: 'path' | 'host'
  /** Where the clock stands at the start. */
  at?: string
}

export interface Answer extends LightMyRequestResponse {
  /** The body as JSON, whatever it is. */
  data: () => unknown
}

type Params = Record<string, unknown>
interface Extra {
  headers?: Record<string, string>
  /** The body as it is, with its own content type among the headers. */
  payload?: string | Buffer
}

/** Somebody who speaks HTTP to the server under test. Paths are those of the documentation: `/v2/shots`. */
export interface Client {
  get: (path: string, extra?: Extra) => Promise<Answer>
  /** Parameters go as JSON, unless `extra.payload` is given. */
  post: (path: string, params?: Params, extra?: Extra) => Promise<Answer>
  put: (path: string, params?: Params, extra?: Extra) => Promise<Answer>
  delete: (path: string, params?: Params, extra?: Extra) => Promise<Answer>
  request: (options: InjectOptions & { url: string }) => Promise<Answer>
}

export interface Person extends Client {
  id: number
  login: string
  token: string
  appId: number
}

export interface PersonOptions {
  name?: string
  scopes?: string
  pro?: boolean
  team?: boolean
  memberOf?: Person
  role?: 'member' | 'moderator' | 'admin'
  mayUpload?: boolean
  /** Whether the application is approved. */
  approved?: boolean
  bio?: string
  location?: string
  links?: Record<string, string>
}

export interface Vitrine extends AsyncDisposable {
  ctx: OpenContext
  server: FastifyInstance
  clock: TestClock
  /** What addresses in answers begin with. */
  base: string
  anonymous: Client
  person: (login: string, options?: PersonOptions) => Promise<Person>
  /** Uploads a picture as a shot and waits until it is ready. Returns its id. */
  upload: (who: Person, params?: Params & { picture?: Buffer; fileName?: string }) => Promise<number>
  runJobs: () => Promise<number>
  handlers: ReturnType<typeof jobHandlers>
}

const HOST = 'api.pictures.test'
const ADDRESS = '127.0.0.1:8080'
const AGENT = { 'user-agent': 'vitrine-tests' }

/**
 * A whole Vitrine on an empty library of its own, with a clock that tests move. The dialects' tests run twice: on SQLite
 * and reached by path, and (TEST_ENGINE=postgres, TEST_REACH=host) on PostgreSQL and reached by host.
 */
export async function startVitrine(options: StartOptions = {}): Promise<Vitrine> {
  const reachBy = options.reach ?? (process.env['TEST_REACH'] === 'host' ? 'host' : 'path')
  const postgres = process.env['TEST_ENGINE'] === 'postgres' ? await freshPostgres() : null
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-test-'))
  const clock = workingClock(options.at ?? '2026-03-04T05:06:07.000Z')
  const config = readConfig({
    VITRINE_DATA: folder,
    ...(reachBy === 'host' ? { VITRINE_DRIBBBLE_HOSTS: HOST } : {}),
    ...(postgres === null ? {} : { DATABASE_URL: postgres.url }),
    ...options.settings,
  })
  const ctx = await openContext(config, {
    clock: clock.now,
    log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    media: sharedMedia(),
    pageWorker,
  })
  const server = injectBeforeAll(await openServer(ctx))
  const mount = reachBy === 'host' ? '' : '/dribbble'
  const host = reachBy === 'host' ? HOST : ADDRESS
  const reach = { server, mount, host }
  const handlers = jobHandlers(ctx)

  const vitrine: Vitrine = {
    ctx,
    server,
    clock,
    base: `http://${host}${mount}`,
    anonymous: clientOf(reach, {}),
    person: (login, wanted = {}) => addPerson(ctx, reach, login, wanted),
    handlers,
    runJobs: () => ctx.queue.runDue(handlers),
    async upload(who, { picture, fileName = 'picture.png', ...params } = {}) {
      const image = picture ?? (await samplePicture({ width: 400, height: 300 }))
      const made = await who.post(
        '/v2/shots',
        {},
        multipart({ title: 'Untitled', ...params }, { image, fileName }),
      )
      if (made.statusCode !== 202) throw new Error(`The upload was refused: ${made.statusCode} ${made.body}`)
      await vitrine.runJobs()
      return Number(/\/(\d+)$/.exec(String(made.headers.location))?.[1])
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      await ctx.close()
      await postgres?.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return vitrine
}

interface Reach {
  server: FastifyInstance
  mount: string
  host: string
}

function clientOf({ server, mount, host }: Reach, own: Record<string, string>): Client {
  const request = async (options: InjectOptions & { url: string }): Promise<Answer> => {
    const url = /^https?:/.test(options.url) ? pathOf(options.url) : mount + options.url
    const headers = { ...AGENT, host, ...own, ...options.headers }
    const answer = await server.inject({ ...options, url, headers })
    return Object.assign(answer, { data: (): unknown => JSON.parse(answer.body) })
  }
  const write =
    (method: 'POST' | 'PUT' | 'DELETE') =>
    (url: string, params?: Params, extra: Extra = {}) => {
      const headers = { ...(params && extra.payload === undefined ? JSON_BODY : {}), ...extra.headers }
      const payload = extra.payload ?? (params ? JSON.stringify(params) : undefined)
      return request({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
    }
  return {
    request,
    get: (url, extra = {}) => request({ method: 'GET', url, headers: extra.headers ?? {} }),
    post: write('POST'),
    put: write('PUT'),
    delete: write('DELETE'),
  }
}

const JSON_BODY = { 'content-type': 'application/json' }

/** Addresses in answers are absolute: the path and query of one, for `inject`. */
const pathOf = (url: string) => new URL(url).pathname + new URL(url).search

async function addPerson(
  ctx: OpenContext,
  reach: Reach,
  login: string,
  wanted: PersonOptions,
): Promise<Person> {
  const { scopes = 'public write comment upload', team, memberOf, approved = false, ...profile } = wanted
  const account = await addAccount(ctx, { login, kind: team ? 'team' : 'person', ...profile })
  if (memberOf) await addMember(ctx, memberOf.id, account.id)
  const app = await registerApp(
    ctx,
    account.id,
    { name: `${login}'s application`, redirectUri: 'https://app.example/callback' },
    { approved },
  )
  const token = await issueToken(ctx, { accountId: account.id, appId: app.app.id, scopes: scopes.split(' ') })
  const client = clientOf(reach, { authorization: `Bearer ${token}` })
  return { id: account.id, login, token, appId: app.app.id, ...client }
}

/** A multipart body as a browser would send it. */
export function multipart(
  fields: Params,
  file?: { image: Buffer; fileName?: string; field?: string; mimeType?: string },
): { payload: Buffer; headers: Record<string, string> } {
  const boundary = 'vitrine-test-boundary-4f1c'
  const chunks: Buffer[] = []
  const part = (head: string, body: Buffer) =>
    chunks.push(Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), body, Buffer.from('\r\n'))
  for (const [name, value] of Object.entries(fields))
    for (const one of Array.isArray(value) ? value : [value])
      part(
        `Content-Disposition: form-data; name="${name}${Array.isArray(value) ? '[]' : ''}"`,
        Buffer.from(String(one)),
      )
  if (file) {
    const { field = 'image', fileName = 'picture.png', mimeType = 'application/octet-stream', image } = file
    const head = `Content-Disposition: form-data; name="${field}"; filename="${fileName}"\r\nContent-Type: ${mimeType}`
    part(head, image)
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`))
  return {
    payload: Buffer.concat(chunks),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}
