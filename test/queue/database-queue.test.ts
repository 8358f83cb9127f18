import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { openDatabase } from '../../src/database/open.ts'
import type { Job } from '../../src/queue/queue.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { jobsIn, noon, stillQueue, until } from './still-queue.ts'

onEachDatabase(
  'jobs run in the order they are due, with what they were given, and are gone then',
  async ({ open }) => {
    const database = await open()
    const { queue } = stillQueue(database, { workers: 1 })
    await queue.enqueue(database.db, { kind: 'note', payload: { text: 'naïve ☃ \0', list: [1, null] } })
    await queue.enqueue(database.db, { kind: 'note', payload: {}, runAt: new Date(noon - 1000) })
    const seen: Job[] = []
    const ran = await queue.runDue({
      note: async (job) => {
        seen.push(job)
      },
    })

    assert.equal(ran, 2)
    assert.deepEqual(
      seen.map(({ kind, payload, attempt, last }) => ({ kind, payload, attempt, last })),
      [
        { kind: 'note', payload: {}, attempt: 1, last: false },
        { kind: 'note', payload: { text: 'naïve ☃ \0', list: [1, null] }, attempt: 1, last: false },
      ],
    )
    assert.deepEqual(await jobsIn(database), [])
  },
)

onEachDatabase('what a job enqueues runs too; kinds without a handler wait', async ({ open }) => {
  const database = await open()
  const { queue } = stillQueue(database)
  await queue.enqueue(database.db, { kind: 'first', payload: {} })
  await queue.enqueue(database.db, { kind: 'constructor', payload: {} })
  const ran = await queue.runDue({
    first: () => queue.enqueue(database.db, { kind: 'second', payload: {} }),
    second: () => Promise.resolve(),
  })
  assert.equal(ran, 2)
  const [waiting, ...none] = await jobsIn(database)
  assert.deepEqual(none, [])
  assert.equal(waiting?.kind, 'constructor')
  assert.equal(waiting.attempts, 0)
  assert.equal(await queue.runDue({}), 0)
})

onEachDatabase('a job for later waits for its time', async ({ open }) => {
  const database = await open()
  const { queue, time } = stillQueue(database)
  await queue.enqueue(database.db, { kind: 'later', payload: {}, runAt: new Date(noon + 60_000) })
  const handlers = { later: () => Promise.resolve() }
  assert.equal(await queue.runDue(handlers), 0)
  time.nowMs += 59_999
  assert.equal(await queue.runDue(handlers), 0)
  time.nowMs += 1
  assert.equal(await queue.runDue(handlers), 1)
})

onEachDatabase(
  'a failing job is tried again after growing pauses, then set aside with its error',
  async ({ open }) => {
    const database = await open()
    const { queue, time, lines } = stillQueue(database, { backoffMs: 1000 })
    await queue.enqueue(database.db, { kind: 'bad', payload: { password: 'hunter-secret' } })
    const tries: string[] = []
    const handlers = {
      bad: async (job: Job) => {
        tries.push(`${job.attempt}${job.last ? ' last' : ''} at +${time.nowMs - noon}`)
        throw Object.assign(new Error(`no such thing\0 ${'x'.repeat(1000)}`), { payload: job.payload })
      },
    }
    for (; time.nowMs < noon + 20_000; time.nowMs += 500) await queue.runDue(handlers)

    assert.deepEqual(tries, ['1 at +0', '2 at +1000', '3 last at +3000'])
    const [job] = await jobsIn(database)
    assert.equal(job?.failed_ms, noon + 3000)
    assert.equal(job.error, `no such thing ${'x'.repeat(486)}`)
    assert.equal(job.error.length, 500)
    assert.equal(job.lease_ms, 0)
    assert.equal(job.attempts, 3)

    assert.equal(lines.length, 3)
    assert.match(lines[2] ?? '', /set aside/)
    for (const line of lines) {
      assert.ok(line.includes(`"job":${job.id}`) && line.includes('"kind":"bad"'), line)
      assert.ok(!line.includes('hunter-secret'), line)
    }
  },
)

