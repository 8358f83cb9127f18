import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { invalid, LibraryError, type Problem } from './errors.ts'
import { fieldProblems, refuseProblems } from './fields.ts'
import { recordChange, recordChanges } from './store/changes.ts'
import { retagSome, type Retagging } from './store/retagging.ts'
import { currentTags } from './store/tag-lists.ts'
import {
  aliasTarget,
  closureIds,
  deleteAlias,
  deleteImplication,
  holdRelations,
  insertImplication,
  tagsNamedExactly,
  turnIntoAlias,
  unaliased,
  type TagRef,
} from './store/tag-relations.ts'
import { ensureTags, updateTag } from './store/tags.ts'
import { TAG_CATEGORIES, type TagCategory } from './tag-rules.ts'
import { cleanTagName, tagProblems } from './tags.ts'
import { mayModerate, type Viewer } from './viewer.ts'

type Tagging = Pick<Context, 'db' | 'clock'>

/** Items that change in one transaction: few enough that nobody else waits long. */
const batch = 200

/**
 * Makes one name stand for another tag: items get the target in its place, now and from now on, whoever tags them.
 * The items that have it change a few at a time; what is cut short is finished by doing it again. A name that stood
 * for another tag before stands for the new one.
 *
 * @returns The target, which is what `target` itself stands for if that is an alias.
 * @throws LibraryError `not_allowed` unless the viewer moderates, `invalid`.
 */
export async function addAlias(
  ctx: Tagging,
  viewer: Viewer,
  input: { name: string; target: string },
): Promise<TagRef> {
  refuseMembers(viewer, 'change')
  const name = checkedName('name', input.name)
  const given = checkedName('target', input.target)
  const { from, to, add } = await ctx.db.transaction().execute(async (db) => {
    await holdRelations(db, 'change')
    const now = ctx.clock()
    const [target = given] = await unaliased(db, [given])
    if (target === name) throw invalid('target', 'stands for the name itself')
    const tags = await ensured(db, now, [name, target])
    await turnIntoAlias(db, now, tags.first, tags.second)
    await recordTags(db, now, [tags.first, tags.second])
    return { from: tags.first, to: tags.second, add: await closureIds(db, target) }
  })
  await retagAll(ctx, viewer, { tagId: from.id, add, remove: true })
  return to
}

/**
 * Makes a name that stood for another a tag of its own again. Items keep what they have.
 *
 * @throws LibraryError `not_allowed`, `not_found`.
 */
export async function removeAlias(ctx: Tagging, viewer: Viewer, name: string): Promise<void> {
  refuseMembers(viewer, 'change')
  const clean = cleanTagName(name)
  await ctx.db.transaction().execute(async (db) => {
    await holdRelations(db, 'change')
    const target = await aliasTarget(db, clean)
    if (!target || !(await deleteAlias(db, clean))) throw new LibraryError({ kind: 'not_found', what: 'tag' })
    const own = await tagsNamedExactly(db, [clean])
    await recordTags(db, ctx.clock(), [target, ...own.values()])
  })
}

/**
 * Makes a tag bring another one along: items that have it get the other one too, now and from now on. Taking the
 * first tag away later leaves the second.
 *
 * @throws LibraryError `not_allowed` unless the viewer moderates, `invalid`.
 */
export async function addImplication(
  ctx: Tagging,
  viewer: Viewer,
  input: { name: string; implies: string },
): Promise<void> {
  refuseMembers(viewer, 'change')
  const given = [checkedName('name', input.name), checkedName('implies', input.implies)]
  const { tag, add } = await ctx.db.transaction().execute(async (db) => {
    await holdRelations(db, 'change')
    const now = ctx.clock()
    const names = await unaliased(db, given)
    if (names.length < 2) throw invalid('implies', 'is the tag itself')
    const { first, second } = await ensured(db, now, names)
    await insertImplication(db, now, first, second)
    await recordTags(db, now, [first, second])
    const closure = await closureIds(db, first.name)
    return { tag: first, add: closure.filter((id) => id !== first.id) }
  })
  await retagAll(ctx, viewer, { tagId: tag.id, add, remove: false })
}

