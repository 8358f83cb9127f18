import { collectionsHere } from './here.ts'
import type { LineOf } from '../format/lines.ts'
import { msOf, noSuch, sift, type Step } from './step.ts'
import { insertInvitations } from '../store/beside.ts'
import { accountsNamed } from '../store/names.ts'

/** Who was asked to work on a collection and has not answered yet. */
export async function importInvitations(step: Step, lines: readonly LineOf<'invitation'>[]): Promise<void> {
  const { db, startedAt } = step
  const accounts = await accountsNamed(
    db,
    lines.flatMap(({ value }) => [value.account, value.invited_by]),
  )
  const collections = await collectionsHere(
    step,
    lines.map(({ value }) => value.collection),
  )
  const good = sift(step, lines, (value) => {
    const account = accounts.get(value.account.toLowerCase())
    const by = accounts.get(value.invited_by.toLowerCase())
    const collection = collections.get(value.collection)
    if (!collection) return noSuch('collection', value.collection)
    if (!account || !by) return noSuch('account', account ? value.invited_by : value.account)
    if (account.id === collection.owner_id) return 'invites the owner of the collection'
    const created_ms = msOf(value.at) ?? startedAt.getTime()
    const { access } = value
    return {
      row: { collection_id: collection.id, account_id: account.id, access, invited_by: by.id, created_ms },
    }
  })
  const made = await insertInvitations(
    db,
    good.map(({ row }) => row),
  )
  const fresh = new Set(made.map(({ collection_id, account_id }) => `${collection_id} ${account_id}`))
  for (const { row, line } of good)
    if (!fresh.has(`${row.collection_id} ${row.account_id}`)) step.present.add(line.number)
}
