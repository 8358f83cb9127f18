/** As much of a file as is looked at to tell what it is. */
const headBytes = 4096

/** The text of a stream of bytes, piece by piece. A byte order mark says what it is, else `charsetOf` its head, else UTF-8. */
export async function* decodedText(
  bytes: AsyncIterable<Buffer>,
  charsetOf: (head: string) => string | null = () => null,
): AsyncGenerator<string, void> {
  let head: Buffer[] = []
  let held = 0
  let decoder: TextDecoder | null = null
  for await (const chunk of bytes) {
    if (decoder) {
      yield decoder.decode(chunk, { stream: true })
      continue
    }
    head.push(chunk)
    held += chunk.length
    if (held < headBytes) continue
    decoder = decoderFor(Buffer.concat(head), charsetOf)
    yield decoder.decode(Buffer.concat(head), { stream: true })
    head = []
  }
  decoder ??= decoderFor(Buffer.concat(head), charsetOf)
  yield decoder.decode(Buffer.concat(head))
}

function decoderFor(head: Buffer, charsetOf: (head: string) => string | null): TextDecoder {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le')
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be')
  const isMarked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf
  const stated = isMarked ? null : charsetOf(head.subarray(0, headBytes).toString('latin1'))
  try {
    return new TextDecoder(stated ?? 'utf-8')
  } catch {
    return new TextDecoder()
  }
}

/** What an HTML file says of itself in its head. One whose words could be read as single bytes is not UTF-16. */
export function statedCharset(head: string): string | null {
  const stated = /<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})/i.exec(head)?.[1] ?? null
  return stated !== null && /^utf-?16/i.test(stated) ? null : stated
}

/** One thing of an archive may take so many characters of its file; nothing honest needs more. */
export const longestRowChars = 8 * 1024 ** 2
