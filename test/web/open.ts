import assert from 'node:assert/strict'
import fastify, { type InjectOptions, type LightMyRequestResponse } from 'fastify'
import { openDiskBlobs } from '../../src/blobs/disk.ts'
import { setPassword } from '../../src/identity/passwords.ts'
import { sealTicket } from '../../src/identity/ticket.ts'
import { registerPages } from '../../src/web/index.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { openIdentity } from '../identity/open.ts'
import { readConfig } from '../../src/config.ts'
import type { App } from '../../src/identity/apps.ts'

export const WORD = 'correct horse 7'
export const MEANINGS = { public: 'See what you show to everybody', write: 'Change things in your name' }
export const HOST = 'pictures.test'

/** The pages over a real library, reached over plain http, or at an https address of their own. */
export async function openPages(settings: Record<string, string> = {}) {
  const on = await openIdentity()
  const folder = await temporaryFolder()
  const blobs = await openDiskBlobs(folder.path)
  const ctx = { ...on.ctx, blobs, config: readConfig(settings) }
  const server = fastify()
  await server.register((scope) => registerPages(scope, ctx))
  await server.ready()
  const origin = ctx.config.VITRINE_URL?.origin ?? `http://${HOST}`

  /** A browser with cookies of its own. */
  const browser = (more: { address?: string; headers?: Record<string, string> } = {}) =>
    openBrowser({
      origin,
      headers: more.headers ?? {},
      send: (options) => server.inject({ ...options, remoteAddress: more.address ?? '192.0.2.1' }),
    })

  /** Somebody with a password. */
  const member = async (login: string) => {
    const id = await on.person(login)
    await setPassword(ctx, id, WORD)
    return id
  }

  const signedIn = async (login: string) => {
    const visitor = browser()
    await visitor.signIn(login)
    return visitor
  }

  const ticketPath = async (app: App, parameters: Record<string, string> = {}) =>
    `/authorize/${sealTicket(ctx.secret, { request: await on.request(app, parameters), meanings: MEANINGS }, ctx.clock())}`

  return {
    ...on,
    ctx,
    server,
    browser,
    member,
    signedIn,
    ticketPath,
    async [Symbol.asyncDispose]() {
      await server.close()
      await on[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

type Answer = LightMyRequestResponse

interface Connection {
  origin: string
  headers: Record<string, string>
  send: (options: InjectOptions) => Promise<Answer>
}

/** Keeps cookies and sends forms as a browser without JavaScript would. */
function openBrowser({ origin, headers: own, send }: Connection) {
  const cookies = new Map<string, string>()

  async function request(options: InjectOptions & { url: string }): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      host: new URL(origin).host,
      ...(cookie === '' ? {} : { cookie }),
      ...own,
      ...options.headers,
    }
    const answer = await send({ ...options, headers })
    for (const set of answer.cookies) {
      if (set.value === '') cookies.delete(set.name)
      else cookies.set(set.name, set.value)
    }
    return answer
  }

  const get = (url: string, headers: Record<string, string> = {}) => request({ method: 'GET', url, headers })

  /** Sends fields as they are, from this site unless the headers say otherwise. */
  const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    request({
      method: 'POST',
      url,
      payload: new URLSearchParams(fields).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
    })

  /** Fills in the form of a page that leads to `action` and sends it. */
  async function submit(page: string, action: string, fields: Record<string, string>): Promise<Answer> {
    const answer = await get(page)
    assert.equal(answer.statusCode, 200, `${page}: ${answer.statusCode}`)
    return post(action, { ...hiddenFields(answer.body, action), ...fields })
  }

  const signIn = async (login: string, password = WORD, next = '/account') => {
    const answer = await submit(`/sign-in?next=${encodeURIComponent(next)}`, '/sign-in', { login, password })
    assert.equal(answer.statusCode, 303, answer.body)
    return answer
  }

  return { cookies, request, get, post, submit, signIn }
}

/** The hidden fields of the first form on a page that leads to `action`. */
export function hiddenFields(html: string, action: string): Record<string, string> {
  const form = html.split('<form').find((part) => part.includes(`action="${action}"`))
  assert.ok(form, `there is a form for ${action}`)
  const inside = form.split('</form>', 1)[0] ?? ''
  const found = inside.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)
  return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, value]))
}

/** The text between tags, for looking something up. */
export const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
