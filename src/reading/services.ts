import type { StatusAddress } from './facts.ts'

interface Service {
  name: string
  /** Tested against host (without `www.` and `m.`) and path. */
  pages: RegExp
  endpoint: string
}

/**
 * Services that describe their videos and sounds by oEmbed, with the endpoints they document. Others are found by the
 * link in their pages.
 */
const services: readonly Service[] = [
  {
    name: 'YouTube',
    pages: /^(youtube\.com\/(watch|playlist|shorts\/|live\/|embed\/)|youtu\.be\/[\w-])/,
    endpoint: 'https://www.youtube.com/oembed',
  },
  {
    name: 'Vimeo',
    pages: /^(player\.)?vimeo\.com\/(.*\/)?\d+/,
    endpoint: 'https://vimeo.com/api/oembed.json',
  },
  {
    name: 'Dailymotion',
    pages: /^(dailymotion\.com\/video\/|dai\.ly\/)\w/,
    endpoint: 'https://www.dailymotion.com/services/oembed',
  },
  {
    name: 'SoundCloud',
    pages: /^(on\.)?soundcloud\.com\/[\w-]+\/[\w-]/,
    endpoint: 'https://soundcloud.com/oembed',
  },
  {
    name: 'Mixcloud',
    pages: /^mixcloud\.com\/[\w-]+\/[\w-]/,
    endpoint: 'https://app.mixcloud.com/oembed/',
  },
  {
    name: 'Spotify',
    pages: /^open\.spotify\.com\/(intl-\w+\/)?(track|album|playlist|episode|show|artist)\/\w/,
    endpoint: 'https://open.spotify.com/oembed',
  },
  { name: 'TED', pages: /^ted\.com\/talks\/\w/, endpoint: 'https://www.ted.com/services/v1/oembed.json' },
  {
    name: 'Flickr',
    pages: /^(flickr\.com\/photos\/[^/]+\/\d|flic\.kr\/)/,
    endpoint: 'https://www.flickr.com/services/oembed/',
  },
]

/** Where a known service describes this page by oEmbed; null for pages of anybody else. */
export function knownOembed(url: URL): { service: string; oembedUrl: string } | null {
  const place = url.host.replace(/^(www|m)\./, '') + url.pathname
  const service = services.find(({ pages }) => pages.test(place))
  if (!service) return null
  const query = new URLSearchParams({ url: url.href, format: 'json' })
  return { service: service.name, oembedUrl: `${service.endpoint}?${query}` }
}

/** Whether this is the address of a short message, and whose. Only the address is looked at. */
export function readStatusAddress(url: URL): StatusAddress | null {
  const host = url.host.replace(/^(www|mobile|m)\./, '')
  const tweet = /^\/(\w{1,15})\/status(?:es)?\/\d{1,20}\/?$/.exec(url.pathname)?.[1]
  if ((host === 'twitter.com' || host === 'x.com') && tweet !== undefined)
    return { service: 'twitter', author: tweet, authorUrl: `https://${host}/${tweet}` }
  const toot = /^\/(?:@(\w{1,64})(?:@[\w.-]+)?|users\/(\w{1,64})\/statuses)\/\d{6,24}\/?$/.exec(url.pathname)
  const author = toot?.[1] ?? toot?.[2]
  return author === undefined ? null : { service: 'mastodon', author, authorUrl: `${url.origin}/@${author}` }
}

/**
 * Whether a page's own oEmbed link is worth following. WordPress puts one on every page and describes each as `rich`,
 * which would make an embed of every article.
 */
export function isTellingOembed(oembedUrl: string): boolean {
  return !/\/wp-json\/oembed\/|[?&]rest_route=(\/|%2f)oembed/i.test(oembedUrl)
}
