import { UNKNOWN_FORMAT, UNKNOWN_VERSION } from './errors.ts'

/** `application/vnd.tookapic.v2+json`, apart; a client may leave the format out. */
const OURS = /^application\/vnd\.tookapic\.([^+]*)(?:\+(.*))?$/i
const MOST_RANGES = 50

/**
 * "By default all request receive the v2 version API" ("Current Version"). The first media type of this service
 * that is named decides; no header, any other type, and another service's mean v2 in JSON.
 *
 * @throws Refusal 400 for a version that is not v2, 406 for a format that is not JSON.
 */
export function requireKnownVersion(accept: string | undefined): void {
  for (const range of (accept ?? '').split(',', MOST_RANGES)) {
    const asked = OURS.exec(range.split(';', 1)[0]?.trim() ?? '')
    if (asked === null) continue
    const [, version = '', format = 'json'] = asked
    if (version.toLowerCase() !== 'v2') throw UNKNOWN_VERSION
    if (format.toLowerCase() !== 'json') throw UNKNOWN_FORMAT
    return
  }
}
