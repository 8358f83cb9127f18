import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { accountsByIds, signedIn } from './accounts.ts'
import { invalid, LibraryError, type Problem } from './errors.ts'
import { fieldProblems, refuseProblems, urlProblems } from './fields.ts'
import { recordChange } from './store/changes.ts'
import { isMember } from './store/teams.ts'
import { insertVacancy, updateVacancy, vacancyById, type VacancyRow } from './store/vacancies.ts'
import type { Viewer } from './viewer.ts'

export type { VacancyRow } from './store/vacancies.ts'

/** A position that somebody offers. */
export interface NewVacancy {
  organizationName: string
  title: string
  location: string
  /** Where to apply. */
  url: string
  /** A little HTML, as its author wrote it; faces clean it. */
  description?: string | null
  active?: boolean
  /** A team the viewer is, or is a member of. */
  teamId?: number | null
  /** Category, role type, further links and the like: short texts and flags in the words of the face. */
  details?: Record<string, string | boolean | null>
}

export type VacancyChange = Partial<NewVacancy>

/** How long an offer runs. The sources print `starts_at` and `ends_at` without saying how they come about; ours. */
const RUNS_MS = 30 * 86_400_000

/** @throws LibraryError `not_signed_in`, `invalid` (all problems at once). */
export async function addVacancy(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  input: NewVacancy,
): Promise<VacancyRow> {
  const me = signedIn(viewer)
  refuseProblems(vacancyProblems(input))
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (db) => {
    await refuseTeam(db, viewer, input.teamId)
    const { organizationName, title, location, url } = input
    const vacancy = await insertVacancy(db, {
      account_id: me,
      organization_name: organizationName,
      title,
      location,
      url,
      ...optionalColumns(input),
      starts_ms: now.getTime(),
      ends_ms: now.getTime() + RUNS_MS,
      created_ms: now.getTime(),
      updated_ms: now.getTime(),
    })
    await recordChange(db, now, { noun: 'vacancy', id: vacancy.id, op: 'create' })
    return vacancy
  })
}

/**
 * Changes the fields given and leaves the others alone; `details` are merged by name.
 *
 * @throws LibraryError `not_signed_in`, `not_found`, `not_allowed`, `invalid`.
 */
export async function changeVacancy(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  id: number,
  change: VacancyChange,
): Promise<VacancyRow> {
  signedIn(viewer)
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (db) => {
    const vacancy = await seen(db, viewer, id)
    if (!isOwner(viewer, vacancy))
      throw new LibraryError({ kind: 'not_allowed', what: 'vacancy', action: 'change' })
    const details = { ...vacancyDetails(vacancy), ...change.details }
    refuseProblems(vacancyProblems({ ...change, details }))
    await refuseTeam(db, viewer, change.teamId)

    const { organizationName, title, location, url } = change
    const changed = await updateVacancy(db, id, {
      ...(organizationName === undefined ? {} : { organization_name: organizationName }),
      ...(title === undefined ? {} : { title }),
      ...(location === undefined ? {} : { location }),
      ...(url === undefined ? {} : { url }),
      ...optionalColumns({ ...change, details }),
      updated_ms: now.getTime(),
    })
    await recordChange(db, now, { noun: 'vacancy', id, op: 'change' })
    return changed
  })
}

/** An offer that runs, or one's own. @throws LibraryError `not_found`. */
export function findVacancy(ctx: Pick<Context, 'db'>, viewer: Viewer, id: number): Promise<VacancyRow> {
  return seen(ctx.db, viewer, id)
}

/** What stands in `details`, by name. */
export function vacancyDetails({
  details,
}: Pick<VacancyRow, 'details'>): Record<string, string | boolean | null> {
  const read: unknown = JSON.parse(details)
  const named = typeof read === 'object' && read !== null ? Object.entries(read) : []
  return Object.fromEntries(
    named.flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'string' || typeof value === 'boolean' || value === null ? [[name, value]] : [],
    ),
  )
}

async function seen(db: Db, viewer: Viewer, id: number): Promise<VacancyRow> {
  const vacancy = await vacancyById(db, id)
  if (vacancy && (vacancy.active === 1 || isOwner(viewer, vacancy))) return vacancy
  throw new LibraryError({ kind: 'not_found', what: 'vacancy' })
}

function isOwner(viewer: Viewer, vacancy: VacancyRow): boolean {
  return viewer.role === 'admin' || viewer.accountId === vacancy.account_id
}

/** Everything that is wrong with an offer. */
export function vacancyProblems(input: VacancyChange): Problem[] {
  const details = Object.entries(input.details ?? {})
  const short = { required: true, most: 255 }
  return [
    ...fieldProblems('organization_name', input.organizationName, short),
    ...fieldProblems('title', input.title, short),
    ...fieldProblems('location', input.location, short),
    ...urlProblems('url', input.url),
    ...fieldProblems('description', input.description, { most: 50_000 }),
    ...(details.length > 30 ? [{ field: 'details', problem: 'has too many entries (at most 30)' }] : []),
    ...details.flatMap(([name, value]) =>
      typeof value === 'string' ? fieldProblems(name, value, { most: 2000 }) : [],
    ),
  ]
}

async function refuseTeam(db: Db, viewer: Viewer, teamId: number | null | undefined): Promise<void> {
  if (teamId === null || teamId === undefined) return
  const team = (await accountsByIds(db, [teamId])).get(teamId)
  const me = viewer.accountId
  const belongs =
    viewer.role === 'admin' || me === teamId || (me !== null && (await isMember(db, teamId, me)))
  if (team?.kind !== 'team' || !belongs) throw invalid('team_id', 'is not a team of yours')
}

function optionalColumns({ description, active, teamId, details }: VacancyChange) {
  return {
    ...(description === undefined ? {} : { description: description?.trim() ? description : null }),
    ...(active === undefined ? {} : { active: active ? (1 as const) : (0 as const) }),
    ...(teamId === undefined ? {} : { team_id: teamId }),
    ...(details === undefined ? {} : { details: JSON.stringify(details) }),
  }
}
