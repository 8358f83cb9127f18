import { escapeHtml } from '../../http/plain-page.ts'
import { imagePage, versionAddress } from './addresses.ts'
import type { Image, Showing } from './presenters/images.ts'
import { viewOf } from './presenters/images.ts'
import { artistsAmong } from './presenters/oembed.ts'
import { readableAddress } from '../../faces/media-files.ts'

/** Headers of a page that shows one picture of ours and does nothing. */
export const pageHeaders = (pictures: string): Readonly<Record<string, string>> => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'max-age=0, private, must-revalidate',
  'content-security-policy': `default-src 'none'; img-src ${pictures}; frame-ancestors 'none'; base-uri 'none'`,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
})

/**
 * The page of an image, plain. "For tools that support it, the Derpibooru HTML header is embellished with appropriate
 * oEmbed lookup link tags for automatic oEmbed discovery" (oEmbed); both types of the XML form are there, the usual one
 * and that of the oEmbed specification.
 */
export function imageHtml(image: Image, showing: Showing): string {
  const { item } = image.loaded
  const names = image.tags.map(({ name }) => name)
  const title = `#${item.id} - ${names.join(', ')} - Derpibooru`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
${headLinks(image, showing).join('\n')}
</head>
<body>
<main>
<h1>#${item.id}</h1>
${pictureOf(image, showing)}
<p>Uploaded by ${escapeHtml(item.anonymous === 1 ? showing.anonymousName : image.loaded.owner.name)}</p>
${creditOf(image)}
${item.description === null ? '' : `<p>${escapeHtml(item.description)}</p>`}
<ul>
${names.map((name) => `<li>${escapeHtml(name)}</li>`).join('\n')}
</ul>
</main>
</body>
</html>
`
}

function headLinks(image: Image, showing: Showing): string[] {
  const { item } = image.loaded
  const page = imagePage(showing.base, item)
  const oembed = (extension: string) => `${showing.base}/oembed.${extension}?url=${encodeURIComponent(page)}`
  const medium = readableAddress(versionAddress(showing.base, item, 'medium'), item, showing.sign)
  const source = webAddress(item.source_url)
  return [
    link({ rel: 'canonical', href: page }),
    link({ rel: 'shortlink', href: page }),
    link({
      rel: 'alternate',
      type: 'application/json+oembed',
      href: oembed('json'),
      title: 'oEmbed JSON Profile',
    }),
    link({
      rel: 'alternate',
      type: 'application/xml+oembed',
      href: oembed('xml'),
      title: 'oEmbed XML Profile',
    }),
    link({ rel: 'alternate', type: 'text/xml+oembed', href: oembed('xml'), title: 'oEmbed XML Profile' }),
    link({ rel: 'image_src', href: medium }),
    ...(source === null ? [] : [link({ rel: 'foaf:primaryTopic', href: source })]),
    meta({ property: 'og:title', content: `#${item.id}` }),
    meta({ property: 'og:url', content: page }),
    meta({ property: 'og:image', content: medium }),
    ...artistsAmong(image.tags.map(({ name }) => name)).map((artist) =>
      meta({ property: 'dc:creator', content: artist }),
    ),
  ]
}

function pictureOf(image: Image, showing: Showing): string {
  const { item } = image.loaded
  const src = readableAddress(versionAddress(showing.base, item, 'large'), item, showing.sign)
  const full = viewOf(image, { ...showing, media: showing.base })
  return `<p><a href="${escapeHtml(full)}"><img src="${escapeHtml(src)}" alt=""></a></p>`
}

/** "If images are used, the artist MUST always be credited (if provided) and the original source URL MUST be displayed" (Licensing). */
function creditOf({ tags, loaded: { item } }: Image): string {
  const artists = artistsAmong(tags.map(({ name }) => name))
  const source = webAddress(item.source_url)
  const by = artists.length === 0 ? '' : `<p>By ${escapeHtml(artists.join(', '))}</p>`
  if (source === null) return by
  const address = escapeHtml(source)
  return `${by}<p>Source: <a href="${address}" rel="nofollow ugc noopener">${address}</a></p>`
}

const webAddress = (url: string | null) => (url !== null && /^https?:\/\//i.test(url) ? url : null)

const link = (attributes: Record<string, string>) => `<link ${written(attributes)}>`
const meta = (attributes: Record<string, string>) => `<meta ${written(attributes)}>`

const written = (attributes: Record<string, string>) =>
  Object.entries(attributes)
    .map(([name, value]) => `${name}="${escapeHtml(value)}"`)
    .join(' ')
