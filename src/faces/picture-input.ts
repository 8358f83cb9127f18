import { Readable } from 'node:stream'
import type { Blobs, Incoming } from '../blobs/blobs.ts'
import type { ParameterValues } from '../http/form.ts'
import { MediaError } from '../media/errors.ts'
import type { PictureFacts } from '../media/facts.ts'
import { inspectPicture } from '../media/inspect.ts'
import type { ReceivedPart } from './bodies.ts'
import type { Values } from './values.ts'

/** A picture that has arrived in `incoming/`. */
export interface ArrivedPicture {
  incoming: Incoming
  fileName: string | null
}

/** What a request brought along. What is put into `files` is dropped with them unless somebody keeps it. */
export interface Brought {
  files: ReceivedPart[]
  values: ParameterValues
}

/** The picture of a request: the file part of this name, or a data URL in the field of this name. Null without one. */
export async function takePicture(
  blobs: Blobs,
  { files, values }: Brought,
  name: string,
  maxBytes: number,
): Promise<ArrivedPicture | null> {
  const part = files.find(({ field }) => field === name)
  if (part !== undefined) return { incoming: part.incoming, fileName: part.fileName || null }
  const bytes = decodeDataUrl(values[name])
  if (bytes === null) return null
  const incoming = await blobs.receive(Readable.from([bytes]), { maxBytes: Math.max(maxBytes, bytes.length) })
  files.push({ field: name, fileName: '', incoming })
  return { incoming, fileName: null }
}

/** What a picture is, or null when it cannot be used: then `values` holds why. */
export async function judgePicture(
  { incoming }: ArrivedPicture,
  values: Values,
  { name, maxBytes }: { name: string; maxBytes: number },
): Promise<PictureFacts | null> {
  if (incoming.sizeBytes > maxBytes) {
    values.refuse(name, `is too large (at most ${Math.floor(maxBytes / 1024 ** 2)} MB)`)
    return null
  }
  try {
    return await inspectPicture(incoming.path)
  } catch (error) {
    if (!(error instanceof MediaError)) throw error
    values.refuse(name, `cannot be used: ${error.detail}`)
    return null
  }
}

function decodeDataUrl(text: unknown): Buffer | null {
  if (typeof text !== 'string' || !text.startsWith('data:')) return null
  const comma = text.indexOf(',')
  const isBase64 = comma > 0 && /;base64$/i.test(text.slice(0, comma))
  const bytes = isBase64 ? Buffer.from(text.slice(comma + 1), 'base64') : null
  return bytes !== null && bytes.length > 0 ? bytes : null
}
