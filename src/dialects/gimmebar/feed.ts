import { allowedInXml } from './xml-text.ts'

export interface FeedEntry {
  title: string
  link: string
  description: string
  publishedMs: number
  /** Address of a small picture, or null. */
  thumbnail: string | null
}

/** RSS 2.0, with the small pictures as `media:thumbnail` (Media RSS 1.5). */
export function presentFeed(
  { title, link }: { title: string; link: string },
  entries: readonly FeedEntry[],
): string {
  const items = entries.map(
    (entry) =>
      `<item><title>${text(entry.title)}</title><link>${text(entry.link)}</link>` +
      `<guid>${text(entry.link)}</guid><description>${text(entry.description)}</description>` +
      `<pubDate>${new Date(entry.publishedMs).toUTCString()}</pubDate>` +
      (entry.thumbnail === null ? '' : `<media:thumbnail url="${text(entry.thumbnail)}"/>`) +
      '</item>',
  )
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>' +
    `<title>${text(title)}</title><link>${text(link)}</link><description>${text(title)}</description>` +
    `${items.join('')}</channel></rss>\n`
  )
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** As the text of an element or an attribute; what XML 1.0 cannot hold is left out. */
const text = (raw: string) =>
  allowedInXml(raw).replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
