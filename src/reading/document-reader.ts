import { open } from 'node:fs/promises'
import { Child, ChildFailure, type ChildOptions } from './child.ts'
import type { DocumentFacts } from './facts.ts'
import { sniffBytes, sniffedBytes } from './sniff.ts'

export interface DocumentReaderOptions extends Pick<ChildOptions, 'workerPath' | 'execArgv'> {
  /** For one document; 30 seconds. */
  documentTimeoutMs?: number
  /** For one document; 1 GiB. */
  documentMemoryBytes?: number
}

export interface DocumentRequest {
  op: 'document'
  path: string
  format: string
}

/** Reads documents one after the other, each in a process of its own: they can be made to take all there is. */
export interface DocumentReader {
  /**
   * What a document says; null when it is of a format that is not read, damaged, locked with a password, or cannot be
   * read in the time and memory there is.
   *
   * @param mimeType As whoever brought it said it; counts only where bytes do not tell.
   * @throws ChildFailure when the reader is closed, or the machine is to blame: another try may do better.
   */
  readDocument: (path: string, mimeType: string | null) => Promise<DocumentFacts | null>
  close: () => Promise<void>
}

const readFormats = new Set('pdf docx xlsx pptx odt ods odp odg epub rtf html txt'.split(' '))
/** A PDF is held as a whole. */
const mostBytes = 256 * 1024 * 1024
const heapMegabytes = 512
const startMs = 30_000

/** Nothing is started before the first document comes. */
export function openDocumentReader(options: DocumentReaderOptions): DocumentReader {
  const running = new Set<Child>()
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false

  async function read(path: string, mimeType: string | null): Promise<DocumentFacts | null> {
    const format = await formatOf(path, mimeType)
    if (format === null) return null
    if (isClosed) throw new ChildFailure('stopped', 'no more documents are read')
    const memoryBytes = options.documentMemoryBytes ?? 1024 ** 3
    const child = new Child({ ...options, heapMegabytes, memoryBytes })
    running.add(child)
    try {
      await child.run({ op: 'ready' }, startMs)
      const request: DocumentRequest = { op: 'document', path, format }
      return await factsOrNull(child, request, options.documentTimeoutMs ?? 30_000)
    } finally {
      await child.stop()
      running.delete(child)
    }
  }

  return {
    readDocument(path, mimeType) {
      const turn = last.then(() => read(path, mimeType))
      last = turn.catch(() => undefined)
      return turn
    },
    async close() {
      isClosed = true
      await Promise.all([...running].map((child) => child.stop()))
      await last
    },
  }
}

async function factsOrNull(child: Child, request: DocumentRequest, timeoutMs: number) {
  try {
    const facts = await child.run(request, timeoutMs)
    return areFacts(facts) ? facts : null
  } catch (error) {
    // A document that kills its process does so every time.
    if (error instanceof ChildFailure && (error.kind === 'died' || error.kind === 'late')) return null
    throw error
  }
}

async function formatOf(path: string, mimeType: string | null): Promise<string | null> {
  await using file = await open(path)
  if ((await file.stat()).size > mostBytes) return null
  const { bytesRead, buffer } = await file.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0)
  const { format } = sniffBytes(buffer.subarray(0, bytesRead), mimeType)
  return readFormats.has(format) ? format : null
}

function areFacts(value: unknown): value is DocumentFacts {
  return typeof value === 'object' && value !== null && 'title' in value && 'text' in value
}
