/** A recipe in schema.org's names. What the page does not say is null. */
export interface RecipeFacts {
  name: string
  url: string
  image: string | null
  description: string | null
  /** One per line. */
  ingredients: string
  /** One step per line. */
  recipeInstructions: string | null
  recipeYield: string | null
  /** ISO 8601 durations as the page writes them, such as `PT20M`; other wording is kept. */
  prepTime: string | null
  cookTime: string | null
  totalTime: string | null
  recipeCategory: string | null
  recipeCuisine: string | null
  datePublished: string | null
  creator: string | null
}

/** The readable part of a page. */
export interface ArticleFacts {
  /** Cleaned: no scripts, styles, forms or handlers; http and https addresses only, absolute. */
  html: string
  text: string
  byline: string | null
  excerpt: string | null
  publishedTime: string | null
}

/** What an HTML page says about itself. Addresses are absolute http or https ones. */
export interface PageFacts {
  /**
   * `recipe` when there is one with a name and ingredients, `article` when the page calls itself one and enough of it
   * can be read; `page` else.
   */
  kind: 'recipe' | 'article' | 'page'
  title: string | null
  description: string | null
  siteName: string | null
  author: string | null
  image: string | null
  canonicalUrl: string | null
  feedUrl: string | null
  /** Where the page says its oEmbed description is, as JSON. */
  oembedUrl: string | null
  recipe: RecipeFacts | null
  /** Also of pages that do not count as articles, when something readable was found. */
  article: ArticleFacts | null
  /** Readable text, for searching; at most 100,000 characters. */
  text: string
}

/** An oEmbed answer (oembed.com, "Response parameters"), as far as it was well-formed. */
export interface OembedFacts {
  type: 'photo' | 'video' | 'link' | 'rich'
  title: string | null
  html: string | null
  url: string | null
  width: number | null
  height: number | null
  author_name: string | null
  author_url: string | null
  provider_name: string | null
  provider_url: string | null
  thumbnail_url: string | null
  thumbnail_width: number | null
  thumbnail_height: number | null
}

/** One tag that shows something of another site. */
export interface EmbedCode {
  tag: 'iframe' | 'object' | 'embed' | 'video'
  /** Names in lower case; no handlers and no styles. */
  attributes: Record<string, string>
  /** `src` and what `<param>` tags say. */
  params: Record<string, string>
}

/** A short message on another service, told by its address. */
export interface StatusAddress {
  service: 'twitter' | 'mastodon'
  /** As the address has it, without `@`. */
  author: string
  authorUrl: string
}

/** What a document holds, as far as searches want to know. */
export interface DocumentFacts {
  title: string | null
  author: string | null
  /** At most 100,000 characters. */
  text: string
}
