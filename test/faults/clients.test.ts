import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { temporaryFolder } from '../helpers/folders.ts'
import { chanceOf } from '../helpers/random.ts'
import {
  addToken,
  assertQuietLog,
  callerOf,
  incomingNames,
  openDescriptors,
  startServer,
  until,
  type Caller,
  type StartedServer,
} from '../helpers/started-server.ts'
import { multipart } from '../helpers/vitrine.ts'
import { head, openWire, type Wire } from '../helpers/wire.ts'
import { distinctPicture } from './distinct-pictures.ts'
import { assertSound } from './oracle.ts'

const SEED = Number(process.env['VITRINE_FAULT_SEED'] ?? Date.now() % 2 ** 31)

interface Upload {
  n: number
  title: string
  key?: string
}

async function formOf({ n, title }: Upload) {
  return multipart({ title }, { image: (await distinctPicture(n)).bytes })
}

async function upload(caller: Caller, wanted: Upload): Promise<string> {
  const { payload, headers } = await formOf(wanted)
  const key: Record<string, string> = wanted.key === undefined ? {} : { 'idempotency-key': wanted.key }
  const reply = await caller.call('POST', '/v2/shots', { body: payload, headers: { ...headers, ...key } })
  assert.equal(reply.status, 202, String(reply.body))
  return reply.headers.get('location') ?? ''
}

async function listTitles(caller: Caller): Promise<string[]> {
  const titles: string[] = []
  for (let page = 1; ; page += 1) {
    const reply = await caller.call('GET', `/v2/user/shots?per_page=100&page=${page}`)
    const found = reply.json() as { title: string }[]
    titles.push(...found.map(({ title }) => title))
    if (found.length < 100) return titles
  }
}

test('of 100 uploads that are broken off at any byte nothing stays: no file, no connection, no shot', async (t) => {
  t.diagnostic(`VITRINE_FAULT_SEED=${SEED}`)
  const chance = chanceOf(SEED)
  await using folder = await temporaryFolder()
  const token = await addToken(folder.path)
  await using server = await startServer(folder.path)
  const caller = callerOf(server, token)
  await upload(caller, { n: 0, title: 'Whole' })
  await until('the first shot is ready', async () => (await listTitles(caller)).length === 1)
  const before = await openFiles(server)

  const { payload, headers } = await formOf({ n: 1, title: 'Broken off' })
  const own = { ...headers, authorization: `Bearer ${token}`, 'content-length': payload.length }
  const request = Buffer.concat([Buffer.from(head(server.url, 'POST /dribbble/v2/shots', own)), payload])
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      const { socket, closed } = await openWire(server.url)
      const cut = chance.below(request.length)
      const half = chance.below(cut)
      socket.write(request.subarray(0, half))
      await wait(chance.between(0, 100))
      socket.write(request.subarray(half, cut))
      await wait(chance.between(0, 50))
      if (chance.below(2) === 0) socket.resetAndDestroy()
      else socket.destroy()
      await closed
    }),
  )
  await until('nothing is left of them', async () => (await incomingNames(folder.path)).length === 0, 5_000)
  await until(
    'their files and connections are closed',
    async () => (await openFiles(server)) <= before + 2,
    5_000,
  )
  assert.deepEqual(await listTitles(caller), ['Whole'])
  // A client that goes away is no error.
  assertQuietLog(server)
  await assertSound(folder.path)
})

/** Files below the data folder and connections, without those that wait for the next request of this test. */
async function openFiles({ pid }: StartedServer): Promise<number> {
  const open = await openDescriptors(pid)
  return open.filter((target) => target.includes('/incoming/') || target.startsWith('socket:')).length
}

