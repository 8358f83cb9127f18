import type { EmbedCode } from './facts.ts'
import { webAddress } from './web-address.ts'

const longest = 16_384
const tags = new Set(['iframe', 'object', 'embed', 'video'])
/** What may stand inside of such a tag. */
const inside = new Set(['param', 'embed', 'source', 'track', 'p', 'a'])
const shown =
  /^(src|data|width|height|type|title|poster|allow|allowfullscreen|frameborder|controls|loop|muted|classid)$/

interface Found {
  tag: string
  attributes: Record<string, string>
}

/**
 * Reads the code that sites offer for showing something of theirs elsewhere: a single iframe, object, embed or video
 * tag. Null for anything else: text, two tags, an address that is not http or https.
 */
export async function readEmbedCode(text: string): Promise<EmbedCode | null> {
  if (text.length > longest || !/^\s*<(iframe|object|embed|video)[\s>]/i.test(text)) return null
  const found = await readTags(text)
  const [outer, ...inner] = found ?? []
  if (!outer) return null

  const params: Record<string, string> = {}
  for (const { tag, attributes } of inner)
    if (tag === 'param' && attributes['name'] && attributes['value'])
      params[attributes['name'].toLowerCase()] = attributes['value']
  const nested = inner.find(({ tag }) => tag === 'embed' || tag === 'source')?.attributes['src']
  const { src, data } = outer.attributes
  const address = webAddress(
    src ?? data ?? params['movie'] ?? params['src'] ?? nested,
    'https://nowhere.invalid/',
  )
  if (address === null || new URL(address).hostname === 'nowhere.invalid') return null

  const isHarmless = ([, value]: [string, string]) =>
    !/^[\s\p{Cc}]*(javascript|vbscript|data|file):/iu.test(value)
  const kept = Object.entries(outer.attributes)
    .filter(([name]) => shown.test(name))
    .filter(isHarmless)
  const name = data !== undefined && src === undefined ? 'data' : 'src'
  return {
    tag: outer.tag === 'iframe' || outer.tag === 'embed' || outer.tag === 'video' ? outer.tag : 'object',
    attributes: { ...Object.fromEntries(kept), [name]: address, src: address },
    params: { ...Object.fromEntries(Object.entries(params).filter(isHarmless)), src: address },
  }
}

/** The tags in order, when there is one that holds all others and no text stands beside it. */
async function readTags(text: string): Promise<Found[] | null> {
  const { Parser } = await import('htmlparser2')
  const found: Found[] = []
  let depth = 0
  let isSound = true
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        depth += 1
        if (depth === 1 ? found.length > 0 || !tags.has(tag) : !inside.has(tag)) isSound = false
        found.push({ tag, attributes })
      },
      onclosetag() {
        depth -= 1
      },
      ontext(data) {
        if (depth === 0 && data.trim() !== '') isSound = false
      },
    },
    { lowerCaseTags: true, lowerCaseAttributeNames: true, decodeEntities: true },
  )
  parser.end(text)
  return isSound && found.length <= 50 ? found : null
}