onEachDatabase('a handler may throw anything, and one that does stops no other', async ({ open }) => {
  const database = await open()
  const { queue } = stillQueue(database, { maxAttempts: 1 })
  for (const kind of ['nothing', 'text', 'fine']) await queue.enqueue(database.db, { kind, payload: {} })
  await queue.runDue({
    nothing: () => Promise.reject(undefined),
    text: () => Promise.reject('only text'),
    fine: () => Promise.resolve(),
  })
  const left = await jobsIn(database)
  assert.deepEqual(
    left.map((job) => job.error),
    ['failed without an error', 'only text'],
  )
})

onEachDatabase('a job enqueued in a transaction that fails never runs', async ({ open }) => {
  const database = await open()
  const { queue } = stillQueue(database)
  let ran = 0
  queue.start({
    ghost: async () => {
      ran++
    },
  })
  const failing = database.db.transaction().execute(async (db) => {
    await queue.enqueue(db, { kind: 'ghost', payload: {} })
    await wait(30)
    throw new Error('rolled back')
  })
  await assert.rejects(failing, /rolled back/)
  await wait(60)
  await queue.stop()
  assert.equal(ran, 0)
  assert.deepEqual(await jobsIn(database), [])
})

// The polling is off: only the looks that follow `enqueue` can find the job.
onEachDatabase('a job runs soon after its transaction commits', async ({ open }) => {
  const database = await open()
  const { queue } = stillQueue(database, { pollMs: 3_600_000 })
  let ran = false
  queue.start({
    soon: async () => {
      ran = true
    },
  })
  await wait(20)
  await database.db.transaction().execute(async (db) => {
    await queue.enqueue(db, { kind: 'soon', payload: {} })
    await wait(100)
    assert.equal(ran, false)
  })
  await until(() => ran)
  await queue.stop()
})

onEachDatabase('a job of another process is found by polling', async ({ open }) => {
  const [mine, other] = [await open(), await open()]
  const { queue } = stillQueue(mine)
  let ran = false
  queue.start({
    foreign: async () => {
      ran = true
    },
  })
  await wait(30)
  await stillQueue(other).queue.enqueue(other.db, { kind: 'foreign', payload: {} })
  await until(() => ran)
  await queue.stop()
})

onEachDatabase('stop waits for what runs and claims nothing more', async ({ open }) => {
  const database = await open()
  const { queue } = stillQueue(database, { workers: 1 })
  for (let n = 0; n < 3; n++) await queue.enqueue(database.db, { kind: 'slow', payload: {} })
  let [started, ended] = [0, 0]
  queue.start({
    slow: async () => {
      started++
      await wait(50)
      ended++
    },
  })
  await until(() => started === 1)
  await queue.stop()
  await queue.stop()
  assert.deepEqual([started, ended], [1, 1])
  await queue.enqueue(database.db, { kind: 'slow', payload: {} })
  await wait(60)
  assert.equal(started, 1)
  assert.equal((await jobsIn(database)).length, 3)
})

onEachDatabase('an idle queue changes nothing that searches and caches follow', async ({ open }) => {
  const database = await open()
  const { queue } = stillQueue(database, { pollMs: 5 })
  queue.start({ any: () => Promise.resolve() })
  const before = await database.version()
  await wait(60)
  assert.equal(await database.version(), before)
  await queue.stop()
})

test('a database that goes away is logged once and stops nothing', async () => {
  await using folder = await temporaryFolder()
  const database = await openDatabase({ file: join(folder.path, 'gone.sqlite') })
  await database.close()
  const { queue, lines } = stillQueue(database)
  queue.start({ any: () => Promise.resolve() })
  await until(() => lines.length > 0)
  await wait(60)
  await queue.stop()
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /cannot reach its jobs/)
})
