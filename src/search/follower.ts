import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Catalogue } from './catalogue/catalogue.ts'
import {
  buildState,
  catchUp,
  entriesAfter,
  type Following,
  hasMoreItems,
  keepState,
  loadState,
  type State,
  Stopped,
} from './following.ts'

/** A catalogue that follows the library. */
export interface Follower {
  /**
   * The catalogue with everything that was committed before the call, by any process. Null while it is not to be had
   * soon: it is being built of many items, has much to catch up with, or has failed.
   */
  current: () => Catalogue | null | Promise<Catalogue | null>
  /** Builds it now, and from now on keeps snapshots of it in the folder. */
  start: () => Promise<void>
  /** Drops the catalogue, to be built again after a while. */
  distrust: (error: unknown) => void
  /** Stops what is under way, and writes the last snapshot if snapshots are kept. */
  close: () => Promise<void>
}

/** With so many entries more than items, building anew is less work. */
const ENTRIES_TO_REBUILD = 200_000
/** A snapshot is written when so many entries were read since the last, and at the end. */
const ENTRIES_TO_KEEP = 50_000
/** What most searches are sorted by. */
const FIRST_ORDERS = ['created_at', 'first_seen_at', 'score'] as const
/** How long the database answers after the catalogue failed. */
const PAUSE_MS = 60_000

/** The catalogue there is, and whether snapshots of it are kept. */
interface Held {
  state: State | null
  keeping: boolean
}

export function openFollower({
  clock,
  ...rest
}: Omit<Following, 'isClosed'> & { clock: () => Date }): Follower {
  let closed = false
  let pausedUntilMs = 0
  const following: Following = { ...rest, isClosed: () => closed }
  const { database, log } = following
  const held: Held = { state: null, keeping: false }
  const isPaused = () => closed || clock().getTime() < pausedUntilMs
  const queue = openQueue()

  const distrust = (error: unknown) => {
    held.state = null
    if (closed || error instanceof Stopped) return
    log.error({ err: error }, 'the catalogue failed; the database answers searches for a while')
    pausedUntilMs = clock().getTime() + PAUSE_MS
  }
  const caughtUp = () =>
    queue.done(async () => {
      if (!isPaused()) await bringUp(following, held, queue.takesLong).catch(distrust)
    })
  const ifCurrent = (version: string) =>
    queue.isIdle() && held.state?.version === version ? held.state.catalogue : null
  const whenCurrent = async () => ((await caughtUp()) ? (held.state?.catalogue ?? null) : null)

  return {
    current() {
      if (isPaused() || queue.isLong()) return null
      const version = database.version()
      if (typeof version === 'string') return ifCurrent(version) ?? whenCurrent()
      return version.then((text) => ifCurrent(text) ?? whenCurrent())
    },
    async start() {
      held.keeping = true
      await caughtUp()
      await queue.idle()
      await warm(held)
    },
    distrust,
    async close() {
      closed = true
      await queue.idle()
      if (held.keeping && held.state && held.state.unkept > 0) await keepState(following, held.state)
      held.state = null
    },
  }
}

/** Opens the catalogue if there is none, and reads what was logged since. */
async function bringUp(following: Following, held: Held, onLong: () => void): Promise<void> {
  const version = await following.database.version()
  if (held.state?.version === version) return
  if (held.state && !(await isWorthFollowing(following, held.state, onLong))) held.state = null
  held.state ??= await openState(following, held.keeping, onLong)
  await catchUp(following, held.state, version)
  if (held.keeping && held.state.unkept > ENTRIES_TO_KEEP) await keepState(following, held.state)
}

async function warm(held: Held): Promise<void> {
  for (const by of FIRST_ORDERS) {
    await nextTurn()
    held.state?.catalogue.warm([by])
  }
}

/** Whether catching up is less work than building anew. */
async function isWorthFollowing(
  { database, patience }: Following,
  state: State,
  onLong: () => void,
): Promise<boolean> {
  const behind = await entriesAfter(database.db, state)
  if (behind > patience) onLong()
  return behind <= ENTRIES_TO_REBUILD + state.catalogue.size()
}

async function openState(following: Following, fromSnapshot: boolean, onLong: () => void): Promise<State> {
  if (await hasMoreItems(following.database.db, following.patience)) onLong()
  return (fromSnapshot ? await loadState(following) : null) ?? buildState(following)
}

/** Work done one after the other, because what is under way may have begun before the latest write. */
function openQueue() {
  let last: Promise<void> = Promise.resolve()
  let queued = 0
  let long = false
  const waiting = new Set<() => void>()
  const add = (task: () => Promise<void>): Promise<void> => {
    queued += 1
    last = last.then(task).finally(() => {
      queued -= 1
      long = false
    })
    return last
  }
  return {
    /** When all that was begun is done. */
    idle: () => last,
    isIdle: () => queued === 0,
    isLong: () => long,
    takesLong: () => {
      long = true
      for (const giveUp of waiting) giveUp()
      waiting.clear()
    },
    /** Whether it was done soon enough to wait for. The task must not fail. */
    done: (task: () => Promise<void>): Promise<boolean> =>
      new Promise((resolve, reject) => {
        const giveUp = () => resolve(false)
        waiting.add(giveUp)
        add(task).then(() => {
          waiting.delete(giveUp)
          resolve(true)
        }, reject)
      }),
  }
}
