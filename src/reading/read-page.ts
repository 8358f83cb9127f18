import { breakLines, plainText, readArticle } from './article.ts'
import { decodeHtml } from './decode-html.ts'
import { lineOf, parseDocument, type PageDocument } from './document.ts'
import type { ArticleFacts, PageFacts } from './facts.ts'
import { findRecipe, imageOf } from './recipe.ts'
import { isA, textOf, thingsOf, type Thing } from './structured-data.ts'
import { webAddress } from './web-address.ts'

/** A page that calls itself an article is one from so many readable characters on. */
const leastArticle = 1_200

/**
 * Reads what a page says about itself. Slow for large pages (a second and more), so it runs in a process of its own.
 *
 * @param url Where the page is, for the addresses in it.
 */
export async function readPage(bytes: Uint8Array, charset: string | null, url: string): Promise<PageFacts> {
  const document = await parseDocument(decodeHtml(bytes, charset))
  const base = webAddress(document.querySelector('base[href]')?.getAttribute('href'), url) ?? url
  const things = thingsOf(document)
  const meta = metaReader(document)
  const described = things.find(isArticle) ?? null
  const isDeclared = described !== null || meta('og:type')?.toLowerCase() === 'article'
  const recipe = findRecipe(document, things, base)
  const head = {
    title: meta('og:title', 'twitter:title') ?? lineOf(document.querySelector('title')?.textContent, 500),
    description: meta('og:description', 'description', 'twitter:description'),
    siteName: meta('og:site_name', 'application-name'),
    author: (described && textOf(described, 'author')) ?? meta('author'),
    image: imageIn(document, { meta, described, base }),
    canonicalUrl: linked(document, 'link[rel~="canonical" i]', base),
    feedUrl: linked(document, `link[rel~="alternate" i][type="application/rss+xml" i], ${atomLink}`, base),
    oembedUrl: linked(document, oembedLinks, base),
  }
  breakLines(document)
  const article = await readArticle(document, base).catch(() => null)
  const isReadable = article !== null && article.text.length > leastArticle
  return {
    kind: recipe ? 'recipe' : isDeclared && isReadable ? 'article' : 'page',
    ...head,
    recipe,
    article: article && withAuthor(article, head.author),
    text: article?.text ?? plainText(document),
  }
}

const atomLink = 'link[rel~="alternate" i][type="application/atom+xml" i]'
const oembedLinks = 'link[type="application/json+oembed" i], link[type="text/json+oembed" i]'

/** schema.org's Article and the types below it that are written texts. */
const articleTypes = `Article NewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle
  OpinionNewsArticle ReportageNewsArticle ReviewNewsArticle BlogPosting LiveBlogPosting TechArticle ScholarlyArticle
  MedicalScholarlyArticle SatiricalArticle AdvertiserContentArticle Report`.split(/\s+/)

const isArticle = (thing: Thing) => articleTypes.some((type) => isA(thing, type))

type MetaReader = (...names: string[]) => string | null

/** `<meta>` by `property` or `name`: the first of these names that says something. */
function metaReader(document: PageDocument): MetaReader {
  const found = new Map<string, string>()
  for (const element of document.querySelectorAll('meta[content]')) {
    const name = element.getAttribute('property') ?? element.getAttribute('name') ?? ''
    const content = lineOf(element.getAttribute('content'))
    if (content !== null && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), content)
  }
  return (...names) => {
    const name = names.find((one) => found.has(one))
    return name === undefined ? null : (found.get(name) ?? null)
  }
}

interface ImageSources {
  meta: MetaReader
  described: Thing | null
  base: string
}

function imageIn(document: PageDocument, { meta, described, base }: ImageSources): string | null {
  return (
    webAddress(
      meta('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src'),
      base,
    ) ??
    (described && imageOf(described, base)) ??
    linked(document, 'link[rel~="image_src" i]', base)
  )
}

function linked(document: PageDocument, selectors: string, base: string): string | null {
  for (const link of document.querySelectorAll(selectors)) {
    const address = webAddress(link.getAttribute('href'), base)
    if (address !== null) return address
  }
  return null
}

function withAuthor(article: ArticleFacts, author: string | null): ArticleFacts {
  return { ...article, byline: article.byline ?? author }
}
