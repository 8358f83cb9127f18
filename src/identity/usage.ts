import type { Context } from '../context.ts'
import { storeTokenUse } from './store/tokens.ts'

const FLUSH_MS = 60_000
const MOST_WAITING = 10_000

/** Collects when tokens were used, so that reading with one writes nothing. */
export interface UsageRecorder {
  record: (tokenId: number, at: Date) => void
  /** Writes what has been collected. */
  flush: () => Promise<void>
  /** Writes what has been collected and stops. */
  close: () => Promise<void>
}

/** Writes uses down every 60 seconds. A crash loses the last minute of them, which matters to nobody. */
export function createUsageRecorder(ctx: Pick<Context, 'db' | 'log'>): UsageRecorder {
  let waiting = new Map<number, number>()

  async function flush(): Promise<void> {
    if (waiting.size === 0) return
    const uses = waiting
    waiting = new Map()
    await ctx.db.transaction().execute((db) => storeTokenUse(db, uses))
  }

  const timer = setInterval(() => {
    flush().catch((error: unknown) => ctx.log.warn({ err: error }, 'the use of tokens could not be noted'))
  }, FLUSH_MS)
  timer.unref()

  return {
    record(tokenId, at) {
      // Full only if the database has not taken anything for long: the next flush empties it.
      if (waiting.size < MOST_WAITING || waiting.has(tokenId)) waiting.set(tokenId, at.getTime())
    },
    flush,
    close() {
      clearInterval(timer)
      return flush()
    },
  }
}
