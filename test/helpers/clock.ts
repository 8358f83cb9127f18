/** A clock that stands still until a test moves it. */
export interface TestClock {
  now: () => Date
  /** Moves on by so many seconds. */
  advance: (seconds: number) => void
  set: (iso: string) => void
}

export function workingClock(start: string): TestClock {
  let ms = Date.parse(start)
  return {
    now: () => new Date(ms),
    advance: (seconds) => void (ms += seconds * 1000),
    set: (iso) => void (ms = Date.parse(iso)),
  }
}
