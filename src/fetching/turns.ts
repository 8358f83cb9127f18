import { FetchError } from './errors.ts'

/** Gives back what `take` gave. Calling it again does nothing. */
export type Release = () => void

interface Waiting {
  account: string
  start: () => void
}

/** So many at once for one account and in all; whoever comes later waits. */
export class Turns {
  readonly #most: { perAccount: number; inAll: number; waiting: number }
  readonly #running = new Map<string, number>()
  #inAll = 0
  #waiting: Waiting[] = []

  constructor(most: { perAccount: number; inAll: number; waiting: number }) {
    this.#most = most
  }

  /** @throws FetchError `busy` when too many wait already; the signal's reason when it is stopped while waiting. */
  take(account: string, signal: AbortSignal): Promise<Release> {
    if (this.#waiting.length >= this.#most.waiting)
      return Promise.reject(new FetchError('busy', 'too much is being fetched already'))
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting)
        reject(
          signal.reason instanceof Error ? signal.reason : new FetchError('stopped', 'the fetch was stopped'),
        )
      }
      const start = () => {
        signal.removeEventListener('abort', stop)
        resolve(this.#begin(account))
      }
      const waiting = { account, start }
      if (signal.aborted) return stop()
      signal.addEventListener('abort', stop, { once: true })
      this.#waiting.push(waiting)
      this.#next()
    })
  }

  #begin(account: string): Release {
    this.#inAll += 1
    this.#running.set(account, (this.#running.get(account) ?? 0) + 1)
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#inAll -= 1
      const left = (this.#running.get(account) ?? 1) - 1
      if (left > 0) this.#running.set(account, left)
      else this.#running.delete(account)
      this.#next()
    }
  }

  /** Whoever has waited longest among those whose account has a turn left. */
  #next(): void {
    while (this.#inAll < this.#most.inAll) {
      const index = this.#waiting.findIndex(
        ({ account }) => (this.#running.get(account) ?? 0) < this.#most.perAccount,
      )
      const [first] = index < 0 ? [] : this.#waiting.splice(index, 1)
      if (!first) return
      first.start()
    }
  }
}
