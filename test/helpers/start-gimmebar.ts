import assert from 'node:assert/strict'
import type { InjectOptions } from 'fastify'
import { registerApp } from '../../src/identity/apps.ts'
import { decideDesktopRequest } from '../../src/identity/desktop-flow.ts'
import { openDeviceTicket } from '../../src/identity/ticket.ts'
import {
  multipart,
  startVitrine,
  type Answer,
  type Person,
  type PersonOptions,
  type StartOptions,
  type Vitrine,
} from './vitrine.ts'

type Verb = 'GET' | 'POST' | 'DELETE' | 'PUT' | 'OPTIONS' | 'HEAD'
/** Values of a form; a list is sent as `key[]=`. */
export type Form = Record<string, string | readonly string[]>
interface Extra {
  headers?: Record<string, string>
  payload?: string | Buffer
}

/** Somebody who speaks to the Gimme Bar face. Paths are those of its documentation: `public/assets/ada`. */
export interface BarClient {
  get: (path: string, headers?: Record<string, string>) => Promise<Answer>
  /** Parameters go as a form, unless `extra.payload` is given. */
  send: (method: Verb, path: string, form?: Form, extra?: Extra) => Promise<Answer>
  request: (options: InjectOptions & { url: string }) => Promise<Answer>
}

export interface Collector extends BarClient {
  id: number
  login: string
  token: string
  appId: number
}

export interface Gimmebar extends AsyncDisposable {
  vitrine: Vitrine
  clock: Vitrine['clock']
  /** What addresses in answers begin with. */
  base: string
  /** What addresses of pages begin with. */
  pages: string
  anonymous: BarClient
  person: (login: string, options?: PersonOptions) => Promise<Collector>
}

const HOST = 'bar.test'
const ADDRESS = '127.0.0.1:8080'
export const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** A whole Vitrine, reached through its Gimme Bar face: by path, or (TEST_REACH=host) at the root of a host. */
export async function startGimmebar(options: StartOptions = {}): Promise<Gimmebar> {
  const isAtHost = (options.reach ?? process.env['TEST_REACH']) === 'host'
  const own = isAtHost ? { VITRINE_GIMMEBAR_HOSTS: HOST } : {}
  const vitrine = await startVitrine({ ...options, settings: { ...own, ...options.settings } })
  const [host, mount] = isAtHost ? [HOST, ''] : [ADDRESS, '/gimmebar']
  const client = (headers: Record<string, string>) => clientOf(vitrine, { host, mount, headers })
  return {
    vitrine,
    clock: vitrine.clock,
    base: `http://${host}${mount}`,
    pages: `http://${isAtHost ? '127.0.0.1:8080' : host}`,
    anonymous: client({}),
    async person(login, wanted = {}) {
      const { id, token, appId } = await vitrine.person(login, wanted)
      return { id, login, token, appId, ...client({ authorization: `Bearer ${token}` }) }
    },
    [Symbol.asyncDispose]: () => vitrine[Symbol.asyncDispose](),
  }
}

function clientOf(
  { server }: Vitrine,
  { host, mount, headers: own }: { host: string; mount: string; headers: Record<string, string> },
): BarClient {
  const request = async (options: InjectOptions & { url: string }): Promise<Answer> => {
    const path = options.url.startsWith('/') ? options.url : `/api/v1/${options.url}`
    const headers = { host, 'user-agent': 'vitrine-tests', ...own, ...options.headers }
    const answer = await server.inject({ ...options, url: mount + path, headers })
    return Object.assign(answer, { data: (): unknown => JSON.parse(answer.body) })
  }
  return {
    request,
    get: (url, headers = {}) => request({ method: 'GET', url, headers }),
    send(method, url, form, extra = {}) {
      const payload = extra.payload ?? (form ? formOf(form) : undefined)
      const headers = { ...(form && extra.payload === undefined ? FORM : {}), ...extra.headers }
      return request({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
    },
  }
}

export function formOf(form: Form): string {
  const pairs = Object.entries(form).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : value.map((one) => [`${name}[]`, one]),
  )
  return new URLSearchParams(pairs).toString()
}

/** An object of an answer. */
export function objectOf(answer: Answer, status = 200): Record<string, unknown> {
  assert.equal(answer.statusCode, status, answer.body)
  return answer.json<Record<string, unknown>>()
}

/** The records of a paginated answer. */
export function recordsOf(answer: Answer): Record<string, unknown>[] {
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json<{ records: Record<string, unknown>[] }>().records
}

/** That an answer is a refusal of this type, with this HTTP code in the status line and in the body. */
export function refusedAs(answer: Answer, status: number, name: string, reason?: RegExp): void {
  const [error] = answer.json<{ errors: { name: string; message: string; code: number }[] }>().errors
  assert.deepEqual([answer.statusCode, error?.name, error?.code], [status, name, status], answer.body)
  if (reason !== undefined) assert.match(error?.message ?? '', reason)
}

export interface DesktopApp {
  clientId: string
  clientSecret: string
  requestToken: () => Promise<string>
  authorize: (token: string) => Promise<Answer>
  /** What the person does on the consent page. */
  decide: (who: Pick<Person, 'id'>, token: string, approved?: boolean) => Promise<void>
  code: (token: string) => Promise<Answer>
  access: (code: string, more?: Form) => Promise<Answer>
  /** The whole walk. */
  tokens: (who: Pick<Person, 'id'>) => Promise<{ access_token: string; refresh_token: string }>
}

/** An application on a desktop that walks through the token flow. */
export async function desktopApp(
  { vitrine: { ctx }, anonymous }: Gimmebar,
  owner: Pick<Person, 'id'>,
  { approved = true }: { approved?: boolean } = {},
): Promise<DesktopApp> {
  const fields = { name: 'A desktop application', redirectUri: 'https://app.example/callback' }
  const { app, clientSecret } = await registerApp(ctx, owner.id, fields, { approved })
  const client = { client_id: app.clientId, client_secret: clientSecret ?? '' }
  const walk: DesktopApp = {
    clientId: client.client_id,
    clientSecret: client.client_secret,
    async requestToken() {
      const answer = await anonymous.send('POST', 'auth/token/request', { ...client, type: 'app' })
      return String(objectOf(answer)['request_token'])
    },
    authorize: (token) =>
      anonymous.get(`/authorize?client_id=${client.client_id}&token=${token}&response_type=code`),
    async decide(who, token, isApproved = true) {
      const answer = await walk.authorize(token)
      assert.equal(answer.statusCode, 303, answer.body)
      const sealed = new URL(String(answer.headers.location)).pathname.split('/').at(-1) ?? ''
      const ticket = openDeviceTicket(ctx.secret, sealed, ctx.clock())
      assert.ok(ticket)
      const decision = isApproved
        ? ({ approved: true, scopes: ticket.scopes } as const)
        : ({ approved: false } as const)
      await decideDesktopRequest(ctx, who.id, ticket.requestId, decision)
    },
    code: (token) =>
      anonymous.send('POST', 'auth/token/authorization', {
        client_id: client.client_id,
        token,
        response_type: 'code',
      }),
    access: (code, more = {}) =>
      anonymous.send('POST', 'auth/token/access', { code, grant_type: 'authorization_code', ...more }),
    async tokens(who) {
      const token = await walk.requestToken()
      await walk.decide(who, token)
      const code = String(objectOf(await walk.code(token))['code'])
      return (await walk.access(code)).json<{ access_token: string; refresh_token: string }>()
    },
  }
  return walk
}

export { multipart }
