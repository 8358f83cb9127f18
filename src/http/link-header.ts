/** One link of a `Link` header: its target, its relation, and any further parameters in the order to print. */
export interface Link {
  url: string
  rel: string
  [parameter: string]: string
}

export interface PageOfResults {
  /** Absolute address of the list, without a query. */
  base: string
  /** The page shown, 1-based. */
  page: number
  /** Number of the last page, or null where it is not counted; 0 and 1 both mean a single page. */
  lastPage: number | null
  hasNext: boolean
  /** The caller's query, kept in its order; `page` is replaced where it stands, or put last. */
  keep: URLSearchParams
  /** Query parameters that must not be repeated in links, such as a JSONP callback. */
  drop?: readonly string[]
}

/**
 * The value of a `Link` header: `<url>; rel="next", <url>; rel="last"`; empty when there are no links.
 * Scripts split it on commas and semicolons without parsing, so both are percent-encoded inside addresses.
 *
 * @see API v1 overview, "Link Header" and "JSON-P Callbacks" (further parameters: `rel="foo"; bar="baz"`).
 */
export function formatLinks(links: readonly Link[]): string {
  return links.map(formatLink).join(', ')
}

/**
 * Links around one page in the order next, prev, first, last; none when there is only one page.
 * `next` needs `hasNext`; `prev` and `first` appear after page 1; `last` when it is known and is another page.
 * A page past the end is led back to the real last page.
 */
export function pageLinks(results: PageOfResults): Link[] {
  const { page, hasNext } = results
  const last = results.lastPage === null ? null : Math.max(1, results.lastPage)
  const link = (rel: string, to: number): Link => ({ url: pageUrl(results, to), rel })

  const links: Link[] = []
  if (hasNext) links.push(link('next', page + 1))
  if (page > 1)
    links.push(link('prev', last === null ? page - 1 : Math.min(page - 1, last)), link('first', 1))
  if (last !== null && last !== page) links.push(link('last', last))
  return links
}

function pageUrl({ base, keep, drop = [] }: PageOfResults, page: number): string {
  const query = new URLSearchParams()
  for (const [name, value] of keep) {
    if (drop.includes(name)) continue
    if (name !== 'page') query.append(name, value)
    else if (!query.has('page')) query.append('page', String(page))
  }
  if (!query.has('page')) query.append('page', String(page))
  return `${base}?${query.toString()}`
}

function formatLink({ url, ...parameters }: Link): string {
  const printed = Object.entries(parameters).map(([name, value]) => `; ${name}="${quotable(value)}"`)
  return `<${escapeUrl(url)}>${printed.join('')}`
}

function escapeUrl(url: string): string {
  // Through a Buffer first: a lone surrogate would make encodeURIComponent throw.
  return Buffer.from(url)
    .toString()
    .replaceAll(/[,;<>"\\^`{|}]|[^\x21-\x7e]+/g, encodeURIComponent)
}

function quotable(value: string): string {
  return value.replaceAll(/[^\x20-\x7e]/g, '').replaceAll(/["\\]/g, String.raw`\$&`)
}
