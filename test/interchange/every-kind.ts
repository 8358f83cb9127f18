import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { importFile } from '../../src/interchange/import/file.ts'
import { changeSettings, watchTag } from '../../src/library/account-settings.ts'
import { changeAccount, findAccount } from '../../src/library/accounts.ts'
import { addAttachment } from '../../src/library/attachments.ts'
import { block } from '../../src/library/blocks.ts'
import { setCommentLike } from '../../src/library/comment-likes.ts'
import { addComment, changeComment } from '../../src/library/comments.ts'
import { setNotable, setStellar } from '../../src/library/curation.ts'
import { addFilter, chooseFilter, DEFAULT_FILTER_ID } from '../../src/library/filters.ts'
import { inviteToCollection } from '../../src/library/invitations.ts'
import { changeItem } from '../../src/library/items.ts'
import { setReaction } from '../../src/library/reactions.ts'
import { findTag } from '../../src/library/tag-lists.ts'
import { addAlias, changeTag } from '../../src/library/tag-relations.ts'
import { addVacancy } from '../../src/library/vacancies.ts'
import { OPERATOR, type Viewer } from '../../src/library/viewer.ts'
import { inspectPicture } from '../../src/media/inspect.ts'
import { samplePicture } from '../helpers/pictures.ts'
import { header, type Archive } from './archive.ts'

/** A library with a row of every kind that an export holds. */
export async function fill(archive: Archive): Promise<void> {
  const { ctx } = archive
  await archive.put('in/one.jpg', await samplePicture({ width: 800, height: 600, format: 'jpeg' }))
  await archive.put('in/two.gif', await samplePicture({ width: 40, height: 30, format: 'gif', frames: 2 }))
  await archive.put('in/page.html', Buffer.from('<p>words of a page</p>'))
  const item = { type: 'item', owner: 'ada', kind: 'image' }
  const { problems } = await importFile(
    ctx,
    await archive.write('in/a.jsonl', [
      header,
      {
        type: 'account',
        login: 'zoe',
        id: 4,
        name: 'Zoë from the 港',
        bio: 'bio',
        location: 'Fell',
        links: { web: 'https://zoe.example' },
      },
      {
        type: 'account',
        login: 'ada',
        id: 2,
        role: 'admin',
        pro: true,
        created_at: '2019-01-01T00:00:00.001Z',
      },
      { type: 'account', login: 'max', id: 12 },
      { type: 'account', login: 'studio', id: 1, kind: 'team', members: ['zoe', 'ada'] },
      { type: 'alias', name: 'ship', target: 'boat' },
      { type: 'implication', tag: 'boat', implies: ['water', 'air'] },
      {
        ...item,
        id: 10,
        media: 'one.jpg',
        title: 'One',
        tags: ['b', 'a'],
        taken_on: '2018-02-03',
        counts: { views: 5 },
      },
      { ...item, id: 9, media: 'one.jpg', rebound_of: 10, team: 'studio', owner: 'zoe', low_profile: true },
      {
        ...item,
        id: 11,
        media: 'two.gif',
        visibility: 'private',
        anonymous: true,
        source_url: 'https://fell.example/',
      },
      {
        ...item,
        id: 8,
        visibility: 'merged',
        merged_into: 9,
        orig_sha512: 'c'.repeat(128),
        duration: 1.5,
        animated: false,
      },
      {
        ...item,
        id: 7,
        kind: 'article',
        media_hash: `${'0123456789abcdef'.repeat(2)}77`,
        found_text: 'words of a page',
        content: { text: 'words\u2028\0', n: [1] },
        rebound_of: 8,
        backup_of: 'other',
      },
      {
        ...item,
        id: 12,
        scheduled_for: '2031-01-01T00:00:00Z',
        counts: { upvotes: 3, faves: 0 },
        description: 'a\nb',
      },
      { ...item, id: 13, visibility: 'removed', removal_reason: 'spam' },
      { type: 'page_copy', item: 7, name: 'page-copy', media: 'page.html' },
      { type: 'page_copy', item: 7, name: 'page-thumb', media: 'two.gif' },
      { type: 'reaction', item: 12, account: 'zoe', sort: 'upvote' },
      { type: 'reaction', item: 12, account: 'ada', sort: 'fave' },
      { type: 'comment', item: 9, account: 'zoe', body: 'Hm.', at: '2020-01-01T00:00:00Z' },
      {
        type: 'collection',
        id: 6,
        owner: 'zoe',
        kind: 'gallery',
        title: 'All',
        private: true,
        spoiler_warning: 'Water',
        order_position_asc: true,
        thumbnail: 9,
        collaborators: [{ login: 'ada', access: 'owner', since: '2020-02-02T00:00:00Z' }],
      },
      { type: 'collection_item', collection: 6, item: 12, position: 2 },
      { type: 'collection_item', collection: 6, item: 9, position: 3 },
      { type: 'follow', account: 'zoe', target: 'ada' },
      { type: 'follow', account: 'ada', target: 'studio' },
      { type: 'watch', account: 'zoe', target: 6 },
    ]),
  )
  assert.deepEqual(problems, [])
  await archive.runJobs()
  archive.clock.advance(3600)
  const zoe = await viewerCalled(archive, 'zoe')
  await setReaction(ctx, zoe, 10, { sort: 'fave', on: true })
  await addComment(ctx, zoe, 10, 'Later words.')
  await addOthers(archive)
}

