import assert from 'node:assert/strict'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Job } from '../../src/queue/queue.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { jobsIn, noon, stillQueue, until } from './still-queue.ts'

onEachDatabase('no job runs twice, with four workers each on two queues', async ({ open }) => {
  const [one, two] = [await open(), await open()]
  const first = stillQueue(one, { workers: 4 })
  const second = stillQueue(two, { workers: 4 })
  await one.db.transaction().execute(async (db) => {
    for (let n = 0; n < 500; n++) await first.queue.enqueue(db, { kind: 'count', payload: { n } })
  })
  const runs: unknown[] = []
  const by = { first: 0, second: 0 }
  let [atOnce, most] = [0, 0]
  const counting = (who: 'first' | 'second') => async (job: Job) => {
    runs.push(job.payload['n'])
    by[who]++
    most = Math.max(most, ++atOnce)
    await wait(1)
    atOnce--
  }
  first.queue.start({ count: counting('first') })
  second.queue.start({ count: counting('second') })
  await until(async () => (await jobsIn(one)).length === 0)
  await Promise.all([first.queue.stop(), second.queue.stop()])

  assert.equal(runs.length, 500)
  assert.equal(new Set(runs).size, 500)
  assert.ok(by.first > 0 && by.second > 0, `${by.first} and ${by.second}`)
  assert.ok(most > 1 && most <= 8, `${most} at once`)
})

onEachDatabase(
  'a started queue runs as many jobs at once as it has workers, and no more',
  async ({ open }) => {
    const database = await open()
    const { queue } = stillQueue(database, { workers: 3 })
    for (let n = 0; n < 9; n++) await queue.enqueue(database.db, { kind: 'slow', payload: {} })
    let [atOnce, most, ran] = [0, 0, 0]
    queue.start({
      slow: async () => {
        most = Math.max(most, ++atOnce)
        await wait(20)
        atOnce--
        ran++
      },
    })
    await until(() => ran === 9)
    await queue.stop()
    assert.equal(most, 3)
  },
)

onEachDatabase(
  'what ran when a process died runs again after recovery, and is set aside after three tries',
  async ({ engine, open }) => {
    const database = await open()
    const { queue, time } = stillQueue(database, { leaseMs: 60_000 })
    await queue.enqueue(database.db, { kind: 'deadly', payload: {} })
    // What a process leaves behind that was killed while it ran the job.
    const die = (attempts: number) =>
      database.db
        .updateTable('job')
        .set({ lease_ms: time.nowMs + 60_000, attempts })
        .execute()
    const attempts: number[] = []
    const handlers = {
      deadly: async (job: Job) => {
        attempts.push(job.attempt)
        await die(job.attempt)
        throw new Error('not reached in a process that died')
      },
    }

    await die(1)
    assert.equal(await queue.runDue(handlers), 0)
    // On PostgreSQL the claim may be another worker's, who is alive, until it runs out.
    if (engine === 'postgres') {
      assert.equal(await queue.recover(), 0)
      time.nowMs += 60_000
    }
    assert.equal(await queue.recover(), 1)
    assert.equal(await queue.recover(), 0)
    assert.equal(await queue.runDue(handlers), 1)
    assert.deepEqual(attempts, [2])

    await die(3)
    time.nowMs += 60_000
    assert.equal(await queue.runDue(handlers), 1)
    assert.deepEqual(attempts, [2])
    const [job] = await jobsIn(database)
    assert.equal(job?.failed_ms, time.nowMs)
    assert.match(job.error ?? '', /process that ran the job ended/)
  },
)

onEachDatabase('a claim is renewed while its job runs, so no other worker takes it', async ({ open }) => {
  const [one, two] = [await open(), await open()]
  const first = stillQueue(one, { leaseMs: 60 })
  const second = stillQueue(two, { leaseMs: 60 })
  await first.queue.enqueue(one.db, { kind: 'long', payload: {} })
  let runs = 0
  const finish = new AbortController()
  const handlers = {
    long: async () => {
      runs++
      await once(finish.signal, 'abort')
    },
  }
  first.queue.start(handlers)
  await until(() => runs === 1)
  // The clock leaps past the end of the claim: its owner neither claims its own job again nor lets others have it.
  first.time.nowMs += 1000
  await until(async () => ((await jobsIn(one))[0]?.lease_ms ?? 0) > noon + 1000)
  second.time.nowMs += 1000
  assert.equal(await second.queue.runDue(handlers), 0)
  finish.abort()
  await first.queue.stop()
  assert.equal(runs, 1)
  assert.deepEqual(await jobsIn(one), [])
})

onEachDatabase('who lost a claim cannot end the job of who has it now', async ({ open }) => {
  const database = await open()
  const { queue, time } = stillQueue(database, { leaseMs: 60_000 })
  await queue.enqueue(database.db, { kind: 'stuck', payload: {} })
  await queue.runDue({
    stuck: async () => {
      // Meanwhile the claim ran out and somebody claimed the job again.
      await database.db
        .updateTable('job')
        .set({ attempts: 2, lease_ms: time.nowMs + 60_000 })
        .execute()
    },
  })
  const [job] = await jobsIn(database)
  assert.equal(job?.attempts, 2)
  assert.equal(job.lease_ms, noon + 60_000)
})
