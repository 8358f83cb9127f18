/** Of a page; what comes after is not read. */
export const readHtmlBytes = 2 * 1024 * 1024

/**
 * The text of an HTML file: by its byte order mark, else what the server said, else what it says itself in its first
 * kilobyte, else UTF-8 (HTML Standard, "Determining the character encoding", simplified).
 */
export function decodeHtml(bytes: Uint8Array, charset: string | null): string {
  const kept = bytes.subarray(0, readHtmlBytes)
  return (decoder(markOf(kept)) ?? decoder(charset) ?? decoder(statedIn(kept)) ?? new TextDecoder()).decode(
    kept,
    inPieces,
  )
}

/** Without this Node takes Windows' Western characters for Latin 1; and what is cut off may end in half a character. */
export const inPieces = { stream: true } as const

function markOf([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : null
}

function statedIn(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 1_024)).toString('latin1')
  const stated = /<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})/i.exec(start)?.[1] ?? null
  // A page whose own words could be read as single bytes is not UTF-16.
  return stated !== null && /^utf-?16/i.test(stated) ? 'utf-8' : stated
}

function decoder(name: string | null): TextDecoder | null {
  if (name === null) return null
  try {
    return new TextDecoder(name)
  } catch {
    return null
  }
}

/**
 * What decodes a text that comes in pieces, by its first one: a byte order mark, else the encoding that an XML
 * declaration states, else UTF-8.
 */
export function markupDecoder(start: Uint8Array): TextDecoder {
  const declaration = Buffer.from(start.subarray(0, 200)).toString('latin1')
  const stated = /^<\?xml[^>]{1,150}?encoding\s*=\s*["']([\w.:-]{2,40})/.exec(declaration)?.[1] ?? null
  return decoder(markOf(start)) ?? decoder(stated) ?? new TextDecoder()
}

/** The text of a plain file: by its byte order mark, else UTF-8 when it is that, else Windows' Western characters. */
export function decodePlain(bytes: Uint8Array): string {
  const kept = bytes.subarray(0, readHtmlBytes)
  const marked = decoder(markOf(kept))
  if (marked) return marked.decode(kept, inPieces)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(kept, inPieces)
  } catch {
    return new TextDecoder('windows-1252').decode(kept, inPieces)
  }
}
