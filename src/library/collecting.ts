import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { accountsByIds, signedIn } from './accounts.ts'
import { backupServiceOf } from './backups.ts'
import { gatherFile, gatherText, gatherUrl, type CollectWhat, type Gathered } from './collecting-facts.ts'
import { placeItem, refuseSharing } from './collection-sharing.ts'
import { workableCollection } from './collection-access.ts'
import { readDocumentLater } from './document-texts.ts'
import { LibraryError, type Problem } from './errors.ts'
import { refuseProblems, urlProblems } from './fields.ts'
import { hashtagsOf } from './hashtags.ts'
import { itemFieldProblems } from './item-checks.ts'
import { addItem } from './items-add.ts'
import { capturePageLater } from './page-captures.ts'
import { isFirehose } from './firehose.ts'
import { collectionIdsWith, newestFrom, putItemText } from './store/collected.ts'
import { lockRows } from './store/ids.ts'
import { addRenditions } from './store/renditions.ts'
import { tagsOfItems } from './store/tags.ts'
import type { Viewer } from './viewer.ts'

export type { CollectWhat } from './collecting-facts.ts'
export { pageCopy } from './collecting-facts.ts'

/** Something to collect, and what its collector says about it. */
export interface CollectInput {
  what: CollectWhat
  title?: string | null
  /** Where it is from: normally an address; anything else is kept as it is, in `content.source`. */
  source?: string | null
  /** Its hashtags are the tags. */
  description?: string | null
  private?: boolean
  /**
   * Takes title, description, tags and collections from the newest item of the viewer's own from the same address, if
   * there is one.
   */
  usePrevious?: boolean
  /** Brought over from another service, which its source tells. */
  fromBackup?: boolean
  /** The same, with the service's name: `pinboard`, `twitter_fav` … */
  backupOf?: string
  /** No pictures of the page are to be made. */
  preventCapture?: boolean
  collectionIds?: readonly number[]
  /** Now when left out. */
  createdAt?: Date
}

/** A new item could not be put into a collection, so there is none; `cause` is what broke. */
export class PlacingBroke extends Error {
  constructor(cause: unknown) {
    super('A new item could not be put into its collections.', { cause })
    this.name = 'PlacingBroke'
  }
}

export type Collecting = Pick<Context, 'db' | 'clock' | 'blobs' | 'queue' | 'config' | 'fetcher' | 'reader'>

interface Words {
  title: string | null
  source: string | null
  description: string | null
  tags: string[]
  collectionIds: readonly number[]
}

/**
 * Collects something: finds out what it is, and adds it as an item of the viewer's own. Pictures come into being as
 * `processing`, everything else is ready at once. Bytes that were handed over are kept, or dropped on refusal.
 *
 * @throws LibraryError `not_signed_in`; `not_allowed`; `not_found` (`collection`); `not_allowed` on `item` (`share`);
 *   `invalid` with everything that is wrong (`title`, `source`, `url`, `text`, `file` when it is empty …); `bad_media`
 *   for a picture that cannot be used; `too_many`; `storage_full`. PlacingBroke.
 */
export async function collectItem(
  ctx: Collecting,
  viewer: Viewer,
  input: CollectInput,
): Promise<{ id: number; uid: string }> {
  const me = signedIn(viewer)
  let gathered: Gathered
  let words: Words
  try {
    words = await wordsFor(ctx, me, input)
    await checkFirst(ctx, viewer, me, { ...input, ...words })
    gathered = await gather(ctx, me, input, words.source)
  } catch (error) {
    if (input.what.kind === 'file') await ctx.blobs.discard(input.what.incoming)
    throw error
  }
  const { title, description, tags, source } = words
  const isAddress = source !== null && urlProblems('source', source).length === 0
  return addItem(
    ctx,
    viewer,
    {
      ownerId: me,
      kind: gathered.kind,
      title,
      description,
      sourceUrl: isAddress ? source : null,
      tags,
      visibility: input.private ? 'private' : 'public',
      content: isAddress || source === null ? gathered.content : { ...gathered.content, source },
      backupOf: input.backupOf ?? (input.fromBackup ? backupServiceOf(source) : null),
      mediaHash: gathered.mediaHash,
      ...(gathered.media ? { media: gathered.media } : {}),
      ...(gathered.file ? { file: gathered.file } : {}),
      more: gathered.html ? [gathered.html] : [],
      ...(input.createdAt ? { createdAt: input.createdAt } : {}),
    },
    { prepare: (db) => prepareParts(ctx, db, viewer, { input, words, gathered }) },
  )
}

