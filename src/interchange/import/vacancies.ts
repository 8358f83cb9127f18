import type { LineOf } from '../format/lines.ts'
import { withAccount } from './named.ts'
import { msOf, noSuch, type Step } from './step.ts'
import { insertVacancies, vacanciesOf } from '../store/beside.ts'
import { logChanges } from '../store/bulk.ts'
import { accountsNamed } from '../store/names.ts'
import { takenIds } from '../store/numbered.ts'

/** Positions offered. One of the same account, address, title and time is here already. */
export async function importVacancies(step: Step, lines: readonly LineOf<'vacancy'>[]): Promise<void> {
  const { db, startedAt } = step
  const rows = await vacancyRows(step, lines)
  const nameOf = (row: { account_id: number; url: string; title: string; created_ms: number }) =>
    JSON.stringify([row.account_id, row.url, row.title, row.created_ms])
  const there = await vacanciesOf(
    db,
    rows.map(({ row }) => row.account_id),
  )
  const known = new Set(there.map(nameOf))
  const fresh = rows.filter(({ row, number }) => {
    if (known.has(nameOf(row))) step.present.add(number)
    return !known.has(nameOf(row))
  })
  const made = await insertVacancies(
    db,
    fresh.map(({ row }) => row),
  )
  await logChanges(
    db,
    startedAt,
    made.map(({ id }) => ({ noun: 'vacancy', id, op: 'create' })),
  )
}

async function vacancyRows(step: Step, lines: readonly LineOf<'vacancy'>[]) {
  const { db } = step
  const named = await withAccount(step, lines)
  const teams = await accountsNamed(
    db,
    named.flatMap(({ line }) => line.value.team ?? []),
  )
  const good = named.filter(({ line: { number, value } }) => {
    const isKnown = value.team === undefined || teams.get(value.team.toLowerCase())?.kind === 'team'
    if (!isKnown) step.refused.set(number, noSuch('team', value.team ?? ''))
    return isKnown
  })
  const taken = await takenIds(
    db,
    'vacancy',
    good.flatMap(({ line }) => line.value.id ?? []),
  )
  return good.map(({ account, line: { number, value } }) => {
    const created = msOf(value.created_at) ?? msOf(value.starts_at)
    const row = {
      ...(value.id === undefined || taken.has(value.id) ? {} : { id: value.id }),
      account_id: account.id,
      organization_name: value.organization_name,
      title: value.title,
      location: value.location,
      url: value.url,
      description: value.description?.trim() ? value.description : null,
      active: value.active === false ? (0 as const) : (1 as const),
      team_id: teams.get(value.team?.toLowerCase() ?? '')?.id ?? null,
      details: JSON.stringify(value.details ?? {}),
      starts_ms: msOf(value.starts_at),
      ends_ms: msOf(value.ends_at),
      created_ms: created,
      updated_ms: msOf(value.updated_at) ?? created,
    }
    return { number, row }
  })
}
