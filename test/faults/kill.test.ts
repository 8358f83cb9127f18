import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { jobHandlers, prepareLibrary } from '../../src/jobs/index.ts'
import { checkLibrary } from '../../src/library/check.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { chanceOf, type Chance } from '../helpers/random.ts'
import {
  addToken,
  assertQuietLog,
  callerOf,
  incomingNames,
  openLibrary,
  spawnVitrine,
  startServer,
} from '../helpers/started-server.ts'
import { newLedger, work, type Ledger } from './ledger.ts'
import { assertNothingLeftOver, assertSound, verifyLedger } from './oracle.ts'

const CLIENTS = 3
const CYCLES = Number(process.env['VITRINE_FAULT_CYCLES'] ?? 30)
const SEED = Number(process.env['VITRINE_FAULT_SEED'] ?? Date.now() % 2 ** 31)
/** "ready at most 5 s after any crash". */
const READY_MS = 5_000

test(`a server killed ${CYCLES} times at random moments loses nothing it has acknowledged`, async (t) => {
  await using folder = await temporaryFolder()
  const token = await addToken(folder.path)
  const chance = chanceOf(SEED)
  const ledger = newLedger()
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    try {
      if (cycle % 5 === 4) await killWhileStarting(folder.path, chance)
      await oneCycle(folder.path, { token, ledger, chance })
    } catch (error) {
      t.diagnostic(`cycle ${cycle} of VITRINE_FAULT_SEED=${SEED} failed`)
      throw error
    }
  }
  {
    await using server = await startServer(folder.path)
    await verifyLedger(callerOf(server, token), ledger, chance)
  }
  await assertNothingWasted(folder.path, ledger)
  const { upload, edit, delete: deleted } = ledger.acknowledged
  t.diagnostic(
    `${CYCLES} kills (seed ${SEED}); acknowledged: ${upload} uploads, ${edit} edits, ${deleted} deletes`,
  )
  assert.ok(upload >= CYCLES && edit > 0 && deleted > 0, 'there was something to lose')
})

/** A start after a kill, a look at everything, and work up to the next kill. */
async function oneCycle(
  folder: string,
  { token, ledger, chance }: { token: string; ledger: Ledger; chance: Chance },
): Promise<void> {
  await using server = await startServer(folder)
  assert.ok(server.readyMs <= READY_MS, `the start took ${server.readyMs} ms`)
  const caller = callerOf(server, token)
  await assertNothingLeftOver(folder, server)
  // The check may run at any time, also while the pictures that were left unfinished are made.
  await Promise.all([verifyLedger(caller, ledger, chance), assertSound(folder)])

  const stop = new AbortController()
  const clients = Array.from({ length: CLIENTS }, (_, client) =>
    work(caller, ledger, { client, chance, stop: stop.signal }),
  )
  await wait(chance.between(50, chance.between(50, 1500)))
  const { signal } = await server.killGroup()
  stop.abort()
  await Promise.all(clients)
  assert.equal(signal, 'SIGKILL', `the server was gone before it was killed:\n${server.errors()}`)
  assertQuietLog(server)
}

/** A kill before the first request: while the database is opened, swept, and the pictures that wait are made. */
async function killWhileStarting(folder: string, chance: Chance): Promise<void> {
  const starting = spawnVitrine(['serve'], { VITRINE_DATA: folder, VITRINE_PORT: '0' })
  await wait(chance.between(50, 900))
  await starting.killGroup()
}

/**
 * Once the grace times have passed, the disk holds what the database refers to and nothing else (I4), every original
 * that was acknowledged has its bytes (I1), and those of deleted items are gone (I2).
 */
async function assertNothingWasted(folder: string, ledger: Ledger): Promise<void> {
  let aheadMs = 0
  await using ctx = await openLibrary(folder, { clock: () => new Date(Date.now() + aheadMs) })
  for (aheadMs of [60_000, 120_000, 180_000]) {
    await prepareLibrary(ctx)
    await ctx.queue.runDue(jobHandlers(ctx))
  }
  const report = await checkLibrary(ctx, { repair: false, graceMs: 0 })
  assert.deepEqual(report.problems, [])
  assert.deepEqual(await incomingNames(folder), [])

  const onDisk: string[] = []
  for await (const { sha256 } of ctx.blobs.list()) onDisk.push(sha256)
  const rows = await ctx.db.selectFrom('blob').select('sha256').execute()
  assert.deepEqual(onDisk.toSorted(), rows.map(({ sha256 }) => sha256).toSorted())
  const items = await ctx.db.selectFrom('item').select(['id', 'blob_sha256']).orderBy('id').execute()
  const kept = ledger.entries
    .filter(({ gone }) => !gone)
    .map(({ id, picture }) => ({ id, blob_sha256: picture.sha256 }))
  const byId = kept.toSorted((one, other) => Number(one.id) - Number(other.id))
  assert.deepEqual(
    items.map((item) => ({ ...item })),
    byId,
  )
}