test('200 uploads at once, with twins among them and one sent 40 times: exact counts', async () => {
  await using folder = await temporaryFolder()
  const token = await addToken(folder.path)
  await using server = await startServer(folder.path)
  const caller = callerOf(server, token)
  const wanted: Upload[] = [
    ...Array.from({ length: 110 }, (_, at) => ({ n: at, title: `Own ${at}` })),
    ...Array.from({ length: 50 }, () => ({ n: 200, title: 'Twin' })),
    ...Array.from({ length: 40 }, () => ({ n: 300, title: 'Repeated', key: 'the same' })),
  ]
  for (const { n } of wanted) await distinctPicture(n)
  const locations = await Promise.all(wanted.map((one) => upload(caller, one)))
  assert.equal(new Set(locations.slice(0, 160)).size, 160, 'every upload without a key is a shot of its own')
  assert.equal(new Set(locations.slice(160)).size, 1, 'one key is one shot')
  assert.equal(new Set(locations).size, 161)

  const expected = [...new Set(wanted.slice(0, 110)), ...wanted.slice(110, 160), ...wanted.slice(160, 161)]
  await until('all are ready', async () => (await listTitles(caller)).length >= 161)
  const titles = await listTitles(caller)
  assert.deepEqual(titles.toSorted(), expected.map(({ title }) => title).toSorted())
  for (const { n } of wanted) {
    const { sha256 } = await distinctPicture(n)
    const path = join(folder.path, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
    assert.ok(existsSync(path), 'every original is stored once, under its hash')
  }
  await until('no upload left a file', async () => (await incomingNames(folder.path)).length === 0)
  await assertSound(folder.path)
  assertQuietLog(server, { warnings: false })
})

test('clients that send too slowly are closed, and the others do not notice', async () => {
  await using folder = await temporaryFolder()
  const token = await addToken(folder.path)
  await using server = await startServer(folder.path)
  const caller = callerOf(server, token)
  const { payload, headers } = await formOf({ n: 1, title: 'Slow' })
  const authorization = `Bearer ${token}`
  const form = head(server.url, 'POST /dribbble/v2/shots', {
    ...headers,
    authorization,
    'content-length': payload.length,
  })
  const json = head(server.url, 'PUT /dribbble/v2/shots/1', {
    authorization,
    'content-type': 'application/json',
    'content-length': 4096,
  })
  const slowly = [
    ...Array.from({ length: 30 }, () =>
      drip(server.url, '', head(server.url, 'GET /dribbble/v2/user', { authorization })),
    ),
    ...Array.from({ length: 30 }, () => drip(server.url, form, payload.toString('latin1'))),
    ...Array.from({ length: 30 }, () => drip(server.url, json, JSON.stringify({ title: 'x'.repeat(4084) }))),
    // Nothing at all, and nothing more than a first request.
    drip(server.url, '', ''),
    drip(server.url, head(server.url, 'GET /healthz', { Connection: 'keep-alive' }), ''),
  ]
  const closing = Promise.all(slowly)
  const over = new AbortController()
  void closing.finally(() => over.abort()).catch(() => undefined)
  for (let served = 0; !over.signal.aborted; served += 1) {
    assert.equal((await caller.call('GET', '/v2/user')).status, 200)
    if (served === 20) await upload(caller, { n: 2, title: 'Quick' })
    await wait(100)
  }
  for (const seconds of await closing) assert.ok(seconds <= 20, `a slow client was kept for ${seconds} s`)
  assert.deepEqual(await listTitles(caller), ['Quick'])
  assert.deepEqual(await incomingNames(folder.path), [])
  assertQuietLog(server)
})

/** Sends a first part at once and the rest byte by byte. Returns after how many seconds the server had enough. */
async function drip(url: string, first: string, rest: string): Promise<number> {
  const from = performance.now()
  const { socket, closed }: Wire = await openWire(url)
  socket.write(first)
  let at = 0
  const timer = setInterval(() => {
    if (at < rest.length) socket.write(rest.charAt(at++), 'latin1')
  }, 500)
  await Promise.race([closed, wait(40_000, null, { ref: false })])
  clearInterval(timer)
  socket.destroy()
  return (performance.now() - from) / 1000
}
