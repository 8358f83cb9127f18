import type { FastifyInstance } from 'fastify'
import { sendBlob, sendPlaceholder } from '../../faces/media-files.ts'
import { findAccount } from '../../library/accounts.ts'
import { findItem, listItems } from '../../library/items.ts'
import { ANONYMOUS, type Viewer } from '../../library/viewer.ts'
import { visitorOf } from '../cookies.ts'
import { sendPage } from '../pages.ts'
import { PageRefusal } from '../refusals.ts'
import type { Site } from '../site.ts'
import { ItemPage, PersonPage, SHOWN_SIZES } from '../views/library.tsx'
import type { Session } from '../../identity/sessions.ts'

/** Items on a person's page. */
const PAGE_SIZE = 24

/** What the addresses in API answers lead people to: the page of an item, and of an account. */
export function libraryRoutes(scope: FastifyInstance, site: Site): void {
  const { ctx } = site

  scope.get<{ Params: { id: string } }>('/items/:id', async (request, reply) => {
    const visitor = await visitorOf(site, request)
    const loaded = await findItem(ctx, viewerOf(visitor), idIn(request.params.id))
    return sendPage(reply, <ItemPage visitor={visitor} loaded={loaded} />)
  })

  scope.get<{ Params: { login: string }; Querystring: { page?: unknown } }>(
    '/people/:login',
    async (request, reply) => {
      const visitor = await visitorOf(site, request)
      const account = await findAccount(ctx.db, request.params.login)
      const page = pageIn(request.query.page)
      const query = { ownerId: account.id, kinds: ['image', 'video'], order: 'newest' } as const
      const window = { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE }
      const items = await listItems(ctx, viewerOf(visitor), query, window)
      const pages = Math.ceil(items.total / PAGE_SIZE)
      return sendPage(
        reply,
        <PersonPage visitor={visitor} account={account} items={items.rows} page={page} pages={pages} />,
      )
    },
  )

  // The session's own cookie decides here, so a picture that is not for everybody is for its owner's browser.
  scope.get<{ Params: { id: string; size: string } }>('/pictures/:id/:size', async (request, reply) => {
    const { id, size } = request.params
    const name = SHOWN_SIZES.find((shown) => shown === size)
    if (name === undefined) throw new PageRefusal({ kind: 'not_found' })
    const visitor = await visitorOf(site, request)
    const { item, renditions } = await findItem(ctx, viewerOf(visitor), idIn(id))
    const rendition = renditions.get(name)
    if (rendition === undefined) return sendPlaceholder(request, reply, item)
    const { blob_sha256: sha256, mime_type: mimeType } = rendition
    return sendBlob(ctx, request, reply, { item, sha256, mimeType, disposition: 'inline' })
  })
}

function viewerOf(visitor: Session | null): Viewer {
  if (visitor === null) return ANONYMOUS
  return { accountId: visitor.account.id, role: visitor.account.role, scopes: null, app: null }
}

function idIn(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new PageRefusal({ kind: 'not_found' })
  return Number(text)
}

function pageIn(value: unknown): number {
  return typeof value === 'string' && /^[1-9]\d{0,6}$/.test(value) ? Number(value) : 1
}
