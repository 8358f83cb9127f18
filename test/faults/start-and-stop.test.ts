import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
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
  runVitrine,
  startServer,
  until,
} from '../helpers/started-server.ts'
import { multipart } from '../helpers/vitrine.ts'
import { head, openWire } from '../helpers/wire.ts'
import { distinctPicture } from './distinct-pictures.ts'
import { newLedger, work } from './ledger.ts'
import { assertSound, verifyLedger } from './oracle.ts'

/** "second exits within 2 s", beyond what the program takes to start at all at this moment on this machine. */
const REFUSED_MS = 2_000

test('a server asked to stop under load answers what it has begun, ends with 0, and loses no job', async () => {
  await using folder = await temporaryFolder()
  const token = await addToken(folder.path)
  const ledger = newLedger()
  const chance = chanceOf(1)
  for (const afterMs of [300, 1200]) {
    await using server = await startServer(folder.path)
    const caller = callerOf(server, token)
    const stop = new AbortController()
    const clients = [0, 1, 2].map((client) => work(caller, ledger, { client, chance, stop: stop.signal }))
    const begun = await beginUpload(server.url, token)
    await wait(afterMs)
    stop.abort()
    server.signal('SIGTERM')
    await until('the server stops listening', () => isRefused(server.url))
    assert.match(await begun.finish(), /^HTTP\/1\.1 202 /, 'an upload that had begun is finished')
    await Promise.all(clients)
    assert.deepEqual(await server.ended, { code: 0, signal: null })
    assertQuietLog(server, { warnings: false })
    assert.deepEqual(await incomingNames(folder.path), [])
    const unanswered = ledger.entries.filter(({ pending }) => pending !== null)
    assert.deepEqual(unanswered, [], 'every request was answered')
  }
  await using server = await startServer(folder.path)
  const caller = callerOf(server, token)
  await dropBegunUploads(caller)
  await verifyLedger(caller, ledger, chance)
  await assertSound(folder.path)
})

/** Sends the head and half of the body of an upload; `finish` sends the rest and hears the answer. */
async function beginUpload(url: string, token: string): Promise<{ finish: () => Promise<string> }> {
  const { bytes } = await distinctPicture(1_000_001)
  const { payload, headers } = multipart({ title: 'Begun' }, { image: bytes })
  const own = { ...headers, authorization: `Bearer ${token}`, 'content-length': payload.length }
  const { socket, closed } = await openWire(url)
  socket.write(head(url, 'POST /dribbble/v2/shots', own))
  socket.write(payload.subarray(0, payload.length / 2))
  return {
    finish() {
      socket.write(payload.subarray(payload.length / 2))
      return closed
    },
  }
}

/** The ledger does not know of the uploads above. */
async function dropBegunUploads(caller: ReturnType<typeof callerOf>): Promise<void> {
  const begun = async () => {
    const shots = (await caller.call('GET', '/v2/user/shots?per_page=100')).json() as {
      id: number
      title: string
    }[]
    return shots.filter(({ title }) => title === 'Begun')
  }
  await until('both uploads that had begun are there', async () => (await begun()).length === 2)
  for (const { id } of await begun())
    assert.equal((await caller.call('DELETE', `/v2/shots/${id}`)).status, 204)
}

async function isRefused(url: string): Promise<boolean> {
  const { socket } = await openWire(url)
  const refused = socket.destroyed
  socket.destroy()
  return refused
}

test('a second server on the same folder says so and ends; the first is not disturbed', async () => {
  await using folder = await temporaryFolder()
  const token = await addToken(folder.path)
  await using server = await startServer(folder.path)
  const caller = callerOf(server, token)
  const begun = await beginUpload(server.url, token)
  const settings = { VITRINE_DATA: folder.path, VITRINE_PORT: '0' }
  const { tookMs: startMs } = await runVitrine(['--version'], {})
  for (let again = 0; again < 2; again += 1) {
    const second = await runVitrine(['serve'], settings)
    assertRefused(second, /^Another Vitrine is using this data folder; .*VITRINE_DATA\.$/)
    assert.ok(second.tookMs < startMs + REFUSED_MS, `it took ${second.tookMs} ms`)
  }
  assert.match(await begun.finish(), /^HTTP\/1\.1 202 /)
  assert.equal((await caller.call('GET', '/v2/user')).status, 200)
  assert.equal(
    (await incomingNames(folder.path)).filter((name) => !name.startsWith(`${server.pid}-`)).length,
    0,
  )

  // The lock goes with the process that holds it, however it ends.
  await server.killGroup()
  await using third = await startServer(folder.path)
  assert.equal((await callerOf(third, token).call('GET', '/v2/user')).status, 200)
})

test('a server that cannot be as it is asked to says why in one sentence, and leaves nothing behind', async () => {
  await using folder = await temporaryFolder()
  const usual = { VITRINE_DATA: folder.path, VITRINE_PORT: '0' }

  await using taken = await listening()
  const inUse = { ...usual, VITRINE_PORT: String(taken.port) }
  assertRefused(
    await runVitrine(['serve'], inUse),
    /^Another program listens on 127\.0\.0\.1:\d+ already; .*$/,
  )
  const elsewhere = { ...usual, VITRINE_HOST: '192.0.2.1' }
  assertRefused(
    await runVitrine(['serve'], elsewhere),
    /^192\.0\.2\.1:0 is not an address of this machine; .*$/,
  )

  const file = join(folder.path, 'file')
  await writeFile(file, 'not a folder')
  for (const data of [file, join(file, 'data'), '/proc/vitrine', '/dev/null'])
    assertRefused(
      await runVitrine(['serve'], { ...usual, VITRINE_DATA: data }),
      /^The data folder \S+ cannot be written to\.$/,
    )

  const noDatabase = await temporaryFolder()
  await writeFile(
    join(noDatabase.path, 'vitrine.sqlite'),
    'this is no database, whatever its name says\n'.repeat(100),
  )
  const damaged = await runVitrine(['serve'], { ...usual, VITRINE_DATA: noDatabase.path })
  await noDatabase.remove()
  assertRefused(damaged, /^[A-Z].*\bdatabase\b.*\.$/)
})

test('all wrong settings are told at once, with their names and without a stack', async () => {
  const wrong = {
    VITRINE_PORT: '70000',
    VITRINE_URL: 'ftp://x',
    VITRINE_PROT: '1',
    DATABASE_URL: 'mysql://x',
  }
  const { code, errors, output } = await runVitrine(['serve'], wrong)
  assert.equal(code, 1)
  assert.equal(output, '')
  const lines = errors.trim().split('\n')
  assert.equal(lines[0], 'The settings are wrong:')
  assert.equal(lines.length, 1 + Object.keys(wrong).length)
  for (const name of Object.keys(wrong))
    assert.ok(
      lines.some((line) => line.startsWith(`  ${name} `)),
      `${name} is told`,
    )
})

function assertRefused(
  { code, signal, errors }: Awaited<ReturnType<typeof runVitrine>>,
  sentence: RegExp,
): void {
  assert.match(errors.trimEnd(), sentence)
  assert.equal(errors.trimEnd().split('\n').length, 1, 'one sentence')
  assert.deepEqual([code, signal], [1, null])
}

async function listening(): Promise<AsyncDisposable & { port: number }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}
