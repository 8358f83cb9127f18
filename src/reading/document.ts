/** A parsed page. Scripts in it do not run. */
export type PageDocument = ReturnType<(typeof import('linkedom'))['parseHTML']>['document']
export type PageElement = NonNullable<ReturnType<PageDocument['querySelector']>>

/** Parses HTML of any quality. Nothing in it runs, and nothing is loaded. */
export async function parseDocument(html: string): Promise<PageDocument> {
  const { parseHTML } = await import('linkedom')
  const whole = /<html[\s>]/i.test(html) ? html : `<html><head></head><body>${html}</body></html>`
  return parseHTML(whole).document
}

/** The text of an element in one line; null when there is none. */
export function lineOf(text: string | null | undefined, most = 2_000): string | null {
  const line = (text ?? '').replace(/\s+/g, ' ').trim()
  return line === '' ? null : cut(line, most)
}

/** So many characters at the most, and no half of one. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')
}
