import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { callOf } from '../call.ts'

/** The API root and the caller's standing with the limit. */
export function statusRoutes(face: FastifyInstance, _ctx: Context): void {
  for (const version of ['v1', 'v2'] as const)
    // You can also check your rate limit status (Rate Limiting)
    face.get(`/${version}/rate_limit`, { config: { dribbble: { free: true } } }, (request) => {
      const { rate } = callOf(request)
      const core =
        rate === null ? null : { limit: rate.limit, remaining: rate.remaining, reset: rate.resetEpochSeconds }
      return { resources: { core } }
    })

  // The overview's JSON-P sample calls the root of the API.
  face.get('/v1', (request) => {
    const { base } = callOf(request)
    const v1 = `${base}/v1`
    return {
      current_user_url: `${v1}/user`,
      followers_url: `${v1}/user/followers`,
      following_url: `${v1}/user/following`,
      rate_limit_url: `${v1}/rate_limit`,
      shot_url: `${v1}/shots/{id}`,
      shots_url: `${v1}/shots{?list,timeframe,date,sort,page,per_page}`,
      user_url: `${v1}/users/{user}`,
      user_shots_url: `${v1}/users/{user}/shots{?page,per_page}`,
    }
  })

  face.get('/v2', (request) => {
    const { base } = callOf(request)
    const v2 = `${base}/v2`
    return {
      current_user_url: `${v2}/user`,
      project_url: `${v2}/projects/{id}`,
      projects_url: `${v2}/user/projects{?page,per_page}`,
      rate_limit_url: `${v2}/rate_limit`,
      shot_url: `${v2}/shots/{id}`,
      shots_url: `${v2}/user/shots{?page,per_page}`,
    }
  })
}
