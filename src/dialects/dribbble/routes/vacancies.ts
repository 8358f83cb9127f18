import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { accountsByIds } from '../../../library/accounts.ts'
import { addVacancy, changeVacancy, findVacancy, type VacancyRow } from '../../../library/vacancies.ts'
import { callOf } from '../call.ts'
import { locatedAt } from '../created.ts'
import { idIn } from '../ids.ts'
import { readJobChange, readNewJob } from '../job-input.ts'
import { presentJob } from '../presenters/jobs.ts'
import { presentUser } from '../presenters/shots-v1.ts'
import { presentTeam } from '../presenters/users-v2.ts'
import { showingV1 } from '../showing-v1.ts'
import { showingOf } from '../showing.ts'

/**
 * The page asks for a partner's token. A partner is an application that the administrator approved; what it writes,
 * it writes for the account of the token, which must have given it `upload`, the scope for what one publishes.
 */
const PARTNER = { config: { dribbble: { account: true, approved: true } } } as const
const PARTNER_WRITE = { config: { dribbble: { scope: 'upload', account: true, approved: true } } } as const

interface JobPath {
  Params: { id: string }
}

/** API v2, Jobs; clients of the time call the same methods in v1. */
export function vacancyRoutes(face: FastifyInstance, ctx: Context): void {
  for (const version of ['v1', 'v2'] as const) {
    // Get a job
    face.get<JobPath>(`/${version}/jobs/:id`, PARTNER, async (request, reply) => {
      const job = await findVacancy(ctx, callOf(request).viewer, idIn(request.params.id, 'vacancy'))
      callOf(request).lastModifiedMs = job.updated_ms
      return present(ctx, request, reply, job)
    })

    // Create a job
    face.post(`/${version}/jobs`, PARTNER_WRITE, async (request, reply) => {
      const call = callOf(request)
      const job = await addVacancy(ctx, call.viewer, readNewJob(call))
      const body = await present(ctx, request, reply, job)
      return locatedAt(reply, `${call.base}/${version}/jobs/${job.id}`).code(201).send(body)
    })

    // Update a job
    face.route<JobPath>({
      method: ['PUT', 'PATCH'],
      url: `/${version}/jobs/:id`,
      ...PARTNER_WRITE,
      handler: async (request, reply) => {
        const call = callOf(request)
        const id = idIn(request.params.id, 'vacancy')
        return present(ctx, request, reply, await changeVacancy(ctx, call.viewer, id, readJobChange(call)))
      },
    })
  }
}

async function present(ctx: Context, request: FastifyRequest, reply: FastifyReply, job: VacancyRow) {
  const teamId = job.team_id
  const team = teamId === null ? undefined : (await accountsByIds(ctx.db, [teamId])).get(teamId)
  if (team === undefined) return presentJob(job, null)
  if (callOf(request).version === 'v2')
    return presentJob(job, presentTeam(team, await showingOf(ctx, request, { accounts: [team] })))
  return presentJob(job, presentUser(team, await showingV1(ctx, request, reply, { accounts: [team] })))
}
