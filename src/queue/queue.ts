import type { Db } from '../database/open.ts'

export interface NewJob {
  kind: string
  payload: object
  /** Not before; at once when left out. */
  runAt?: Date
}

/** A job as its handler sees it. */
export interface Job {
  id: number
  kind: string
  payload: Record<string, unknown>
  /** 1 on the first try. */
  attempt: number
  /** Whether this is the last try: what fails now is set aside. */
  last: boolean
}

/** Throws to fail: the job is tried again later, and set aside with the error's message after the last try. */
export type JobHandler = (job: Job) => Promise<void>

/** Background work as rows. It knows no kind of job. */
export interface Queue {
  /** Inserts a job with `db`, so inside the caller's transaction, and wakes the workers once it may have committed. */
  enqueue: (db: Db, job: NewJob) => Promise<void>
  /** Jobs that were running when a process died go back to waiting. Called once, before `start`. */
  recover: () => Promise<number>
  /** Starts claiming; resolves at once. */
  start: (handlers: Record<string, JobHandler>) => void
  /** Stops claiming and waits for what is running. */
  stop: () => Promise<void>
  /** Runs everything that is due now, also what that enqueues, and returns how many jobs ran. For tests and the command line. */
  runDue: (handlers: Record<string, JobHandler>) => Promise<number>
}
