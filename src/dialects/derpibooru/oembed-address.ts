/** A place where our images' addresses may begin: a host, in lower case with its port, and the path before ours. */
export interface AddressSpace {
  host: string
  /** '' or `/derpibooru`. */
  mount: string
}

/** What an address asked about means: an image, none of ours, or no address at all. */
export type AskedImage = { kind: 'image'; id: number } | { kind: 'other' } | { kind: 'malformed' }

const LONGEST_ADDRESS = 4096

/**
 * The paths of the pages (`/ID`, `/images/ID`, with anything after) and of the pictures, whose id comes after three
 * date segments: never one of those is taken for it. The `/media/` addresses of old hold no id.
 */
const PATHS: readonly RegExp[] = [
  /^\/(?:images\/)?(\d{1,15})(?:[/.].*)?$/,
  /^\/img\/\d{4}\/\d{1,2}\/\d{1,2}\/(\d{1,15})(?:-[\w-]+)?\/[a-z_]+\.[a-z0-9]+$/,
  /^\/img\/(?:view|download)\/\d{4}\/\d{1,2}\/\d{1,2}\/(\d{1,15})(?:-[\w-]+?)?(?:__.*)?\.[a-z0-9]+$/,
]

/**
 * Reads the `url` of an oEmbed request (API page, "oEmbed": "The following domain spaces are supported").
 *
 * @param spaces Where our addresses begin, other names of this installation included.
 */
export function askedImage(text: string, spaces: readonly AddressSpace[]): AskedImage {
  const url = readAddress(text)
  if (url === null) return { kind: 'malformed' }
  const host = url.host.toLowerCase()
  const path = url.pathname.replaceAll(/\/{2,}/g, '/')
  for (const space of spaces) {
    if (space.host !== host || !path.startsWith(`${space.mount}/`)) continue
    const inside = path.slice(space.mount.length)
    for (const pattern of PATHS) {
      const id = pattern.exec(inside)?.[1]
      if (id !== undefined) return { kind: 'image', id: Number(id) }
    }
  }
  return { kind: 'other' }
}

/** The address a client meant: perhaps encoded once too often, or with the `+` of a name decoded, or without a scheme. */
function readAddress(text: string): URL | null {
  const written = text.trim().replaceAll(' ', '+')
  if (written === '' || written.length > LONGEST_ADDRESS) return null
  for (const candidate of [written, decodedOnce(written)]) {
    const whole = candidate.startsWith('//') ? `https:${candidate}` : candidate
    if (/^https?:\/\//i.test(whole) && URL.canParse(whole)) return new URL(whole)
  }
  return null
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text).replaceAll(' ', '+')
  } catch {
    return text
  }
}
