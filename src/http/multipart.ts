import type { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'
import type { BusboyInstance } from '@fastify/busboy'
import { BodyError } from './body-error.ts'
import type { BodyProblem } from './body-error.ts'
import { receiveFile } from './file-part.ts'
import type { FileSink, ReceivedFile } from './file-part.ts'
import { addParameter, noParameters } from './form.ts'
import type { Parameters } from './form.ts'
import { isJson, readJson } from './parameters.ts'

export interface MultipartLimits {
  /** Bytes of one file. */
  fileBytes: number
  /** Bytes of the whole body, delimiters included. */
  totalBytes: number
  /** Files and fields together. */
  parts: number
  /** Bytes of one field's text. */
  fieldBytes: number
}

export interface Multipart<T> {
  /** Fields in any order. An empty text stays `''`; a file input left empty is among the valueless names. */
  fields: Parameters
  files: ReceivedFile<T>[]
}

/** After a refusal this much more is read and thrown away, so that a client still sending gets to see the answer. */
const READ_ON_BYTES = 1024 * 1024

/**
 * Reads a `multipart/form-data` body. Every file goes to `sink` while it arrives, every field is kept as text
 * (UTF-8 unless its part says otherwise) or, if its part has a JSON type and no file name, as what the JSON says.
 *
 * Returns when every sink has finished. When anything goes wrong, a sink's own failure included, all parts are
 * ended with the error, all sinks are awaited, the clean-ups they registered are run, and the first error is thrown.
 * The rest of the body is then not read to its end: answer with `Connection: close`.
 *
 * @throws BodyError `too_large`, `too_many_parts`, `malformed`, `truncated`, or `malformed_json` for a JSON part.
 */
export async function readMultipart<T>(
  source: Readable,
  contentType: string | undefined,
  limits: MultipartLimits,
  sink: FileSink<T>,
): Promise<Multipart<T>> {
  const parser = openParser(contentType, limits)
  const stop = new AbortController()
  const fail = (error: unknown): void => stop.abort(error)
  const fields = noParameters()
  const files: Promise<ReceivedFile<T> | null>[] = []
  const cleanUps: (() => unknown)[] = []

  parser.on('file', (...[field, stream, fileName, , mimeType]) => {
    const part = { field, fileName: fileName ?? '', mimeType, stream, signal: stop.signal, cleanUps }
    const file = receiveFile(part, sink)
    stream.on('limit', () => fail(new BodyError('too_large')))
    file.then((received) => received ?? fields.valueless.push(field)).catch(fail)
    files.push(file)
  })
  parser.on('field', (...[field, text, , isCut, , mimeType]) => {
    if (isCut) fail(new BodyError('too_large'))
    else if (field !== undefined) readField(fields, { field, text, mimeType }, fail)
  })
  parser.on('partsLimit', () => fail(new BodyError('too_many_parts')))

  try {
    await pump(source, parser, limits.totalBytes, stop)
    const received = await Promise.all(files)
    stop.signal.throwIfAborted()
    return { fields, files: received.filter((file) => file !== null) }
  } catch (error) {
    fail(error)
    readOn(source)
    await Promise.allSettled(files)
    await Promise.allSettled(cleanUps.map(async (cleanUp) => cleanUp()))
    throw stop.signal.reason
  }
}

function openParser(contentType: string | undefined, limits: MultipartLimits): BusboyInstance {
  const header = contentType ?? ''
  if (!/^multipart\/form-data\s*;/i.test(header) || !/;\s*boundary=(?:"[^"]+"|[^\s";]+)/i.test(header)) {
    throw new BodyError('malformed')
  }
  try {
    return new Busboy({
      headers: { 'content-type': header },
      limits: {
        fileSize: limits.fileBytes,
        fieldSize: limits.fieldBytes,
        parts: limits.parts,
        headerPairs: 20,
        headerSize: 8 * 1024,
      },
    })
  } catch {
    throw new BodyError('malformed')
  }
}

/** Feeds the parser until it has seen the closing delimiter and the body has ended, or something stops it. */
function pump(
  source: Readable,
  parser: BusboyInstance,
  totalBytes: number,
  stop: AbortController,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let total = 0
    let ended = false
    let finished = false
    const fail = (kind: BodyProblem): void => stop.abort(new BodyError(kind))
    const feed = (chunk: Buffer): void => {
      total += chunk.length
      if (total > totalBytes) fail('too_large')
      else if (!parser.write(chunk)) source.pause()
    }
    const end = (): void => {
      ended = true
      parser.end()
      if (finished) resolve()
    }

    parser.on('drain', () => source.resume())
    // The parser can only miss its closing delimiter once the body is over; anything before is nonsense inside.
    parser.on('error', () => fail(ended ? 'truncated' : 'malformed'))
    parser.on('finish', () => {
      finished = true
      if (ended) resolve()
    })
    stop.signal.addEventListener('abort', () => {
      source.off('data', feed).off('end', end)
      reject(stop.signal.reason)
    })

    source.on('error', () => fail('truncated'))
    source.on('close', () => {
      if (!ended) fail('truncated')
    })
    source.on('data', feed).on('end', end)
    if (source.destroyed || source.readableEnded) fail('truncated')
  })
}

function readOn(source: Readable): void {
  let bytes = 0
  source.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > READ_ON_BYTES) source.pause()
  })
  source.resume()
}

function readField(
  fields: Parameters,
  { field, text, mimeType }: { field: string; text: string; mimeType: string },
  fail: (error: unknown) => void,
): void {
  try {
    addParameter(fields.values, field, isJson(mimeType) && text !== '' ? readJson(text) : text)
  } catch (error) {
    fail(error)
  }
}
