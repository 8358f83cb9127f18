import { IdentityError } from './errors.ts'

/** Lets `atOnce` pieces of work run together and `waiting` more stand in line. */
export function createTurns({ atOnce, waiting }: { atOnce: number; waiting: number }) {
  const line: (() => void)[] = []
  let running = 0

  /** @throws IdentityError `busy` at once when the line is full. */
  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      if (line.length >= waiting) throw new IdentityError({ kind: 'busy', retryAfterSeconds: 2 })
      // Whoever finishes hands the place over, so `running` stays as it is.
      await new Promise<void>((resolve) => line.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = line.shift()
      if (next) next()
      else running -= 1
    }
  }
}
