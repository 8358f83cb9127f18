import { cleanTagName } from '../../library/tags.ts'
import type { LineOf } from '../format/lines.ts'
import { sift, type Import, type Step } from './step.ts'
import { logChanges } from '../store/bulk.ts'
import { aliasTargets, insertAliases, insertImplications, tagsNamed } from '../store/tags.ts'

/** Names as they are to be stored, each once; one of nothing but spaces is dropped. */
export function storedNames({ options }: Pick<Import, 'options'>, names: readonly string[]): string[] {
  const stored = options.cleanTags ? names.map(cleanTagName) : names
  return [...new Set(stored.filter((name) => name.trim() !== ''))]
}

const storedName = (step: Step, name: string) => storedNames(step, [name])[0] ?? ''

/** Names that stand for a tag. One that is known and stands for another tag is refused. */
export async function importAliases(step: Step, lines: readonly LineOf<'alias'>[]): Promise<void> {
  const { db, startedAt } = step
  const known = await aliasTargets(
    db,
    lines.map(({ value }) => storedName(step, value.name)),
  )
  const fresh = sift(step, lines, (value, line) => {
    const [name, target] = [storedName(step, value.name), storedName(step, value.target)]
    if (name === '' || target === '') return 'has no name that can be stored'
    if (name === target) return `${name} cannot stand for itself`
    const there = known.get(name)
    if (there === target) step.present.add(line.number)
    return there === undefined || there === target ? { name, target } : `${name} stands for ${there} already`
  }).filter(({ line }) => !step.present.has(line.number))

  // A name that stands for another is a tag too, with a number of its own, as one that is made an alias here.
  const tags = await tagsNamed(
    db,
    startedAt,
    fresh.flatMap(({ name, target }) => [name, target]),
  )
  const rows = fresh.map(({ name, target }) => ({
    name,
    target_id: tags.get(target) ?? 0,
    created_ms: startedAt.getTime(),
  }))
  await insertAliases(db, rows)
  await logChanges(
    db,
    startedAt,
    rows.map(({ target_id }) => ({ noun: 'tag', id: target_id, op: 'change' })),
  )
}

/** Tags that bring others along. */
export async function importImplications(step: Step, lines: readonly LineOf<'implication'>[]): Promise<void> {
  const { db, startedAt } = step
  const created_ms = startedAt.getTime()
  const good = sift(step, lines, (value) => {
    const tag = storedName(step, value.tag)
    const implies = storedNames(step, value.implies)
    if (tag === '') return 'has no name that can be stored'
    return implies.includes(tag) ? `${tag} cannot imply itself` : { tag, implies }
  })
  const tags = await tagsNamed(
    db,
    startedAt,
    good.flatMap(({ tag, implies }) => [tag, ...implies]),
  )
  for (const { tag, implies, line } of good) {
    const tag_id = tags.get(tag) ?? 0
    const rows = implies.map((name) => ({ tag_id, implied_id: tags.get(name) ?? 0, created_ms }))
    const made = await insertImplications(db, rows)
    if (made.length === 0) step.present.add(line.number)
    else await logChanges(db, startedAt, [{ noun: 'tag', id: tag_id, op: 'change' }])
  }
}
