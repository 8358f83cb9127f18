import type { Kysely } from 'kysely'
import type { Schema } from '../../src/database/schema.ts'
import { recordChanges } from '../../src/library/store/changes.ts'
import type { NewItemRow } from '../../src/library/store/items.ts'
import type { Chance } from '../helpers/random.ts'

/** Libraries over the few values that the generated searches of `language/trees.ts` ask for. */

const LOGINS = ['sea', 'Seal', 'red rose', 'b', 'mina']
const TAGS = ['sea', 'seal', 'red rose', 'red_rose', 'artist:a_b', 'b', 'oc', 'oc:ab', 'explicit', 'é*[x']
const ALIASES = { ocean: 'sea', ab: 'sea', a: 'artist:a_b', '😀': 'oc', _: 'b', sea: 'seal' }
const TEXTS = ['sea', 'Seal', 'red rose', 'RED_ROSE', 'É', 'ß sea', 'é', 'a%b_*[c]', '\u212aelvin', '']
const PROSE = [
  'Boats at sea: the sea is red',
  "DON'T sail, boats",
  'İstanbul boats',
  'seas of berries',
  'A boat on the É sea',
]
const MOMENTS = ['2015-01-01T00:00:00.000Z', '2016-02-29T23:59:59.999Z', '2016-05-01T10:00:00.000Z'].map(
  (text) => Date.parse(text),
)

/** Accounts, tags, aliases, collections 1 to 5 and so many items. */
export async function fillLibrary(db: Kysely<Schema>, chance: Chance, count: number): Promise<void> {
  for (const login of LOGINS)
    await db
      .insertInto('account')
      .values({
        login,
        login_key: login.toLowerCase(),
        name: login,
        kind: 'person',
        created_ms: 0,
        updated_ms: 0,
        bio: null,
        location: null,
        avatar_sha256: null,
        password_hash: null,
      })
      .execute()
  for (const [index, name] of TAGS.entries())
    await db
      .insertInto('tag')
      .values({ name, created_ms: 0, category: index === 5 ? 'character' : index === 6 ? 'nonsense' : null })
      .execute()
  for (const [name, target] of Object.entries(ALIASES))
    await db
      .insertInto('tag_alias')
      .values({ name, target_id: 1 + TAGS.indexOf(target), created_ms: 0 })
      .execute()
  for (const id of [1, 2, 3, 4, 5])
    await db
      .insertInto('collection')
      .values({
        uid: `c${id}`,
        owner_id: 1,
        title: 'c',
        slug: `c${id}`,
        created_ms: 0,
        updated_ms: 0,
        description: null,
      })
      .execute()
  await addItems(db, chance, count)
}

/** Adds items with everything that belongs to them, and notes them in the change log. */
export async function addItems(db: Kysely<Schema>, chance: Chance, count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    const { id } = await db
      .insertInto('item')
      .values(itemRow(chance, made))
      .returning('id')
      .executeTakeFirstOrThrow()
    await addBelongings(db, chance, id)
    await recordChanges(db, new Date(0), [{ noun: 'item', id, op: 'create' }])
  }
}

/** Gives an item other values, in place of all that it had. */
export async function rewriteItem(db: Kysely<Schema>, chance: Chance, id: number): Promise<void> {
  const { uid: _, ...row } = itemRow(chance, 0)
  await db.updateTable('item').set(row).where('id', '=', id).execute()
  await db.deleteFrom('item_tag').where('item_id', '=', id).execute()
  await db.deleteFrom('reaction').where('item_id', '=', id).execute()
  await db.deleteFrom('collection_item').where('item_id', '=', id).execute()
  await addBelongings(db, chance, id)
  await recordChanges(db, new Date(0), [{ noun: 'item', id, op: 'change' }])
}

let uids = 0

function itemRow(chance: Chance, made: number): NewItemRow {
  const { below } = chance
  const maybe = <T>(value: T): T | null => (below(4) === 0 ? null : value)
  const text = () => maybe(chance.oneOf(TEXTS) ?? '')
  const moment = () => chance.oneOf(MOMENTS) ?? 0
  uids += 1
  return {
    uid: `u${uids}`,
    kind: 'text',
    owner_id: 1 + below(LOGINS.length),
    anonymous: below(5) === 0 ? 1 : 0,
    title: null,
    description: maybe(chance.oneOf(PROSE) ?? ''),
    source_url: text(),
    blob_sha256: null,
    file_name: text(),
    mime_type: text(),
    format: text(),
    width: maybe(below(13)),
    height: maybe(below(13)),
    frames: maybe(below(3)),
    duration_seconds: maybe(below(5) / 2),
    size_bytes: maybe(below(13)),
    sha512: maybe(chance.oneOf(['abcd0123', 'abcd4567', '0000ffff']) ?? ''),
    orig_sha512: maybe(chance.oneOf(['abcd0123', '']) ?? ''),
    state: below(12) === 0 ? 'processing' : 'ready',
    visibility:
      chance.oneOf(['public', 'public', 'public', 'private', 'removed', 'merged'] as const) ?? 'public',
    merged_into: made > 2 && below(5) === 0 ? 1 : null,
    removal_reason: text(),
    low_profile: below(6) === 0 ? 1 : 0,
    published_ms: below(6) === 0 ? null : 1,
    created_ms: moment(),
    updated_ms: moment(),
    first_seen_ms: moment(),
    faves_count: below(6),
    upvotes_count: below(13),
    downvotes_count: below(5),
    comments_count: below(6),
  }
}

async function addBelongings(db: Kysely<Schema>, { below }: Chance, id: number): Promise<void> {
  for (let tag = 1; tag <= TAGS.length; tag += 1)
    if (below(4) === 0) await db.insertInto('item_tag').values({ item_id: id, tag_id: tag }).execute()
  for (let account = 1; account <= LOGINS.length; account += 1)
    for (const sort of ['fave', 'upvote', 'downvote', 'hide'] as const)
      if (below(6) === 0)
        await db
          .insertInto('reaction')
          .values({ item_id: id, account_id: account, sort, created_ms: 0 })
          .execute()
  for (let collection = 1; collection <= 5; collection += 1)
    if (below(4) === 0)
      await db
        .insertInto('collection_item')
        .values({ collection_id: collection, item_id: id, position: below(5), added_ms: 0 })
        .execute()
}
