import assert from 'node:assert/strict'

/** What a text of HTML shows, read by rules of its own: nothing of the renderer, nothing a browser would forgive. */
export interface StrictReading {
  /** Tags taken out and characters decoded. */
  text: string
  links: string[]
}

const TAG = /^<(\/?)(a|b|strong|i|em|p|br|ul|ol|li|blockquote|code)((?: (?:href|rel)="[^"<>]*")*)( \/)?>/
const CHARACTERS: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' }

/**
 * Reads HTML that may hold the allowed tags and nothing else: no other tag or attribute, no comment, every `<` and
 * `&` either markup or escaped, every tag closed in its order.
 *
 * @throws AssertionError for anything else.
 */
export function readStrictly(html: string): StrictReading {
  const open: string[] = []
  const links: string[] = []
  let text = ''
  for (let at = 0; at < html.length;) {
    const rest = html.slice(at, at + 20_000)
    if (!rest.startsWith('<')) {
      const run = /^[^<]*/.exec(rest)?.[0] ?? ''
      assert.doesNotMatch(run, /&(?!(?:amp|lt|gt|quot);)|>/, `unescaped: ${run}`)
      text += decode(run)
      at += run.length
      continue
    }
    const [tag = '', closing, name = '', attributes = ''] = TAG.exec(rest) ?? []
    assert.notEqual(tag, '', `not an allowed tag: ${rest.slice(0, 80)}`)
    if (name === 'br') assert.equal(tag, '<br />')
    else if (closing === '/') assert.equal(open.pop(), name, `closed out of order: ${html}`)
    else open.push(name)
    assert.ok(attributes === '' || name === 'a', `only links have attributes: ${tag}`)
    const href = / href="([^"]*)"/.exec(attributes)?.[1]
    if (href !== undefined) links.push(decode(href))
    at += tag.length
  }
  assert.deepEqual(open, [], `not closed: ${html}`)
  return { text, links }
}

function decode(escaped: string): string {
  return escaped.replaceAll(/&(amp|lt|gt|quot);/g, (_, name: string) => CHARACTERS[name] ?? '')
}

/** Where a browser would go, with all that it forgives, is http, https or mailto. */
export function assertSafeLinks({ links }: StrictReading): void {
  for (const link of links) {
    assert.ok(URL.canParse(link, 'https://page.example/'), link)
    assert.match(new URL(link, 'https://page.example/').protocol, /^(?:https?|mailto):$/, link)
  }
}
