import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { addCollection } from '../../../library/collections.ts'
import { LibraryError } from '../../../library/errors.ts'
import { presentSaved, readNewCollection } from '../buckets-and-projects.ts'
import { callOf, type RouteRules } from '../call.ts'
import {
  changingRoutes,
  findNamed,
  ownListRoute,
  readingRoutes,
  type CollectionPath,
} from './buckets-and-projects.ts'

const OWN = { config: { dribbble: { account: true } } } as const
/** The pages name no scope for writing projects; `upload` is the one that v2 has for what one publishes. */
const UPLOAD: RouteRules = { scope: 'upload', account: true }

/** API v1, Projects and Users, "Projects": reading only. API v2, Projects: the caller's own. */
export function projectRoutes(face: FastifyInstance, ctx: Context): void {
  readingRoutes(face, ctx, 'project')
  ownListRoute(face, ctx, { path: '/v1/user/projects', kind: 'project' })
  ownListRoute(face, ctx, { path: '/v2/user/projects', kind: 'project' })

  // Create a project. 202 with the project: existing clients take no 201, and read the body.
  face.post('/v2/projects', { config: { dribbble: UPLOAD } }, async (request, reply) => {
    const call = callOf(request)
    const project = await addCollection(ctx, call.viewer, { kind: 'project', ...readNewCollection(call) })
    return reply.code(202).send(await presentSaved(ctx, request, project))
  })

  // Not on the page, but existing clients read a project before they change it. Like "Get a shot" of this version,
  // it gives one's own only.
  face.get<CollectionPath>('/v2/projects/:id', OWN, async (request) => {
    const call = callOf(request)
    const project = await findNamed(ctx, request, 'project')
    if (project.owner_id !== call.viewer.accountId)
      throw new LibraryError({ kind: 'not_found', what: 'collection' })
    call.lastModifiedMs = project.updated_ms
    return presentSaved(ctx, request, project)
  })

  changingRoutes(face, ctx, { path: '/v2/projects/:id', kind: 'project', rules: UPLOAD })
}
