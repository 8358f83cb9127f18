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
  )
}

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
