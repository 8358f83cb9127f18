import type { FastifyReply } from 'fastify'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'

/** Where a form may lead besides this site, as a CSP source. */
export function formTarget(uri: string): string {
  const { protocol, host, hostname } = new URL(uri)
  // A source cannot name an IPv6 address (CSP 3, host-source); its scheme is the closest there is.
  const isWeb = protocol === 'https:' || protocol === 'http:'
  return isWeb && !hostname.startsWith('[') ? `${protocol}//${host}` : protocol
}

/**
 * Answers with a page.
 *
 * @param targets CSP sources that its form may end up at: browsers hold redirects to `form-action` too.
 */
export function sendPage(
  reply: FastifyReply,
  page: VNode,
  { status = 200, targets = [] }: { status?: number; targets?: readonly string[] } = {},
): FastifyReply {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    ["form-action 'self'", ...targets].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    .send(`<!doctype html>${renderToString(page)}`)
}

/** Sends the browser on with a GET (303, not 307: what was posted is not posted again elsewhere). */
export function go(reply: FastifyReply, to: string): FastifyReply {
  return reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).redirect(to, 303)
}
