import assert from 'node:assert/strict'
import { pino } from 'pino'
import { removeAccount } from '../../src/library/account-removal.ts'
import { changeAccount } from '../../src/library/accounts.ts'
import { addToCollection, removeFromCollection } from '../../src/library/collection-items.ts'
import { addCollection, removeCollection } from '../../src/library/collections.ts'
import { addComment, removeComment } from '../../src/library/comments.ts'
import { addToGallery } from '../../src/library/galleries.ts'
import { publishDue } from '../../src/library/items-publish.ts'
import { changeItem, removeItem } from '../../src/library/items.ts'
import { bringBackItem, mergeItem, takeDownItem } from '../../src/library/moderation.ts'
import { findTag } from '../../src/library/tag-lists.ts'
import { addAlias, addImplication, changeTag, removeAlias } from '../../src/library/tag-relations.ts'
import { setFave, setHide, setVote } from '../../src/library/votes.ts'
import { simplify } from '../../src/search/language/rewrite.ts'
import { readOrder } from '../../src/search/language/sort.ts'
import { openSearch, type Request } from '../../src/search/search.ts'
import { sortFields } from '../../src/dialects/derpibooru/search-fields.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { addNote, openLibrary, person, type TestLibrary } from '../library/open-library.ts'
import { read } from './language/reading.ts'

/** Every kind of thing that a write may change the answer to. */
const TEXTS = [
  '*',
  '*',
  '*',
  'my:uploads, -vessel',
  'boat || vessel',
  'vessel',
  'boat',
  'ship',
  'b*',
  'shp~1',
  'sea, -boat',
  'faves.gte:1 || upvotes.gt:0 || downvotes.gt:0',
  'score:1',
  'wilson_score.gt:0.05',
  'hides:1',
  'comment_count.gt:0',
  'tag_count:2',
  'character_tag_count:1',
  'uploader:ada',
  'uploader:elder ada',
  'true_owner:ada',
  'faved_by:bert',
  'my:faves || my:upvotes || my:downvotes',
  'my:hidden',
  'my:uploads',
  'description:quiet harbour',
  'gallery_id:1',
  'gallery_id:2',
  'duplicate_of_id.gt:0, duplicate_of_id:1',
  'duplicate_of_id:2',
  'deleted:true',
  'deletion_reason:*rules*',
  'anonymous:true',
  'updated_at.gt:2020',
  'source_url:*example.org*',
]
const ORDERS = ['id', 'score', 'comments', 'updated_at', 'wilson', 'random:7', 'gallery_id:1', 'relevance']

/** Who asks: each question is always asked by the same one. */
const SEERS: readonly Request['seer'][] = [
  'listed',
  { accountId: 3, role: 'admin' },
  { accountId: 1, role: 'member' },
  { accountId: 2, role: 'moderator' },
]

/**
 * Asks both executors; `every` asks only one question in so many, others each time.
 *
 * @returns How many items each question found.
 */
function comparing({ ctx }: TestLibrary, every: number): () => Promise<string> {
  const { database, clock } = ctx
  const failures: string[] = []
  const log = pino({ level: 'warn' }, { write: (line) => void failures.push(line) })
  const search = openSearch({ database, clock, log, folder: '', mode: 'catalogue' })
  const sql = openSearch({ database, clock, log, folder: '', mode: 'sql' })
  let turn = 0
  return async () => {
    turn += 1
    const found: number[] = []
    for (const [index, text] of TEXTS.entries()) {
      if ((index + turn) % every !== 0) continue
      const seer = SEERS[index % SEERS.length] ?? 'listed'
      const sort = ORDERS[(index + turn) % ORDERS.length]
      const direction = (index + turn) % 3 === 0 ? 'asc' : 'desc'
      const order = readOrder(sort, direction, {
        names: sortFields,
        fallback: 'id',
        ties: 'newest',
        seed: '',
      })
      const accountId = seer === 'listed' ? 2 : seer.accountId
      const request = { query: simplify(read(text)), seer, accountId, order, offset: 0, limit: 50 }
      const answer = await search.find(request)
      assert.deepEqual(answer, await sql.find(request), `${text} by ${sort}`)
      found.push(answer.total)
    }
    // Else the database would have answered for both.
    assert.deepEqual(failures, [])
    return found.join()
  }
}

type Step = [what: string, write: () => Promise<unknown>]