/** Items keep what they have. @throws LibraryError `not_allowed`, `not_found`. */
export async function removeImplication(
  ctx: Tagging,
  viewer: Viewer,
  { name, implies }: { name: string; implies: string },
): Promise<void> {
  refuseMembers(viewer, 'change')
  await ctx.db.transaction().execute(async (db) => {
    await holdRelations(db, 'change')
    const names = [cleanTagName(name), cleanTagName(implies)]
    const [tag, implied] = await named(db, names)
    if (!tag || !implied || !(await deleteImplication(db, tag.id, implied.id)))
      throw new LibraryError({ kind: 'not_found', what: 'tag' })
    await recordTags(db, ctx.clock(), [tag, implied])
  })
}

export interface TagChange {
  /** Null for what the name says. */
  category?: TagCategory | null
  description?: string | null
  shortDescription?: string | null
}

/** Changes what is said of a tag. @throws LibraryError `not_allowed` unless the viewer moderates, `not_found`, `invalid`. */
export async function changeTag(ctx: Tagging, viewer: Viewer, id: number, change: TagChange): Promise<void> {
  refuseMembers(viewer, 'change')
  const { category, description, shortDescription } = change
  const unknown = typeof category === 'string' && !TAG_CATEGORIES.includes(category)
  const problems: Problem[] = unknown ? [{ field: 'category', problem: 'is not a category' }] : []
  refuseProblems([
    ...problems,
    ...fieldProblems('description', description, { most: 20_000 }),
    ...fieldProblems('short_description', shortDescription, { most: 255 }),
  ])
  await ctx.db.transaction().execute(async (db) => {
    const tag = (await currentTags(db, [id])).get(id)
    if (!tag) throw new LibraryError({ kind: 'not_found', what: 'tag' })
    await updateTag(db, tag.id, {
      ...(category === undefined ? {} : { category }),
      ...(description === undefined ? {} : { description }),
      ...(shortDescription === undefined ? {} : { short_description: shortDescription }),
    })
    await recordChange(db, ctx.clock(), { noun: 'tag', id: tag.id, op: 'change' })
  })
}

function refuseMembers(viewer: Viewer, action: string): void {
  if (!mayModerate(viewer)) throw new LibraryError({ kind: 'not_allowed', what: 'tag', action })
}

function checkedName(field: string, given: string): string {
  const name = cleanTagName(given)
  if (name === '') throw invalid(field, "can't be blank")
  if (name.includes(',')) throw invalid(field, 'may not hold a comma')
  refuseProblems(tagProblems([name]).map(({ problem }) => ({ field, problem })))
  return name
}

async function named(db: Db, names: readonly string[]): Promise<(TagRef | undefined)[]> {
  const found = await tagsNamedExactly(db, names)
  return names.map((name) => found.get(name))
}

/** Two tags by name, made where they do not exist. */
async function ensured(
  db: Db,
  at: Date,
  names: readonly string[],
): Promise<{ first: TagRef; second: TagRef }> {
  await ensureTags(db, at, names)
  const [first, second] = await named(db, names)
  if (!first || !second) throw new Error('A tag was not made.')
  return { first, second }
}

function recordTags(db: Db, at: Date, tags: readonly TagRef[]): Promise<void> {
  return recordChanges(
    db,
    at,
    tags.map(({ id }) => ({ noun: 'tag', id, op: 'change' })),
  )
}

async function retagAll(ctx: Tagging, viewer: Viewer, retagging: Retagging): Promise<void> {
  let after: number | null = 0
  while (after !== null) {
    const from: number = after
    const author = { by: viewer.accountId, at: ctx.clock() }
    after = await ctx.db
      .transaction()
      .execute((db) => retagSome(db, author, retagging, { after: from, limit: batch }))
  }
}
