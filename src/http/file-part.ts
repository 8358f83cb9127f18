import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { Readable } from 'node:stream'

/** One file of a multipart body, as its sink gets it. Name and type are what the client claims: prove them. */
export interface FilePart {
  field: string
  /** Without folders; empty if the client gave none. */
  fileName: string
  mimeType: string
  /** The bytes. Ends with an error when the body turns out to be bad; what a sink leaves unread is thrown away. */
  stream: Readable
  /** Fires when anything in the whole body goes wrong, also after this file has been read to its end. */
  signal: AbortSignal
  /** Registers what undoes the sink's work; run, and awaited, only when the reading of the body fails. */
  onDiscard: (cleanUp: () => unknown) => void
}

/** Where a file goes. Must settle once its stream has ended or failed. */
export type FileSink<T> = (part: FilePart) => Promise<T>

export interface ReceivedFile<T> {
  field: string
  fileName: string
  mimeType: string
  /** What the sink returned. */
  stored: T
}

interface IncomingPart {
  field: string
  fileName: string
  mimeType: string
  stream: Readable
  signal: AbortSignal
  cleanUps: (() => unknown)[]
}

/** Bytes of a file that wait for its sink before the sender is told to. */
const HELD_BYTES = 128 * 1024

/**
 * Hands one file of the parser to the sink through a stream of our own, because the parser's streams never end
 * when a reader gives up half-way.
 *
 * @returns null for a part with neither a file name nor bytes: what a browser sends for a file input left empty.
 */
export async function receiveFile<T>(
  incoming: IncomingPart,
  sink: FileSink<T>,
): Promise<ReceivedFile<T> | null> {
  const { field, fileName, mimeType, signal, cleanUps } = incoming
  const stream = new PassThrough({ highWaterMark: HELD_BYTES })
  relay(incoming.stream, stream, signal)
  signal.throwIfAborted()

  if (fileName === '') {
    await once(stream, 'readable')
    if (stream.readableLength === 0) {
      stream.resume()
      return null
    }
  }
  const onDiscard = (cleanUp: () => unknown): void => void cleanUps.push(cleanUp)
  const stored = await sink({ field, fileName, mimeType, stream, signal, onDiscard })
  if (!stream.readableEnded) stream.destroy()
  return { field, fileName, mimeType, stored }
}

function relay(source: Readable, target: PassThrough, signal: AbortSignal): void {
  const stop = (): void => void target.destroy(toError(signal.reason))
  signal.addEventListener('abort', stop, { once: true })

  source.on('data', (chunk: Buffer) => {
    if (target.writable && !target.write(chunk)) source.pause()
  })
  source.on('end', () => target.end())
  // Both streams fail together with the whole reading, which reports it; unheard, either would end the process.
  source.on('error', ignore)
  target.on('error', ignore)
  target.on('drain', () => source.resume())
  target.on('close', () => {
    signal.removeEventListener('abort', stop)
    source.resume()
  })
  if (signal.aborted) stop()
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The body cannot be read.', { cause: reason })
}

function ignore(): void {}
