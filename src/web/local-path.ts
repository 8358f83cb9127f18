/**
 * A path of this site to go on to, or null. Judged after parsing, and once more after that: `/.//host` turns into
 * `//host`, which a browser takes for another site.
 */
export function localPath(text: string): string | null {
  if (!text.startsWith('/') || text.length > 16_000) return null
  const here = 'http://here.invalid'
  if (!URL.canParse(text, here)) return null
  const url = new URL(text, here)
  const path = url.pathname + url.search
  return url.origin === here && /^\/(?![/\\])/.test(path) ? path : null
}
