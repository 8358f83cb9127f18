import sanitizeHtml from 'sanitize-html'
import type { Db } from '../../database/open.ts'
import { accountsByLogins } from '../../library/accounts.ts'
import { accountPage } from './addresses.ts'

/** Author's text to HTML that is safe to put into any page. A blank text is null. */
export interface RenderText {
  /** In paragraphs, as descriptions and comments are: `<p>…</p>`. */
  paragraphs: (text: string | null) => string | null
  /** Without paragraphs of our own, as `bio` is. */
  inline: (text: string | null) => string | null
}

/** What may be written with in a text; everything else is taken out and its text kept. */
const ALLOWED = ['a', 'b', 'strong', 'i', 'em', 'p', 'br', 'ul', 'ol', 'li', 'blockquote', 'code']
const BLOCK = /<(?:p|ul|ol|blockquote)>/
const LINK_REL = 'nofollow ugc noopener noreferrer'

/** In text that is escaped already: an address ends before white space, a quotation mark or a bracket. */
const ADDRESS = /\bhttps?:\/\/(?:(?!&(?:lt|gt|quot);)[^\s<>"'])+/gi
const MENTION = /(?<![\w@/.-])@([a-z0-9][\w.-]{0,59})/gi

/**
 * Makes a renderer for these texts. A mention becomes a link only if somebody has that login, so all of them are
 * looked up first, at once.
 */
export async function textRenderer(
  db: Db,
  base: string,
  texts: readonly (string | null)[],
): Promise<RenderText> {
  const logins = new Set(texts.flatMap((text) => mentionsIn(text ?? '')))
  const found = logins.size === 0 ? new Map<string, string>() : await pagesOf(db, base, [...logins])
  return renderWith((login) => found.get(login.toLowerCase()))
}

/** A renderer that links mentions to what `pageOf` knows of a login. */
export function renderWith(pageOf: (login: string) => string | undefined): RenderText {
  const inline = (text: string | null) => {
    if (text === null || text.trim() === '') return null
    const html = sanitizeHtml(text.replaceAll(/\r\n?/g, '\n'), {
      allowedTags: ALLOWED,
      allowedAttributes: { a: ['href', 'rel'] },
      allowedSchemes: ['http', 'https', 'mailto'],
      allowProtocolRelative: false,
      transformTags: { a: sanitizeHtml.simpleTransform('a', { rel: LINK_REL }) },
      textFilter: (escaped, tag) => (tag === 'a' || tag === 'code' ? escaped : linkText(escaped, pageOf)),
    }).trim()
    // Of a text that was nothing but forbidden markup nothing is left.
    return html === '' ? null : html
  }
  return {
    inline,
    paragraphs(text) {
      const html = inline(text)
      if (html === null || BLOCK.test(html)) return html
      const paragraphs = html.split(/\n{2,}/).map((paragraph) => paragraph.trim())
      return paragraphs.map((paragraph) => `<p>${paragraph.replaceAll('\n', '\n<br />')}</p>`).join('\n\n')
    },
  }
}

function mentionsIn(text: string): string[] {
  return [...text.matchAll(MENTION)].slice(0, 50).map(([, login = '']) => bareLogin(login).toLowerCase())
}

async function pagesOf(db: Db, base: string, logins: string[]): Promise<Map<string, string>> {
  const accounts = await accountsByLogins(db, logins)
  return new Map([...accounts].map(([login, account]) => [login, accountPage(base, account)]))
}

function linkText(escaped: string, pageOf: (login: string) => string | undefined): string {
  let html = ''
  let from = 0
  for (const match of escaped.matchAll(ADDRESS)) {
    const address = match[0].replace(/[.,:;!?)\]]+$/, '')
    html += linkMentions(escaped.slice(from, match.index), pageOf)
    html += `<a href="${address}" rel="${LINK_REL}">${address}</a>`
    from = match.index + address.length
  }
  return html + linkMentions(escaped.slice(from), pageOf)
}

function linkMentions(escaped: string, pageOf: (login: string) => string | undefined): string {
  return escaped.replaceAll(MENTION, (written: string, login: string) => {
    const bare = bareLogin(login)
    const page = pageOf(bare)
    return page === undefined ? written : `<a href="${page}">@${bare}</a>${login.slice(bare.length)}`
  })
}

/** A full stop after a mention ends the sentence; it is no part of the login. */
const bareLogin = (written: string) => written.replace(/[.-]+$/, '')
