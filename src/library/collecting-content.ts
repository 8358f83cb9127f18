import type { Identified } from '../reading/identify.ts'
import { wellFormed } from './code-points.ts'
import { limits } from './limits.ts'

/** As much of a page as searches look at. */
const mostSearched = 100_000

/**
 * What an item of an address keeps in its `content`, by kind.
 *
 * @param url The address as it was given; a recipe's own names are those of schema.org.
 */
export function pageContent(found: Identified, url: string): Record<string, unknown> {
  const content = contentOf(found, url)
  return jsonBytes(content) <= limits.contentBytes ? content : { original: url }
}

function contentOf(found: Identified, url: string): Record<string, unknown> {
  const { page, oembed, embed, status, problem } = found
  const about = {
    original: url,
    ...(found.url === url ? {} : { address: found.url }),
    ...(page?.siteName ? { site_name: page.siteName } : {}),
    ...(page?.image ? { image: page.image } : {}),
  }
  switch (found.kind) {
    case 'embed':
      return {
        ...about,
        ...embed,
        ...(oembed ? { info: oembed, thumbnail: oembed.thumbnail_url } : {}),
      }
    case 'status':
      return {
        ...about,
        text: page?.description ?? page?.title ?? '',
        author: status?.author ?? null,
        author_url: status?.authorUrl ?? null,
        service: status?.service ?? null,
      }
    case 'recipe':
      return { ...page?.recipe, ...about, image: page?.recipe?.image ?? page?.image ?? null }
    case 'article':
      return { ...about, ...articleContent(page?.article ?? null) }
    case 'image':
    case 'audio':
    case 'document':
    case 'page':
      return { ...about, ...(problem === null ? {} : { problem }) }
  }
}

/** The text rather than the markup, where there is not room for both. */
function articleContent(article: NonNullable<Identified['page']>['article']) {
  if (!article) return {}
  const { html, text, byline, excerpt, publishedTime } = article
  const short = { byline, excerpt, published_time: publishedTime }
  const half = limits.contentBytes * 0.4
  return {
    ...(jsonBytes(html) <= half ? { html } : {}),
    text: jsonBytes(text) <= half ? text : wellFormed(text.slice(0, half / 8)),
    ...short,
  }
}

const jsonBytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

/** Words to search for, in lower case. */
export function searchableText({
  page = null,
  oembed = null,
  text = '',
}: Partial<Pick<Identified, 'page' | 'oembed'>> & { text?: string }): string {
  const recipe = page?.recipe
    ? [page.recipe.name, page.recipe.ingredients, page.recipe.recipeInstructions]
    : []
  const parts = [
    text,
    page?.title,
    page?.description,
    page?.author,
    ...recipe,
    page?.article?.text,
    page?.text,
  ]
  const all = [...parts, oembed?.title, oembed?.author_name].filter((part) => part)
  const joined = all.join('\n').slice(0, mostSearched).replaceAll('\0', ' ')
  return wellFormed(joined).normalize('NFC').toLowerCase()
}