async function viewerCalled({ ctx }: Archive, login: string): Promise<Viewer> {
  const { id, role } = await findAccount(ctx.db, login)
  return { accountId: id, role, scopes: null, app: null }
}

/** What the file did not bring: a row of every other kind, made in the usual ways. */
async function addOthers(archive: Archive): Promise<void> {
  const { ctx, clock } = archive
  const [zoe, ada] = [await viewerCalled(archive, 'zoe'), await viewerCalled(archive, 'ada')]
  const [zoeId, adaId] = [zoe.accountId ?? 0, ada.accountId ?? 0]
  for (const timeZone of ['Europe/Warsaw', 'Asia/Tokyo', 'America/Lima']) {
    clock.advance(86_400)
    await changeAccount(ctx, zoe, zoeId, { timeZone })
  }
  await changeAccount(ctx, ada, zoeId, { mayUpload: false, suspended: true })
  await setStellar(ctx, ada, adaId, true)
  await block(ctx, zoe, (await findAccount(ctx.db, 'max')).id)

  const tag = (await findTag(ctx, 'boat')).tag.id
  const facts = { category: 'species', description: 'Floats.', shortDescription: 'It floats' } as const
  await changeTag(ctx, ada, tag, facts)
  await changeTag(ctx, ada, (await findTag(ctx, 'water')).tag.id, { description: 'Wet.' })
  const filters = {
    name: 'Mine',
    description: 'No boats',
    hiddenTags: ['water', 'boat'],
    spoileredTags: ['air'],
    hiddenComplex: 'boat, -water\nair',
    spoileredComplex: 'b',
    public: true,
  }
  const { id } = await addFilter(ctx, ada, filters, new Map())
  await addFilter(ctx, zoe, { name: 'Nothing' }, new Map())
  await chooseFilter(ctx, zoe, id)
  await chooseFilter(ctx, ada, DEFAULT_FILTER_ID)
  const wanted = {
    itemsPerPage: 20,
    watchedQuery: 'boat\nair',
    watchedExcludeQuery: 'b',
    hideSpoileredWatched: true,
  }
  await changeSettings(ctx, zoe, wanted, new Map())
  await watchTag(ctx, zoe, tag, true)
  await watchTag(ctx, await viewerCalled(archive, 'max'), tag, true)

  clock.advance(60)
  const change = { tags: ['a', 'c'], sourceUrl: 'https://fell.example/one' }
  await changeItem(ctx, ada, 10, change)
  await addAlias(ctx, OPERATOR, { name: 'c', target: 'see' })
  await changeItem(ctx, ada, 10, { sourceUrl: null })

  clock.advance(60)
  const max = await viewerCalled(archive, 'max')
  const { comment } = await addComment(ctx, ada, 10, 'Frist')
  const place = { itemId: 10, id: comment.id }
  await setCommentLike(ctx, max, place, true)
  await setCommentLike(ctx, zoe, place, true)
  clock.advance(60)
  await changeComment(ctx, ada, place, 'First')

  await setNotable(ctx, ada, 6, true)
  await inviteToCollection(ctx, zoe, 6, { accountId: max.accountId ?? 0, access: 'member' })
  await attach(archive, ada, { name: 'notes.txt', bytes: Buffer.from('notes'), mimeType: 'text/plain' })
  const picture = await samplePicture({ width: 60, height: 50 })
  await attach(archive, ada, { name: 'small.png', bytes: picture, mimeType: 'image/png' })
  await archive.runJobs()

  const offer = {
    organizationName: 'Fell',
    title: 'Sailor',
    location: 'Sea',
    url: 'https://fell.example/job',
  }
  const details = { category: 'sea', remote: true, team_size: null }
  const team = (await findAccount(ctx.db, 'studio')).id
  await addVacancy(ctx, ada, { ...offer, description: 'Sail.', active: false, teamId: team, details })
  await addVacancy(ctx, zoe, offer)
}

async function attach(
  { ctx }: Archive,
  viewer: Viewer,
  { name, bytes, mimeType }: { name: string; bytes: Buffer; mimeType: string },
): Promise<void> {
  const incoming = await ctx.blobs.receive(Readable.from([bytes]), { maxBytes: 1_000_000 })
  const picture = mimeType === 'image/png' ? await inspectPicture(incoming.path) : null
  await addAttachment(ctx, viewer, 10, { incoming, fileName: name, mimeType, picture })
}
