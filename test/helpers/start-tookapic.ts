import assert from 'node:assert/strict'
import type { InjectOptions } from 'fastify'
import { changeAccount } from '../../src/library/accounts.ts'
import { addItem, type NewItem } from '../../src/library/items.ts'
import { OPERATOR, type Viewer } from '../../src/library/viewer.ts'
import { samplePicture } from './pictures.ts'
import {
  multipart,
  startVitrine,
  type Answer,
  type Person,
  type PersonOptions,
  type StartOptions,
  type Vitrine,
} from './vitrine.ts'

type Params = Record<string, unknown>
interface Extra {
  headers?: Record<string, string>
  payload?: string | Buffer
}

/** Somebody who speaks to the Tookapic face. Paths are those of its documentation: `/users/ada`. */
export interface PhotoClient {
  get: (path: string, headers?: Record<string, string>) => Promise<Answer>
  /** Parameters go as JSON, unless `extra.payload` is given. */
  send: (
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    params?: Params,
    extra?: Extra,
  ) => Promise<Answer>
  request: (options: InjectOptions & { url: string }) => Promise<Answer>
}

export interface Photographer extends PhotoClient {
  id: number
  login: string
  token: string
  appId: number
}

export interface Tookapic extends AsyncDisposable {
  vitrine: Vitrine
  clock: Vitrine['clock']
  /** What addresses in answers begin with. */
  base: string
  /** What addresses of pages begin with. */
  pages: string
  anonymous: PhotoClient
  person: (login: string, options?: PersonOptions & { timeZone?: string }) => Promise<Photographer>
  /** Uploads a photo and waits until it is ready. Returns its id. */
  upload: (who: Photographer, params?: Params, picture?: Buffer) => Promise<number>
  /** A photo whose picture is not at hand: ready at once, which spares the picture process. Returns its id. */
  photo: (who: Photographer, fields?: Partial<NewItem>) => Promise<number>
}

const HOST = 'api.photos.test'
const ADDRESS = '127.0.0.1:8080'

/** A whole Vitrine, reached through its Tookapic face: by path, or (TEST_REACH=host) at the root of a host. */
export async function startTookapic(options: StartOptions = {}): Promise<Tookapic> {
  const isAtHost = (options.reach ?? process.env['TEST_REACH']) === 'host'
  const own = isAtHost ? { VITRINE_TOOKAPIC_HOSTS: HOST } : {}
  const vitrine = await startVitrine({ ...options, settings: { ...own, ...options.settings } })
  const [host, mount] = isAtHost ? [HOST, ''] : [ADDRESS, '/tookapic']
  const base = `http://${host}${mount}`
  const client = (headers: Record<string, string>) => clientOf(vitrine, { base, host, mount, headers })

  return {
    vitrine,
    clock: vitrine.clock,
    base,
    pages: `http://${isAtHost ? '127.0.0.1:8080' : host}`,
    anonymous: client({}),
    async person(login, { timeZone, ...wanted } = {}) {
      const { id, token, appId } = await vitrine.person(login, wanted)
      if (timeZone !== undefined) await changeAccount(vitrine.ctx, OPERATOR, id, { timeZone })
      return { id, login, token, appId, ...client({ authorization: `Bearer ${token}` }) }
    },
    async upload(who, params = {}, picture) {
      const image = picture ?? (await samplePicture({ width: 40, height: 30 }))
      const made = await who.send('POST', '/photos', undefined, multipart(params, { image }))
      assert.equal(made.statusCode, 201, made.body)
      await vitrine.runJobs()
      return idOf(made)
    },
    async photo(who, fields = {}) {
      const item = { kind: 'image', title: 'Harbour', ownerId: who.id, ...fields } as const
      return (await addItem(vitrine.ctx, viewerOf(who), item)).id
    },
    [Symbol.asyncDispose]: () => vitrine[Symbol.asyncDispose](),
  }
}

export const viewerOf = ({ id }: Pick<Person, 'id'>): Viewer => ({
  accountId: id,
  role: 'member',
  scopes: null,
  app: null,
})

interface Reach {
  base: string
  host: string
  mount: string
  headers: Record<string, string>
}

function clientOf({ server }: Vitrine, { base, host, mount, headers: own }: Reach): PhotoClient {
  const request = async (options: InjectOptions & { url: string }): Promise<Answer> => {
    const path = options.url.startsWith(base) ? options.url.slice(base.length) : options.url
    const headers = { host, 'user-agent': 'vitrine-tests', ...own, ...options.headers }
    const answer = await server.inject({ ...options, url: mount + path, headers })
    return Object.assign(answer, { data: (): unknown => JSON.parse(answer.body) })
  }
  return {
    request,
    get: (url, headers = {}) => request({ method: 'GET', url, headers }),
    send(method, url, params, extra = {}) {
      const isJson = params !== undefined && extra.payload === undefined
      const headers = { ...(isJson ? { 'content-type': 'application/json' } : {}), ...extra.headers }
      const payload = extra.payload ?? (params ? JSON.stringify(params) : undefined)
      return request({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
    },
  }
}

/** `data` of an answer, an object. */
export function dataOf(answer: Answer, status = 200): Record<string, unknown> {
  assert.equal(answer.statusCode, status, answer.body)
  return answer.json<{ data: Record<string, unknown> }>().data
}

/** `data` of an answer, a list. */
export function listOf(answer: Answer): Record<string, unknown>[] {
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json<{ data: Record<string, unknown>[] }>().data
}

export const idOf = (answer: Answer): number => Number(dataOf(answer, answer.statusCode)['id'])

/** What 422 says, by field. */
export function errorsOf(answer: Answer): Record<string, string[]> {
  const body = answer.json<{ message: string; errors: Record<string, string[]>; status_code: number }>()
  assert.deepEqual(
    [answer.statusCode, body.message, body.status_code, Object.keys(body)],
    [422, '422 Unprocessable Entity', 422, ['message', 'errors', 'status_code']],
    answer.body,
  )
  return body.errors
}

/** The same keys in the same order with the same values. */
export function same(actual: unknown, expected: unknown): void {
  assert.equal(JSON.stringify(actual, null, 1), JSON.stringify(expected, null, 1))
}
