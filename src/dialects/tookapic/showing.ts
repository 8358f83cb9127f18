import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { mediaSigner } from '../../faces/media-files.ts'
import { listComments } from '../../library/comments.ts'
import { dayCounter, daysOf, type Days } from '../../library/days.ts'
import type { LoadedItem } from '../../library/loaded-items.ts'
import { pictureTagsByNames } from '../../library/picture-tags.ts'
import { reactionsAmong, reactionsOf } from '../../library/reactions.ts'
import type { AccountRow } from '../../library/rows.ts'
import { callOf } from './call.ts'
import { presentComment, presentLike, presentTag } from './presenters/around-photos.ts'
import { presentExif, readCamera } from './presenters/camera.ts'
import { coloursOf, presentPhoto, type Showing } from './presenters/photos.ts'
import { presentUser } from './presenters/users.ts'

/** Relations that are put into a photo when they are asked for: `include=colors,user`. */
const RELATIONS = ['colors', 'user', 'tags', 'comments', 'likes', 'exif'] as const
type Relation = (typeof RELATIONS)[number]

/** Comments and likes that go along with a photo; the rest is on their own pages. */
const MOST_INCLUDED = 50

/** Photos as an answer shows them, with the relations asked for; names of no relation are passed over. */
export async function showPhotos(ctx: Context, request: FastifyRequest, photos: readonly LoadedItem[]) {
  const showing = await showingOf(ctx, request, photos)
  const wanted = includedIn(request)
  const relate = await listRelations(ctx, showing, photos, wanted)
  return photos.map((photo) => ({ ...presentPhoto(photo, showing), ...relate(photo) }))
}

/** A single photo also brings what is said about it: its first comments and its latest likes. */
export async function showPhoto(ctx: Context, request: FastifyRequest, photo: LoadedItem) {
  const [shown] = await showPhotos(ctx, request, [photo])
  const { viewer } = callOf(request)
  const wanted = includedIn(request)
  const page = { offset: 0, limit: MOST_INCLUDED }
  const of = { itemId: photo.item.id }
  const isReady = photo.item.state === 'ready'
  const comments = wanted.has('comments') && isReady ? await listComments(ctx, viewer, of, page) : null
  const likes =
    wanted.has('likes') && isReady ? await reactionsOf(ctx, viewer, { ...of, sort: 'fave' }, page) : null
  return {
    ...shown,
    ...(comments ? { comments: { data: comments.rows.map(presentComment) } } : {}),
    ...(likes ? { likes: { data: likes.rows.map((like) => presentLike(like, photo.item.id)) } } : {}),
  }
}

/** People as an answer shows them. */
export async function showUsers(ctx: Context, request: FastifyRequest, accounts: readonly AccountRow[]) {
  const days = await daysOf(ctx, accounts)
  return accounts.map((account) => presentUser(account, found(days, account), callOf(request)))
}

export const found = (days: ReadonlyMap<number, Days>, { id }: Pick<AccountRow, 'id'>): Days => {
  const of = days.get(id)
  if (of === undefined) throw new Error('An account is shown that was not announced.')
  return of
}

async function showingOf(
  ctx: Context,
  request: FastifyRequest,
  photos: readonly LoadedItem[],
): Promise<Showing> {
  const { base, pages, viewer } = callOf(request)
  const ids = photos.map(({ item }) => item.id)
  const mine = viewer.accountId === null ? null : await reactionsAmong(ctx.db, viewer.accountId, ids)
  return {
    base,
    pages,
    sign: mediaSigner(ctx),
    numberOf: await dayCounter(
      ctx,
      photos.map(({ owner }) => owner),
    ),
    liked: mine && new Set(ids.filter((id) => mine.get(id)?.some(({ sort }) => sort === 'fave'))),
  }
}

function includedIn(request: FastifyRequest): ReadonlySet<Relation> {
  const asked = [callOf(request).parameters.values['include']].flat()
  const names = new Set(
    asked.flatMap((text) => (typeof text === 'string' ? text.split(',').map((name) => name.trim()) : [])),
  )
  return new Set(RELATIONS.filter((relation) => names.has(relation)))
}

/** What costs the same few queries for one photo and for fifty. */
async function listRelations(
  { db, clock }: Context,
  showing: Showing,
  photos: readonly LoadedItem[],
  wanted: ReadonlySet<Relation>,
) {
  const owners = photos.map(({ owner }) => owner)
  const days = wanted.has('user') ? await daysOf({ db, clock }, owners) : new Map<number, Days>()
  const names = wanted.has('tags') ? photos.flatMap(({ tags }) => tags) : []
  const counts = await pictureTagsByNames(db, names)
  return ({ item, owner, tags }: LoadedItem) => ({
    ...(wanted.has('colors') ? { colors: { data: coloursOf(item) } } : {}),
    ...(wanted.has('user') ? { user: { data: presentUser(owner, found(days, owner), showing) } } : {}),
    ...(wanted.has('tags')
      ? {
          tags: {
            data: tags.map((name) => presentTag(showing.base, counts.get(name) ?? { name, pictures: 0 })),
          },
        }
      : {}),
    ...(wanted.has('exif') ? { exif: { data: presentExif(readCamera(item)) } } : {}),
  })
}
