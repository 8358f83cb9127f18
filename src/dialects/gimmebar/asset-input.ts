import { Readable } from 'node:stream'
import type { Context } from '../../context.ts'
import type { CollectInput, CollectWhat } from '../../library/collecting.ts'
import { LibraryError } from '../../library/errors.ts'
import { flagOf, listOf, textOf, type Call } from './call.ts'
import { invalidInput, Refusal, uploadFailed } from './errors.ts'
import { collectionOf } from './finding.ts'

/** "File cannot be over 5MB" (POST asset, `data`). */
export const MOST_FILE_BYTES = 5 * 1024 * 1024

/** What "POST asset" says. What it brings along is among the call's files until somebody keeps it. */
export async function readAsset(ctx: Context, call: Call): Promise<CollectInput> {
  const usePrevious = flagOf(call, 'use_prev') === true
  const title = textOf(call, 'title')
  const source = textOf(call, 'source')
  if (!source?.trim()) throw invalidInput('source is required')
  if (!title?.trim() && !usePrevious) throw invalidInput('title is required')
  const description = textOf(call, 'description')
  const collectionIds: number[] = []
  for (const id of listOf(call, 'collection_id') ?? [])
    if (id !== '') collectionIds.push((await collectionOf(ctx, call.viewer, id)).id)
  return {
    what: await readWhat(ctx, call),
    source,
    usePrevious,
    collectionIds,
    private: flagOf(call, 'private') === true,
    fromBackup: flagOf(call, 'from_backup') === true,
    preventCapture: flagOf(call, 'prevent_capture') === true,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
  }
}

const SOURCES = ['url', 'text', 'data', 'dataurl'] as const

/** "You must provide one of url, text, data, or dataurl", and one only. An empty one is none. */
async function readWhat(ctx: Context, call: Call): Promise<CollectWhat> {
  const file = call.files.find(({ field }) => field === 'data')
  const [given, ...others] = SOURCES.filter((name) => (name === 'data' && file) || textOf(call, name))
  if (given === undefined || others.length > 0)
    throw invalidInput('Must provide one of url, text, data, dataurl')
  const text = textOf(call, given) ?? ''
  switch (given) {
    case 'url':
      return { kind: 'url', url: text.trim() }
    case 'text':
      return { kind: 'text', text }
    case 'dataurl':
      return readDataUrl(ctx, text)
    case 'data': {
      if (file === undefined) throw invalidInput('data must be a file, uploaded by a form')
      if (file.incoming.sizeBytes === 0) throw uploadFailed(400, 'File size was 0')
      // Whoever collects it keeps it or drops it.
      call.files.splice(call.files.indexOf(file), 1)
      return { kind: 'file', incoming: file.incoming, fileName: file.fileName || null, mimeType: null }
    }
  }
}

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w.+-]+=[^;,]*)*;base64,/i

async function readDataUrl({ blobs }: Pick<Context, 'blobs'>, text: string): Promise<CollectWhat> {
  const start = DATA_URL.exec(text.slice(0, 1000))
  if (start === null) throw invalidInput('Malformed data URL')
  // A form that does not escape its plus signs sends spaces.
  const encoded = text
    .slice(start[0].length)
    .replaceAll(' ', '+')
    .replaceAll(/[\r\n\t]/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded) || encoded.replaceAll('=', '').length % 4 === 1)
    throw invalidInput('Malformed data URL')
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length === 0) throw uploadFailed(400, 'File size was 0')
  if (bytes.length > MOST_FILE_BYTES) throw uploadFailed(400, 'File cannot be over 5MB')
  const incoming = await blobs.receive(Readable.from([bytes]), { maxBytes: MOST_FILE_BYTES })
  return { kind: 'file', incoming, fileName: null, mimeType: start[1]?.toLowerCase() ?? null }
}

/** The error rows of "POST asset". */
export function refuseAsset(error: unknown): unknown {
  if (!(error instanceof LibraryError)) return error
  const { reason } = error
  if (reason.kind === 'bad_media')
    return new Refusal(500, 'FILE_UPLOAD_FAILED', 'Processing of uploaded file failed')
  const isEmpty = reason.kind === 'invalid' && reason.problems.some(({ field }) => field === 'file')
  return isEmpty ? uploadFailed(400, 'File size was 0') : error
}
