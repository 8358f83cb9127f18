import { Child, ChildFailure, type ChildOptions } from './child.ts'
import { openDocumentReader, type DocumentReader, type DocumentReaderOptions } from './document-reader.ts'
import type { PageFacts } from './facts.ts'
import type { ReadRequest } from './page-worker.ts'

export interface ReaderOptions extends DocumentReaderOptions, Pick<ChildOptions, 'workerPath' | 'execArgv'> {
  /** For one page; 10 seconds. */
  timeoutMs?: number
  /** After this long without work the process ends; 30 seconds. */
  idleMs?: number
  /** Pages that may wait; 200. */
  queueLimit?: number
}

export interface PageToRead {
  /** The start of the file is enough: 2 MiB are read. */
  bytes: Uint8Array
  /** As the server said it. */
  charset: string | null
  /** Where the page is. */
  url: string
}

/** Reads pages in a process of its own, one after the other: a page can be made to take for ever. Also documents. */
export interface Reader extends DocumentReader {
  /**
   * What a page says about itself; null when it cannot be read in the time and memory there is.
   *
   * @throws ChildFailure `stopped` when the reader is closed or too many pages wait.
   */
  readPage: (page: PageToRead) => Promise<PageFacts | null>
}

const heapMegabytes = 512
const startMs = 20_000

/** Nothing is started before the first page comes. */
export function openReader(options: ReaderOptions): Reader {
  const { timeoutMs = 10_000, idleMs = 30_000, queueLimit = 200 } = options
  const documents = openDocumentReader(options)
  let child: Child | null = null
  let idle: NodeJS.Timeout | undefined
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let isClosed = false

  async function read(page: PageToRead): Promise<PageFacts | null> {
    if (isClosed) throw new ChildFailure('stopped', 'no more pages are read')
    clearTimeout(idle)
    if (child?.isUsable !== true) {
      child = new Child({ ...options, heapMegabytes })
      await child.run({ op: 'ready' }, startMs)
    }
    const request: ReadRequest = { op: 'read', ...page }
    try {
      const facts = await child.run(request, timeoutMs)
      return isFacts(facts) ? facts : null
    } catch (error) {
      if (error instanceof ChildFailure && error.kind !== 'stopped') return null
      throw error
    } finally {
      const used = child
      if (!isClosed) idle = setTimeout(() => void used.stop(), idleMs).unref()
    }
  }

  return {
    async readPage(page) {
      if (waiting >= queueLimit) throw new ChildFailure('stopped', 'too many pages wait')
      waiting += 1
      const turn = last.then(() => read(page))
      last = turn.catch(() => undefined).finally(() => (waiting -= 1))
      return turn
    },
    // Beside the pages, which somebody waits for.
    readDocument: documents.readDocument,
    async close() {
      isClosed = true
      clearTimeout(idle)
      await Promise.all([child?.stop(), documents.close()])
      await last
    },
  }
}

function isFacts(value: unknown): value is PageFacts {
  return typeof value === 'object' && value !== null && 'kind' in value && 'text' in value
}
