import { Transform, type Readable } from 'node:stream'
import { asFetchError, FetchError } from './errors.ts'
import type { Answer } from './request.ts'

export interface BodyLimits {
  /** After decompression. */
  maxBytes: number
  leastBytesPerSecond: number
  measureMs: number
  signal: AbortSignal
}

/**
 * The body of an answer, decompressed, within limits. What goes wrong arrives as a FetchError, also when nobody
 * listens yet; the connection is closed with it.
 *
 * @throws FetchError when the head already says that it will not do.
 */
export async function limitedBody({ raw, headers, close }: Answer, limits: BodyLimits): Promise<Readable> {
  const encodings = readEncodings(headers['content-encoding'])
  const stated = Number(headers['content-length'] ?? 0)
  // Compressed bytes may be fewer than what they hold, hardly ever more.
  if (stated > limits.maxBytes && encodings.length === 0) throw tooLarge()

  const wire = { bytes: 0 }
  const steps = [counter(wire, limits.maxBytes), ...(await decoders(encodings)), limiter(limits.maxBytes)]
  const body = steps.at(-1) ?? raw
  const fail = (error: unknown) => body.destroy(asFetchError(error))
  const stop = () => fail(limits.signal.reason)
  const pace = setInterval(paceKeeper(wire, limits, { body, fail }), limits.measureMs)
  body.once('close', () => {
    clearInterval(pace)
    limits.signal.removeEventListener('abort', stop)
    for (const stream of [raw, ...steps]) stream.destroy()
    close()
  })
  body.on('error', () => undefined)
  for (const stream of [raw, ...steps.slice(0, -1)]) stream.on('error', fail)
  limits.signal.addEventListener('abort', stop, { once: true })
  let from: Readable = raw
  for (const step of steps) from = from.pipe(step)
  if (limits.signal.aborted) stop()
  return body
}

const tooLarge = () => new FetchError('too_large', 'there is more of it than is fetched')

/** Counts what comes over the wire; compressed bytes have the same limit, or an endless empty stream would pass. */
function counter(wire: { bytes: number }, maxBytes: number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      wire.bytes += chunk.length
      if (wire.bytes > maxBytes) done(tooLarge())
      else done(null, chunk)
    },
  })
}

function limiter(maxBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) done(tooLarge())
      else done(null, chunk)
    },
  })
}

/** Fails what comes slower than allowed, unless it is the reader who is slow. */
function paceKeeper(
  wire: { bytes: number },
  { leastBytesPerSecond, measureMs }: BodyLimits,
  { body, fail }: { body: Readable; fail: (error: unknown) => void },
) {
  let before = 0
  return () => {
    const came = wire.bytes - before
    before = wire.bytes
    if (came >= (leastBytesPerSecond * measureMs) / 1000 || body.readableLength > 0) return
    fail(new FetchError('too_slow', 'the server sends too slowly'))
  }
}

const known = new Set(['gzip', 'x-gzip', 'deflate', 'br'])

/** Applied in this order by the server. @throws FetchError for one we did not ask for, or more than two. */
function readEncodings(header = ''): string[] {
  const names = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  if (names.length <= 2 && names.every((name) => known.has(name))) return names
  throw new FetchError('bad_answer', "the server's answer cannot be understood")
}

async function decoders(encodings: readonly string[]): Promise<Transform[]> {
  if (encodings.length === 0) return []
  const zlib = await import('node:zlib')
  return encodings.toReversed().map((name) => {
    if (name === 'br') return zlib.createBrotliDecompress()
    return name === 'deflate' ? zlib.createInflate() : zlib.createGunzip()
  })
}
