import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { BodyError } from '../../src/http/body-error.ts'
import type { FileSink } from '../../src/http/file-part.ts'
import type { MultipartLimits } from '../../src/http/multipart.ts'

export const TYPE = 'multipart/form-data; boundary=line'
export const LIMITS: MultipartLimits = { fileBytes: 1_000, totalBytes: 10_000, parts: 10, fieldBytes: 100 }

export const toText: FileSink<string> = ({ stream }) => text(stream)
export const field = (name: string, value: string, type?: string): string =>
  `--line\r\nContent-Disposition: form-data; name="${name}"\r\n${type ? `Content-Type: ${type}\r\n` : ''}\r\n${value}\r\n`
export const file = (name: string, fileName: string, value: string, type = 'image/png'): string =>
  `--line\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: ${type}\r\n\r\n${value}\r\n`
export const END = '--line--\r\n'

/** A body arriving in pieces of so many bytes. */
export function arriving(body: string | Buffer, pieceBytes = 1 << 16): Readable {
  const bytes = Buffer.from(body)
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, at) =>
    bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes),
  )
  return Readable.from(pieces, { objectMode: false })
}

export async function refusal(reading: Promise<unknown>): Promise<string> {
  const error: unknown = await reading.then(
    () => 'accepted',
    (reason: unknown) => reason,
  )
  return error instanceof BodyError ? error.kind : String(error)
}
