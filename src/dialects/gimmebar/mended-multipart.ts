const CRLF = Buffer.from('\r\n')

/** The boundary that a multipart Content-Type names; null without one. */
export function boundaryOf(contentType: string | undefined): string | null {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s";]+))/i.exec(contentType ?? '') ?? []
  return quoted ?? plain ?? null
}

/**
 * Rights a multipart body whose lines end with LF alone or whose closing delimiter is missing, as clients of this API
 * sent them. A body that is as it should be comes back as it is.
 */
export function mendMultipart(body: Buffer, boundary: string): Buffer {
  const delimiter = Buffer.from(`--${boundary}`)
  const start = body.indexOf(delimiter)
  if (start !== 0) return body
  const after = body.subarray(delimiter.length, delimiter.length + 2)
  const isPlain = after[0] === 0x0a
  const isClosed = body.includes(Buffer.from(`\n--${boundary}--`))
  if (!isPlain && isClosed) return body
  if (!isPlain) {
    const end = `${body.subarray(-2).equals(CRLF) ? '' : '\r\n'}--${boundary}--\r\n`
    return Buffer.concat([body, Buffer.from(end)])
  }
  return Buffer.concat([
    ...partsOf(body, boundary).flatMap((part) => [delimiter, CRLF, rightedHead(part)]),
    Buffer.from(`--${boundary}--\r\n`),
  ])
}

function partsOf(body: Buffer, boundary: string): Buffer[] {
  const parts: Buffer[] = []
  const line = Buffer.from(`\n--${boundary}`)
  let at = boundary.length + 3
  while (at <= body.length) {
    const next = body.indexOf(line, at - 1)
    // The line end before a delimiter belongs to it; at the end of the body there may be one or not.
    const last = body.at(-1) === 0x0a ? body.length - 1 : body.length
    const end = next === -1 ? last : next
    if (end >= at) parts.push(body.subarray(at, end))
    if (next === -1) break
    const rest = next + line.length
    if (body.subarray(rest, rest + 2).toString() === '--') break
    at = rest + 1
  }
  return parts
}

function rightedHead(part: Buffer): Buffer {
  const blank = part.indexOf('\n\n')
  if (blank === -1) return Buffer.concat([part, CRLF])
  const head = part.subarray(0, blank).toString('latin1').replaceAll(/\r?\n/g, '\r\n')
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), part.subarray(blank + 2), CRLF])
}
