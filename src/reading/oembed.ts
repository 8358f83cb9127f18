import type { OembedFacts } from './facts.ts'
import { webAddress } from './web-address.ts'

/** Reads an oEmbed answer in JSON. Null when it is none, or one without what its type requires. */
export function readOembed(text: string, base: string): OembedFacts | null {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return null
  const said = new Map(Object.entries(read))
  const type = oneOf(said.get('type'))
  if (type === null) return null
  const words = (name: string, most = 500) => shortText(said.get(name), most)
  const address = (name: string) => webAddress(words(name, 2_000), base)
  const facts: OembedFacts = {
    type,
    title: words('title'),
    html: words('html', 20_000),
    url: address('url'),
    width: side(said.get('width')),
    height: side(said.get('height')),
    author_name: words('author_name'),
    author_url: address('author_url'),
    provider_name: words('provider_name'),
    provider_url: address('provider_url'),
    thumbnail_url: address('thumbnail_url'),
    thumbnail_width: side(said.get('thumbnail_width')),
    thumbnail_height: side(said.get('thumbnail_height')),
  }
  const isWhole = type === 'photo' ? facts.url !== null : type === 'link' || facts.html !== null
  return isWhole ? facts : null
}

const types = ['photo', 'video', 'link', 'rich'] as const
const oneOf = (value: unknown) => types.find((type) => type === value) ?? null

function shortText(value: unknown, most: number): string | null {
  return typeof value === 'string' && value.trim() !== '' && value.length <= most ? value : null
}

/** Some services write numbers as text, or `100%`. */
function side(value: unknown): number | null {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isFinite(number) && number > 0 && number <= 100_000 ? Math.round(number) : null
}