/** What the collector says, or what is said of the same address already. */
async function wordsFor(ctx: Collecting, me: number, input: CollectInput): Promise<Words> {
  const source = input.source?.trim() ? input.source.trim() : null
  const previous = input.usePrevious && source ? await newestFrom(ctx.db, me, source) : null
  const collectionIds = input.collectionIds ?? []
  if (previous) {
    const inherited = await collectionIdsWith(ctx.db, previous.id)
    return {
      title: previous.title,
      description: previous.description,
      source,
      tags: (await tagsOfItems(ctx.db, [previous.id])).get(previous.id) ?? [],
      collectionIds: [...new Set([...inherited, ...collectionIds])],
    }
  }
  const { title = null, description = null } = input
  return { title, description, source, tags: hashtagsOf(description), collectionIds }
}

/** Whatever can be refused is, before other people's servers are asked for anything. */
async function checkFirst(
  ctx: Collecting,
  viewer: Viewer,
  me: number,
  said: Words & Pick<CollectInput, 'private'>,
): Promise<void> {
  const { title, description, source, tags } = said
  const missing: Problem[] = [
    ...(title?.trim() ? [] : [{ field: 'title', problem: "can't be blank" }]),
    ...(source === null ? [{ field: 'source', problem: "can't be blank" }] : []),
    ...(source !== null && source.length > 2000 ? [{ field: 'source', problem: 'is too long' }] : []),
  ]
  refuseProblems([...missing, ...itemFieldProblems({ title, description }, tags)])
  const account = (await accountsByIds(ctx.db, [me])).get(me)
  if (!account || account.may_upload === 0 || account.suspended === 1)
    throw new LibraryError({ kind: 'not_allowed', what: 'item', action: 'add' })
  await checkCollections(ctx.db, viewer, said)
}

async function checkCollections(
  db: Db,
  viewer: Viewer,
  { collectionIds, private: isPrivate = false }: Pick<Words, 'collectionIds'> & Pick<CollectInput, 'private'>,
): Promise<void> {
  for (const id of collectionIds) {
    const collection = await workableCollection(db, viewer, id)
    if (isFirehose(collection))
      throw new LibraryError({ kind: 'not_allowed', what: 'collection', action: 'change' })
    const visibility = isPrivate ? 'private' : 'public'
    await refuseSharing(db, collection, { visibility, owner_id: viewer.accountId ?? 0 })
  }
}

function gather(ctx: Collecting, me: number, { what }: CollectInput, source: string | null) {
  switch (what.kind) {
    case 'url':
      return gatherUrl(ctx, what, me)
    case 'text':
      return gatherText(what.text, source)
    case 'file':
      return gatherFile(what)
  }
}

/** Everything that belongs to the new item, in the transaction that adds it. */
async function prepareParts(
  ctx: Collecting,
  db: Db,
  viewer: Viewer,
  { input, words, gathered }: { input: CollectInput; words: Words; gathered: Gathered },
): Promise<(id: number) => Promise<void>> {
  const { collectionIds } = words
  await lockRows(db, 'collection', collectionIds)
  await checkCollections(db, viewer, { collectionIds, private: input.private ?? false })
  return async (id) => {
    if (gathered.text !== '') await putItemText(db, id, gathered.text)
    if (gathered.kind === 'document') await readDocumentLater(ctx, db, id)
    if (gathered.htmlCopy) await addRenditions(db, [{ ...gathered.htmlCopy, item_id: id }])
    for (const collectionId of collectionIds)
      await placeItem(db, { collectionId, itemId: id }, ctx.clock()).catch((cause: unknown) => {
        throw new PlacingBroke(cause)
      })
    if (gathered.captureUrl !== null && !input.preventCapture)
      await capturePageLater(ctx, db, { itemId: id, url: gathered.captureUrl })
  }
}
