import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { findAccount, signedIn } from '../../../library/accounts.ts'
import {
  addCollection,
  changeCollection,
  listCollections,
  removeCollection,
} from '../../../library/collections.ts'
import { LibraryError } from '../../../library/errors.ts'
import {
  findOfKind,
  presentCollections,
  presentOne,
  presentShotsIn,
  readCollectionChange,
  readNewCollection,
} from '../buckets-and-projects.ts'
import { callOf, type Call } from '../call.ts'
import { idIn } from '../ids.ts'
import { pageOf } from '../paging.ts'
import { presentCollection } from '../presenters/gathered-v1.ts'
import { showingOf } from '../showing.ts'

const OWN = { config: { dribbble: { account: true } } } as const
/** The pages name no scope for writing projects; `upload` is the one that v2 has for what one publishes. */
const UPLOAD = { config: { dribbble: { scope: 'upload', account: true } } } as const

interface ProjectPath {
  Params: { id: string }
}

export function projectRoutes(face: FastifyInstance, ctx: Context): void {
  projectsV1(face, ctx)
  projectsV2(face, ctx)
}

/** API v1, Projects and Users, "Projects": reading only. */
function projectsV1(face: FastifyInstance, ctx: Context): void {
  const find = (call: Call, id: string) => findOfKind(ctx, call.viewer, idIn(id, 'collection'), 'project')

  // Get a project
  face.get<ProjectPath>('/v1/projects/:id', async (request, reply) =>
    presentOne(ctx, request, reply, await find(callOf(request), request.params.id)),
  )

  // List shots for a project
  face.get<ProjectPath>('/v1/projects/:id/shots', async (request, reply) => {
    const { id } = await find(callOf(request), request.params.id)
    return presentShotsIn(ctx, request, reply, id)
  })

  // List a user's projects
  face.get<{ Params: { user: string } }>('/v1/users/:user/projects', async (request) => {
    const owner = await findAccount(ctx.db, request.params.user)
    const query = { ownerId: owner.id, kind: 'project' } as const
    const found = await listCollections(ctx, callOf(request).viewer, query, pageOf(request))
    return presentCollections(ctx, request, found)
  })
}

/** API v2, Projects: the caller's own. */
function projectsV2(face: FastifyInstance, ctx: Context): void {
  // List the authenticated user's projects, in both versions
  for (const version of ['v1', 'v2'] as const)
    face.get(`/${version}/user/projects`, OWN, async (request) => {
      const { viewer } = callOf(request)
      const query = { ownerId: signedIn(viewer), kind: 'project' } as const
      return presentCollections(ctx, request, await listCollections(ctx, viewer, query, pageOf(request)))
    })

  // Create a project. 202 with the project: existing clients take no 201, and read the body.
  face.post('/v2/projects', UPLOAD, async (request, reply) => {
    const call = callOf(request)
    const project = await addCollection(ctx, call.viewer, { kind: 'project', ...readNewCollection(call) })
    const showing = await showingOf(ctx, request, { collections: [project] })
    return reply.code(202).send(presentCollection(project, showing))
  })

  // Not on the page, but existing clients read a project before they change it.
  face.get<ProjectPath>('/v2/projects/:id', OWN, async (request) => {
    const project = await ownProject(ctx, callOf(request), request.params.id)
    callOf(request).lastModifiedMs = project.updated_ms
    return presentCollection(project, await showingOf(ctx, request, { collections: [project] }))
  })

  // Update a project
  face.route<ProjectPath>({
    method: ['PUT', 'PATCH'],
    url: '/v2/projects/:id',
    ...UPLOAD,
    handler: async (request) => {
      const call = callOf(request)
      const { id } = await findOfKind(ctx, call.viewer, idIn(request.params.id, 'collection'), 'project')
      const project = await changeCollection(ctx, call.viewer, id, readCollectionChange(call))
      return presentCollection(project, await showingOf(ctx, request, { collections: [project] }))
    },
  })

  // Delete a project; its shots stay
  face.delete<ProjectPath>('/v2/projects/:id', UPLOAD, async (request, reply) => {
    const call = callOf(request)
    const { id } = await findOfKind(ctx, call.viewer, idIn(request.params.id, 'collection'), 'project')
    await removeCollection(ctx, call.viewer, id)
    return reply.code(204).send()
  })
}

/** Like "Get a shot" of this version, reading gives one's own only. */
async function ownProject(ctx: Context, { viewer }: Call, id: string) {
  const project = await findOfKind(ctx, viewer, idIn(id, 'collection'), 'project')
  if (project.owner_id === viewer.accountId) return project
  throw new LibraryError({ kind: 'not_found', what: 'collection' })
}
