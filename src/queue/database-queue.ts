import type { Db } from '../database/open.ts'
import { claimJobs, insertJob, nextRunMs, releaseClaims, type Choice, type ClaimedJob } from './job-table.ts'
import type { JobHandler, NewJob, Queue } from './queue.ts'
import { brief, runJob, type Bench } from './run-job.ts'

type Needed = 'db' | 'clock' | 'log'

export interface QueueOptions extends Pick<Bench, Needed>, Partial<Omit<Bench, Needed>> {
  /** Jobs that run at once. */
  workers?: number
  /** How often the table is looked at when nothing said that there is work, in milliseconds. */
  pollMs?: number
}

/**
 * Background work in the `job` table of either database. Jobs run at least once: a process that dies leaves its
 * claim to run out, or to `recover` at the next start.
 *
 * Defaults: 2 workers, polling each second, 3 tries, 60 s claims, 10 s and 20 s between the tries.
 */
export function openQueue(options: QueueOptions): Queue {
  return new DatabaseQueue(options)
}

type Handlers = Record<string, JobHandler>

/** The pause after the first look of a row of looks that follow an `enqueue`; it triples with each. */
const firstPauseMs = 5

class DatabaseQueue implements Queue {
  readonly #bench: Bench
  readonly #workers: number
  readonly #pollMs: number
  readonly #running = new Set<Promise<void>>()
  /** Ids of the jobs that run, whoever asked for them. */
  readonly #held = new Set<number>()
  #handlers: Handlers | null = null
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> | null = null
  #lookAgain = false
  #pauseMs = 0
  #failing = false

  constructor({ workers = 2, pollMs = 1000, ...options }: QueueOptions) {
    this.#bench = { maxAttempts: 3, leaseMs: 60_000, backoffMs: 10_000, ...options }
    this.#workers = workers
    this.#pollMs = pollMs
  }

  async enqueue(db: Db, { kind, payload, runAt }: NewJob): Promise<void> {
    const nowMs = this.#nowMs()
    await insertJob(db, { kind, payload, runMs: runAt?.getTime() ?? nowMs, nowMs })
    // Nobody says when the caller's transaction commits: look now, and again after ever longer pauses.
    this.#pauseMs = firstPauseMs
    this.#lookIn(0)
  }

  recover(): Promise<number> {
    return releaseClaims(this.#bench.db, this.#nowMs())
  }

  start(handlers: Handlers): void {
    this.#handlers = handlers
    this.#pauseMs = this.#pollMs
    this.#lookIn(0)
  }

  async stop(): Promise<void> {
    this.#handlers = null
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    await this.#looking
    await Promise.all(this.#running)
  }

  async runDue(handlers: Handlers): Promise<number> {
    let ran = 0
    for (;;) {
      const claimed = await this.#claim(handlers, this.#workers)
      ran += claimed.length
      await Promise.all(claimed.map((job) => this.#run(job, handlers)))
      if (claimed.length > 0) continue
      if (this.#running.size === 0) return ran
      await Promise.race(this.#running)
    }
  }

  #nowMs(): number {
    return this.#bench.clock().getTime()
  }

  /** The timer does not keep the process alive: whoever starts a queue has something else that does. */
  #lookIn(ms: number): void {
    if (!this.#handlers) return
    if (this.#looking) {
      this.#lookAgain = true
      return
    }
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
    }, ms)
    this.#timer.unref()
  }

  /** One look at the table, which decides when the next one is. Never throws. */
  async #look(): Promise<void> {
    this.#lookAgain = false
    let waitMs = this.#pollMs
    try {
      waitMs = await this.#startDue()
      this.#failing = false
    } catch (error) {
      if (!this.#failing) this.#bench.log.error({ err: brief(error) }, 'the queue cannot reach its jobs')
      this.#failing = true
    }
    this.#looking = null
    this.#lookIn(this.#lookAgain ? 0 : Math.min(waitMs, this.#pauseMs))
    this.#pauseMs = Math.min(this.#pauseMs * 3, this.#pollMs)
  }

  /** Starts as many due jobs as there are idle workers. Returns when to look again, in milliseconds. */
  async #startDue(): Promise<number> {
    const handlers = this.#handlers
    const idle = this.#workers - this.#running.size
    // A worker that becomes idle looks for itself.
    if (!handlers || idle <= 0) return this.#pollMs
    const choice = this.#choice(handlers)
    if (choice.kinds.length === 0) return this.#pollMs

    const next = await nextRunMs(this.#bench.db, choice)
    if (next === null || !this.#handlers) return this.#pollMs
    if (next > choice.nowMs) return Math.min(next - choice.nowMs, this.#pollMs)

    const claimed = await this.#claim(handlers, idle)
    for (const job of claimed) this.#runAside(job, handlers)
    return claimed.length > 0 ? 0 : this.#pollMs
  }

  #runAside(job: ClaimedJob, handlers: Handlers): void {
    const running = this.#run(job, handlers).finally(() => {
      this.#running.delete(running)
      this.#lookIn(0)
    })
    this.#running.add(running)
  }

  #choice(handlers: Handlers): Choice {
    return { kinds: Object.keys(handlers), except: [...this.#held], nowMs: this.#nowMs() }
  }

  async #claim(handlers: Handlers, limit: number): Promise<ClaimedJob[]> {
    const choice = this.#choice(handlers)
    if (choice.kinds.length === 0) return []
    return claimJobs(this.#bench.db, choice, { limit, leaseMs: this.#bench.leaseMs })
  }

  async #run(job: ClaimedJob, handlers: Handlers): Promise<void> {
    const handler = handlers[job.kind]
    if (!handler) throw new Error('only jobs with a handler are claimed')
    this.#held.add(job.id)
    await runJob(this.#bench, job, handler)
    this.#held.delete(job.id)
  }
}
