import { cut, lineOf, type PageDocument } from './document.ts'
import type { ArticleFacts } from './facts.ts'
import { webAddress } from './web-address.ts'

const longestHtml = 500_000
const mostElements = 20_000
/** Characters of searchable text. */
const longestText = 100_000

const tags =
  `p br hr a b strong i em u s sub sup code pre kbd blockquote q cite ul ol li dl dt dd h1 h2 h3 h4 h5 h6
  figure figcaption img table thead tbody tr td th`.split(/\s+/)

const blocks =
  'p, div, section, header, li, dt, dd, h1, h2, h3, h4, h5, h6, pre, blockquote, figcaption, tr, br'

/** Puts an end of line after every block, so that the words on both sides do not become one in the plain text. */
export function breakLines(document: PageDocument): void {
  for (const block of document.querySelectorAll(blocks))
    if (block.localName === 'br') block.after('\n')
    else block.append('\n')
}

/** The readable part of a page, cleaned; null when nothing readable is found. Takes the document apart. */
export async function readArticle(document: PageDocument, url: string): Promise<ArticleFacts | null> {
  // A bundle knows only the default export of what is not an ES module.
  const { Readability } = (await import('@mozilla/readability')).default
  const found = new Readability(document, { maxElemsToParse: mostElements }).parse()
  if (!found || !found.content || found.content.length > longestHtml) return null
  const text = paragraphs(found.textContent ?? '')
  if (text === '') return null
  return {
    html: await clean(found.content, url),
    text: cut(text, longestText),
    byline: lineOf(found.byline, 200),
    excerpt: lineOf(found.excerpt, 500),
    publishedTime: lineOf(found.publishedTime, 60),
  }
}

/** The text of a page in which nothing readable is found. Takes the document apart. */
export function plainText(document: PageDocument): string {
  for (const hidden of document.querySelectorAll('script, style, noscript, template')) hidden.remove()
  return cut(paragraphs(document.body?.textContent ?? ''), longestText)
}

function paragraphs(text: string): string {
  return text
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n[ \n]*/g, '\n')
    .trim()
}

async function clean(html: string, url: string): Promise<string> {
  const { default: sanitize } = await import('sanitize-html')
  const address = (name: string) => (tagName: string, attribs: Record<string, string>) => {
    const found = webAddress(attribs[name], url)
    const { [name]: _dropped, ...rest } = attribs
    return { tagName, attribs: found === null ? rest : { ...rest, [name]: found } }
  }
  return sanitize(html, {
    allowedTags: tags,
    allowedAttributes: { a: ['href', 'rel'], img: ['src', 'alt', 'width', 'height'] },
    allowedSchemes: ['http', 'https'],
    transformTags: {
      a: (tagName, attribs) => {
        const link = address('href')(tagName, attribs)
        return { tagName, attribs: { ...link.attribs, rel: 'nofollow ugc noopener' } }
      },
      img: address('src'),
    },
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs['src'],
  })
}
