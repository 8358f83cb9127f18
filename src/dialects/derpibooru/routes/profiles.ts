import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { accountMeant } from '../accounts.ts'
import { read } from '../formats.ts'
import { presentAccount } from '../showing-users.ts'

export function profileRoutes(face: FastifyInstance, ctx: Context): void {
  read<{ Params: { slug: string } }>(face, '/profiles/:slug', async (request) =>
    presentAccount(ctx, request, await accountMeant(ctx, request.params.slug)),
  )
}
