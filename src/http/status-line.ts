import { STATUS_CODES } from 'node:http'

/** A status as number and words, `200 OK`; a code without registered words stands alone. */
export function statusText(code: number): string {
  const words = STATUS_CODES[code]
  return words === undefined ? String(code) : `${code} ${words}`
}
