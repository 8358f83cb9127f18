import type { NewVacancy, VacancyChange } from '../../library/vacancies.ts'
import type { Call } from './call.ts'
import { Values } from '../../faces/values.ts'

const ROLE_TYPES = ['full-time', 'part-time', 'freelance', 'contract']
/** Taken and kept, although the job object does not show them. */
const TEXTS = ['category', 'role_type', 'website', 'twitter', 'instagram', 'facebook']
const FLAGS = ['onsite_or_remote', 'onsite_only', 'remote_only']

/** What "Create a job" takes; the library says which of the required ones are blank, all at once. */
export function readNewJob(call: Call): NewVacancy {
  const { organizationName = '', title = '', location = '', url = '', ...rest } = readJobChange(call)
  return { organizationName, title, location, url, ...rest }
}

/** What "Update a job" takes; what is not said stays as it is. @throws Refusal 422. */
export function readJobChange(call: Call): VacancyChange {
  const values = new Values(call.parameters)
  const change: VacancyChange = {}
  // The first clients call it `url`, later ones `link_to_apply`.
  const url = values.text('link_to_apply') ?? values.text('url')
  assign(change, 'organizationName', blankIfNull(values.text('organization_name')))
  assign(change, 'title', blankIfNull(values.text('title')))
  assign(change, 'location', blankIfNull(values.text('location')))
  assign(change, 'url', blankIfNull(url))
  assign(change, 'description', values.text('description'))
  assign(change, 'active', values.flag('active'))
  assign(change, 'teamId', readTeam(values))
  const details = readDetails(values)
  if (Object.keys(details).length > 0) change.details = details
  values.finish()
  return change
}

/** A required text cannot be taken away: a null is a blank. */
const blankIfNull = (text: string | null | undefined) => (text === null ? '' : text)

function assign<K extends keyof VacancyChange>(
  change: VacancyChange,
  name: K,
  value: VacancyChange[K],
): void {
  if (value !== undefined) change[name] = value
}

/** Some clients name the team by `team`, as the object does. */
function readTeam(values: Values): number | null | undefined {
  const teamId = values.id('team_id')
  return teamId === undefined ? values.id('team') : teamId
}

function readDetails(values: Values): Record<string, string | boolean | null> {
  const details: Record<string, string | boolean | null> = {}
  for (const name of TEXTS) {
    const text = values.text(name)
    if (text !== undefined) details[name] = text === '' ? null : text
  }
  for (const name of FLAGS) {
    const flag = values.flag(name)
    if (flag !== undefined) details[name] = flag
  }
  const role = details['role_type']
  if (typeof role === 'string' && !ROLE_TYPES.includes(role))
    values.refuse('role_type', `must be one of ${ROLE_TYPES.join(', ')}`)
  return details
}
