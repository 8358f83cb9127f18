import { storedNames } from './tags.ts'
import type { LineOf } from '../format/lines.ts'
import { sift, type Step } from './step.ts'
import { knownTagNames, sayOfTag } from '../store/beside.ts'
import { logChanges } from '../store/bulk.ts'
import { tagsNamed } from '../store/tags.ts'

/** Tags, and what is said of them. One of which something is said here stays as it is. */
export async function importTagFacts(step: Step, lines: readonly LineOf<'tag'>[]): Promise<void> {
  const { db, startedAt } = step
  const good = sift(step, lines, ({ name }) => {
    const [stored] = storedNames(step, [name])
    return stored === undefined ? 'has no name that can be stored' : { name: stored }
  })
  const names = good.map(({ name }) => name)
  const known = await knownTagNames(db, names)
  const tags = await tagsNamed(db, startedAt, names)
  for (const { name, line } of good) {
    const id = tags.get(name) ?? 0
    const { category = null, description = null, short_description = null } = line.value
    const isSaid = [category, description, short_description].some((fact) => fact !== null)
    const isNew = isSaid && (await sayOfTag(db, id, { category, description, short_description }))
    if (isNew) await logChanges(db, startedAt, [{ noun: 'tag', id, op: 'change' }])
    else if (known.has(name)) step.present.add(line.number)
  }
}
