import { timestamp } from '../../../faces/timestamps.ts'
import type { VacancyRow } from '../../../library/vacancies.ts'

/**
 * The job object (API v2, Jobs). `team` is in the form of the version; the page does not say what stands in its
 * place when there is none: a blank field is null (API v1 overview, "Schema").
 */
export function presentJob<Team>(vacancy: VacancyRow, team: Team | null) {
  return {
    id: vacancy.id,
    organization_name: vacancy.organization_name,
    title: vacancy.title,
    location: vacancy.location,
    url: vacancy.url,
    created_at: timestamp(vacancy.created_ms),
    updated_at: timestamp(vacancy.updated_ms),
    active: vacancy.active === 1,
    starts_at: timestamp(vacancy.starts_ms),
    ends_at: timestamp(vacancy.ends_ms),
    team,
  }
}
