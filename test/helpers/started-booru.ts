import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resetKey } from '../../src/identity/keys.ts'
import { importFile } from '../../src/interchange/import/file.ts'
import { addItem, type NewItem } from '../../src/library/items.ts'
import type { Viewer } from '../../src/library/viewer.ts'
import { temporaryFolder } from './folders.ts'
import {
  startVitrine,
  type Answer,
  type Person,
  type PersonOptions,
  type StartOptions,
  type Vitrine,
} from './vitrine.ts'

const HOST = 'booru.pictures.test'
const ADDRESS = '127.0.0.1:8080'

interface Asked {
  headers?: Record<string, string>
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  /** Sent as a form. */
  form?: Record<string, string>
  /** The body as it is, with its own content type among the headers. */
  payload?: string | Buffer
}

/** Somebody with an API key, who speaks to this dialect and, as a person of the other one, to that too. */
export interface Member extends Person {
  key: string
  viewer: Viewer
}

/** A whole Vitrine, spoken to under `/derpibooru`, or at a host of its own where the other dialect is reached so. */
export interface Booru extends AsyncDisposable {
  vitrine: Vitrine
  ctx: Vitrine['ctx']
  clock: Vitrine['clock']
  /** What addresses in answers begin with; of pictures too, since it is no https address. */
  base: string
  /** Paths are those of the documentation: `/search.json?q=safe`; or a whole address from an answer. */
  ask: (path: string, asked?: Asked) => Promise<Answer>
  /** The answer's JSON, which must be a 200. */
  get: <T = Record<string, unknown>>(path: string, asked?: Asked) => Promise<T>
  member: (login: string, options?: PersonOptions) => Promise<Member>
  /** Imports lines of the interchange format; all of them must be taken. */
  import: (lines: readonly object[], originals?: Readonly<Record<string, Buffer>>) => Promise<void>
  /** Adds an item without a picture at hand, ready at once. Returns its id. */
  add: (owner: Member, fields?: Partial<NewItem>) => Promise<number>
}

export async function startBooru(options: StartOptions = {}): Promise<Booru> {
  const byHost = (options.reach ?? (process.env['TEST_REACH'] === 'host' ? 'host' : 'path')) === 'host'
  const vitrine = await startVitrine({
    ...options,
    settings: { ...(byHost ? { VITRINE_DERPIBOORU_HOSTS: HOST } : {}), ...options.settings },
  })
  const { ctx, server } = vitrine
  const mount = byHost ? '' : '/derpibooru'
  const host = byHost ? HOST : ADDRESS

  const ask: Booru['ask'] = async (path, { method = 'GET', headers = {}, form, payload } = {}) => {
    const url = /^https?:/.test(path) ? pathOf(path) : mount + path
    const body = form === undefined ? payload : new URLSearchParams(form).toString()
    const type = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await server.inject({
      method,
      url,
      headers: { host, ...type, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    })
    return Object.assign(answer, { data: (): unknown => JSON.parse(answer.body) })
  }

  return {
    vitrine,
    ctx,
    clock: vitrine.clock,
    base: `http://${host}${mount}`,
    ask,
    async get<T>(path: string, asked?: Asked): Promise<T> {
      const answer = await ask(path, asked)
      if (answer.statusCode !== 200)
        throw new Error(`${path} was answered ${answer.statusCode} ${answer.body}`)
      return answer.json<T>()
    },
    async member(login, wanted) {
      const person = await vitrine.person(login, wanted)
      const viewer = { accountId: person.id, role: wanted?.role ?? 'member', scopes: null, app: null }
      return { ...person, key: await resetKey(ctx, person.id), viewer }
    },
    async import(lines, originals = {}) {
      await using folder = await temporaryFolder()
      for (const [name, bytes] of Object.entries(originals)) await writeFile(join(folder.path, name), bytes)
      const path = join(folder.path, 'library.jsonl')
      const all = [{ type: 'library', format: 1 }, ...lines]
      await writeFile(path, all.map((line) => `${JSON.stringify(line)}\n`).join(''))
      const { problems } = await importFile(ctx, path)
      if (problems.length > 0) throw new Error(JSON.stringify(problems))
      await vitrine.runJobs()
    },
    async add(owner, fields = {}) {
      const item = { kind: 'image', ownerId: owner.id, ...fields } as const
      return (await addItem(ctx, owner.viewer, item)).id
    },
    [Symbol.asyncDispose]: () => vitrine[Symbol.asyncDispose](),
  }
}

const pathOf = (url: string) => new URL(url).pathname + new URL(url).search
