import type { IncomingMessage } from 'node:http'
import type { Validators } from './etag.ts'

/**
 * What is still asked of each request that a kept answer is for: that a credential is good once more, that the call is
 * counted. Nothing waits here.
 *
 * @param unchanged Whether the client has the answer already.
 * @returns Headers of this one answer, names and values in turn; null when the request has to go the long way.
 */
export type Admission = (request: IncomingMessage, unchanged: boolean) => string[] | null

/** An answer as it was rendered: what goes on the wire again, byte for byte. */
export interface RenderedAnswer extends Validators {
  /** Names and values in turn, as they are written; of a 304, those that say nothing of a body. */
  headers: { whole: readonly string[]; unchanged: readonly string[] }
  /** A text holds nothing but ASCII. */
  body: Buffer | string
  admit: Admission
}

export interface ResponseCache {
  /** Whether an answer of any version is kept under this key. */
  has(key: string): boolean
  /** The answer kept under this key, if it was rendered from the same version; another version is dropped. */
  get(key: string, version: string): RenderedAnswer | undefined
  /** Keeps an answer; one that would take more than an eighth of the room is not kept. */
  set(key: string, version: string, answer: RenderedAnswer): void
  clear(): void
  /** Bytes held now, bookkeeping estimated. */
  readonly bytes: number
}

interface Entry {
  version: string
  answer: RenderedAnswer
  bytes: number
}

/** Rough cost of an entry beside its body, key and header texts. */
const OVERHEAD_BYTES = 600

/** Rendered answers, the least recently used given up first once `maxBytes` are held. */
export function createResponseCache({ maxBytes }: { maxBytes: number }): ResponseCache {
  // A Map keeps the order of insertion: the first key is the one not used for longest.
  const entries = new Map<string, Entry>()
  let held = 0

  function drop(key: string, entry: Entry): void {
    entries.delete(key)
    held -= entry.bytes
  }

  return {
    has: (key) => entries.has(key),
    get(key, version) {
      const entry = entries.get(key)
      if (!entry) return undefined
      if (entry.version !== version) {
        drop(key, entry)
        return undefined
      }
      entries.delete(key)
      entries.set(key, entry)
      return entry.answer
    },
    set(key, version, answer) {
      const known = entries.get(key)
      if (known) drop(key, known)
      const bytes = sizeOf(key, version, answer)
      if (bytes > maxBytes / 8) return
      entries.set(key, { version, answer, bytes })
      held += bytes
      for (const [oldest, entry] of entries) {
        if (held <= maxBytes) break
        drop(oldest, entry)
      }
    },
    clear() {
      entries.clear()
      held = 0
    },
    get bytes() {
      return held
    },
  }
}

function sizeOf(key: string, version: string, { headers, body }: RenderedAnswer): number {
  let characters = key.length + version.length
  for (const text of headers.whole) characters += text.length
  return body.length + characters * 2 + OVERHEAD_BYTES
}