onEachDatabase('a write is in the next search, whatever it was', async (at) => {
  await using library = await openLibrary(at)
  const every = at.engine === 'sqlite' ? 1 : 3
  const compare = comparing(library, every)
  const unnoticed: string[] = []
  let last = ''
  for (const [what, write] of await stepsOf(library)) {
    await write()
    const found = await compare().catch((error: unknown) => {
      throw new Error(`after: ${what}`, { cause: error })
    })
    if (found === last) unnoticed.push(what)
    last = found
    library.clock.advance(1)
  }
  // Questions that never told one write from another would prove nothing.
  if (every === 1) assert.deepEqual(unnoticed, ['add gallery', 'add gallery of bert'])
})

async function stepsOf(library: TestLibrary): Promise<Step[]> {
  const { ctx, clock } = library
  const ada = await person(library, 'ada', { pro: true })
  const bert = await person(library, 'bert')
  const mod = await person(library, 'mod', { role: 'moderator' })
  const notes: number[] = []
  const note = async (tags: string[], more = {}) => notes.push(await addNote(library, ada, { tags, ...more }))
  for (const tags of [['boat', 'sea'], ['sea'], ['ship', 'quiet'], ['b', 'boat'], []]) await note(tags)
  const [one = 0, two = 0, three = 0, four = 0, five = 0] = notes
  const gallery = { kind: 'gallery', title: 'Boats' } as const
  const commented: number[] = []
  const soon = new Date(clock.now().getTime() + 30_000)
  return [
    [
      'add',
      () => note(['sea', 'boat'], { description: 'A quiet harbour', sourceUrl: 'https://example.org/1' }),
    ],
    ['add scheduled', () => note(['sea'], { scheduledAt: soon })],
    ['publish', () => publishDue(ctx, soon)],
    ['change tags', () => changeItem(ctx, ada.viewer, two, { tags: ['boat', 'new tag'] })],
    ['change text', () => changeItem(ctx, ada.viewer, one, { description: 'Quiet harbours' })],
    ['make private', () => changeItem(ctx, ada.viewer, five, { visibility: 'private' })],
    ['make anonymous', () => changeItem(ctx, ada.viewer, four, { anonymous: true })],
    ['keep out of lists', () => changeItem(ctx, ada.viewer, three, { lowProfile: true })],
    ['vote', () => setVote(ctx, bert.viewer, one, 'up')],
    ['vote down', () => setVote(ctx, bert.viewer, one, 'down')],
    ['fave', () => setFave(ctx, bert.viewer, two, true)],
    ['unfave', () => setFave(ctx, bert.viewer, two, false)],
    ['hide', () => setHide(ctx, bert.viewer, four, true)],
    ['comment', async () => commented.push((await addComment(ctx, bert.viewer, one, 'Nice')).comment.id)],
    ['uncomment', () => removeComment(ctx, bert.viewer, { itemId: one, id: commented[0] ?? 0 })],
    ['add gallery', () => addCollection(ctx, ada.viewer, gallery)],
    ['add gallery of bert', () => addCollection(ctx, bert.viewer, gallery)],
    ['gather', () => addToGallery(ctx, ada.viewer, 1, { itemId: one })],
    ['gather more', () => addToGallery(ctx, ada.viewer, 1, { itemId: two })],
    ['gather in front', () => addToGallery(ctx, ada.viewer, 1, { itemId: four, position: 1 })],
    ['gather elsewhere', () => addToCollection(ctx, bert.viewer, 2, two)],
    ['take out', () => removeFromCollection(ctx, ada.viewer, 1, one)],
    ['alias', () => addAlias(ctx, mod.viewer, { name: 'vessel', target: 'ship' })],
    ['alias of a tag', () => addAlias(ctx, mod.viewer, { name: 'boat', target: 'ship' })],
    ['no alias', () => removeAlias(ctx, mod.viewer, 'vessel')],
    ['imply', () => addImplication(ctx, mod.viewer, { name: 'sea', implies: 'water' })],
    [
      'category',
      async () => changeTag(ctx, mod.viewer, (await findTag(ctx, 'ship')).tag.id, { category: 'character' }),
    ],
    ['rename', () => changeAccount(ctx, ada.viewer, ada.account.id, { name: 'Elder Ada' })],
    ['take down', () => takeDownItem(ctx, mod.viewer, one, 'Against the rules')],
    ['bring back', () => bringBackItem(ctx, mod.viewer, one)],
    ['merge', () => mergeItem(ctx, mod.viewer, one, two)],
    ['remove gallery', () => removeCollection(ctx, ada.viewer, 1)],
    ['remove', () => removeItem(ctx, ada.viewer, two)],
    ['remove account', () => removeAccount(ctx, bert.viewer, bert.account.id)],
  ]
}
