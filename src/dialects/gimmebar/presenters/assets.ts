import { readableAddress, type MediaSigner } from '../../../faces/media-files.ts'
import { partsOf, storedParts } from '../../../faces/stored-json.ts'
import type { LoadedItem } from '../../../library/loaded-items.ts'
import { pageCopy } from '../../../library/collecting.ts'
import { pageCapture, pageThumbnail } from '../../../library/page-captures.ts'
import { shortToken } from '../../../library/short-tokens.ts'
import { partAddress, shortAddress, sidesOf, type PartName, type SizeName } from '../addresses.ts'
import type { Shown } from '../records.ts'

/** What an answer knows besides the rows. */
export interface Showing {
  base: string
  sign: MediaSigner
  /** By the id of the item. */
  hashes: ReadonlyMap<number, string>
  /** As version 0 showed the contents. */
  isOld: boolean
}

/** The type of an asset; moving pictures, of which this service knew none, are embedded with a tag. */
export const typeOf = ({ kind }: Pick<LoadedItem['item'], 'kind'>) => (kind === 'video' ? 'embed' : kind)

export function presentAsset(loaded: LoadedItem, showing: Showing): Shown {
  const { item, owner, tags } = loaded
  return {
    id: item.uid,
    asset_type: typeOf(item),
    title: item.title ?? '',
    description: item.description ?? '',
    tags,
    content: contentOf(loaded, showing),
    source: item.source_url ?? '',
    date: Math.floor((item.published_ms ?? item.created_ms) / 1000),
    media_hash: showing.hashes.get(item.id) ?? '',
    size: item.size_bytes ?? 0,
    mime_type: item.mime_type ?? '',
    private: item.visibility === 'private',
    user_id: owner.uid,
    username: owner.login,
    short_url: shortAddress(showing.base, item),
    short_url_token: shortToken(item.id),
  }
}

/** What an asset holds, by its type. `original` is where it came from, of an image and a file what was uploaded. */
function contentOf(loaded: LoadedItem, showing: Showing): unknown {
  const { item } = loaded
  const facts = storedParts(item.content)
  const at = (part: PartName) => readableAddress(partAddress(showing.base, item, part), item, showing.sign)
  const original = facts['original'] ?? item.source_url ?? ''
  switch (item.kind) {
    case 'image':
      return imageContent(loaded, at, showing.isOld)
    case 'text':
      return showing.isOld ? (facts['text'] ?? '') : { original, ...facts }
    case 'page':
      return { original, ...facts, ...captured(loaded, at) }
    case 'video':
      return { original: at('full'), tag: 'video', attributes: { src: at('full') } }
    case 'document':
    case 'audio': {
      const address = item.blob_sha256 === null ? original : at('full')
      return { original, ...facts, url: address }
    }
    case 'embed':
      return item.blob_sha256 === null
        ? { original, ...facts }
        : { original, ...facts, attributes: { ...partsOf(facts['attributes']), src: at('full') } }
    case 'article':
    case 'recipe':
    case 'status':
      return { original, ...facts, ...captured(loaded, at) }
  }
}

type AddressOf = (part: PartName) => string

function imageContent({ item }: LoadedItem, at: AddressOf, isOld: boolean) {
  if (isOld) return { original: at('full'), full: at('full'), display: at('display'), thumb: at('stash') }
  const sized = (size: SizeName) => ({ url: at(size), dims: sidesOf(item, size) })
  return {
    original: at('full'),
    resized_images: { full: at('full'), display: sized('display'), stash: sized('stash') },
    thumb: at('stash'),
  }
}

/** Absent until the picture of a page has been taken. */
function captured({ renditions }: LoadedItem, at: AddressOf) {
  return {
    ...(renditions.has(pageCopy) ? { full: at('full') } : {}),
    ...(renditions.has(pageCapture) ? { fullscreen: at('fullscreen') } : {}),
    ...(renditions.has(pageThumbnail) ? { thumb: at('thumb') } : {}),
  }
}
