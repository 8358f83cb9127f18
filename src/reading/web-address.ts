/** An address in a page, absolute; null when it is none, not http or https, or holds a name and password. */
export function webAddress(text: string | null | undefined, base: string): string | null {
  const trimmed = text?.trim()
  if (!trimmed || trimmed.length > 4_000 || !URL.canParse(trimmed, base)) return null
  const url = new URL(trimmed, base)
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url.href : null
}
