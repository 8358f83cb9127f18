import type { CollectedQuery } from '../../library/collected-lists.ts'
import { listOf, textOf, type Call } from './call.ts'

/** "image, embed, audio, document, page, text, recipe, article, status" (GET assets, `type`). */
export const TYPES = [
  'image',
  'embed',
  'audio',
  'document',
  'page',
  'text',
  'recipe',
  'article',
  'status',
] as const

/** `type`; an empty one is none, and one that there is not matches nothing. */
export function kindsOf(call: Call): Pick<CollectedQuery, 'kinds'> {
  const asked = textOf(call, 'type')
  if (asked === undefined || asked === '') return {}
  const type = TYPES.find((one) => one === asked.toLowerCase())
  if (type === undefined) return { kinds: [] }
  return { kinds: type === 'embed' ? ['embed', 'video'] : [type] }
}

/** `tag`, one or several: all must match (GET assets, `tag`). */
export function tagsOf(call: Call): Pick<CollectedQuery, 'tags'> {
  const tags = (listOf(call, 'tag') ?? [])
    .map((tag) => tag.replace(/^#/, '').trim())
    .filter((tag) => tag !== '')
  return tags.length === 0 ? {} : { tags: tags.slice(0, 20) }
}

/** `include_backups`: all when left out; `none` and `all` stand for themselves, other words are services. */
export function backupsOf(call: Call): Pick<CollectedQuery, 'backups'> {
  const asked = (listOf(call, 'include_backups') ?? []).filter((one) => one !== '')
  if (asked.length === 0 || asked.includes('all')) return {}
  const services = asked.filter((one) => one !== 'none')
  return { backups: services.length === 0 ? 'none' : services }
}
