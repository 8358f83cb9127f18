import { wellFormed } from './code-points.ts'
import { limits } from './limits.ts'

/** A file name for people: no folders, no control characters, at most 255 bytes; null when nothing is left. */
export function cleanFileName(name: string | null): string | null {
  const last =
    wellFormed(name ?? '')
      .split(/[/\\]/)
      .at(-1) ?? ''
  const plain = last.replaceAll(/\p{Cc}/gu, '').trim()
  return /^\.*$/.test(plain) ? null : shorten(plain)
}

/** Takes characters off the stem, so that the name keeps its extension. */
function shorten(name: string): string {
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : ''
  const room = limits.fileNameBytes - Buffer.byteLength(extension)
  let stem = ''
  let used = 0
  for (const letter of name.slice(0, name.length - extension.length)) {
    used += Buffer.byteLength(letter)
    if (used > room) break
    stem += letter
  }
  return stem + extension
}
