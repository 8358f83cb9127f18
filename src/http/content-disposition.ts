const LONGEST_NAME_BYTES = 180

/**
 * A `Content-Disposition` value that is safe for any file name: a plain ASCII name, and next to it the real one when
 * that says more (RFC 6266, appendix D). Folders, control characters and marks that reorder text are taken out.
 */
export function contentDisposition(type: 'inline' | 'attachment', fileName: string | undefined): string {
  const name = safeFileName(fileName ?? '')
  if (name === '') return type
  const plain = name.replaceAll(/[^\x20-\x7e]+/g, '_').replaceAll(/["\\%]/g, '_')
  if (plain === name) return `${type}; filename="${plain}"`
  return `${type}; filename="${plain}"; filename*=UTF-8''${encodeRfc8187(name)}`
}

function safeFileName(fileName: string): string {
  const name = fileName
    .normalize('NFC')
    .replace(/^.*[/\\]/s, '')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu, '')
    .replaceAll(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+/, '')
    .replace(/[.\s]+$/, '')
  return shorten(name)
}

/** Cuts before the extension, at whole characters; lone surrogates become U+FFFD on the way. */
function shorten(name: string): string {
  const whole = Buffer.from(name).toString()
  if (Buffer.byteLength(whole) <= LONGEST_NAME_BYTES) return whole
  const extension = /\.[\w-]{1,16}$/.exec(whole)?.[0] ?? ''
  const stem = Buffer.from(whole)
    .subarray(0, LONGEST_NAME_BYTES - extension.length)
    .toString()
  return stem.replace(/\uFFFD+$/, '') + extension
}

function encodeRfc8187(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
