/** A stretch of bytes, both ends included; the first byte is 0. */
export interface ByteRange {
  first: number
  last: number
}

/**
 * Reads a `Range` header. Anything but one range of bytes, a list of several included, asks for the whole
 * (RFC 9110, 14.2 lets a server ignore the header).
 *
 * @returns The range cut to the size, null for the whole, or `unsatisfiable` if it lies outside.
 */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | null | 'unsatisfiable' {
  const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '')
  if (!match) return null
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return null

  const end = sizeBytes - 1
  if (from === '') {
    const length = Math.min(Number(to), sizeBytes)
    return length === 0 ? 'unsatisfiable' : { first: sizeBytes - length, last: end }
  }
  const first = Number(from)
  if (to !== '' && Number(to) < first) return null
  if (first > end) return 'unsatisfiable'
  return { first, last: to === '' ? end : Math.min(Number(to), end) }
}
