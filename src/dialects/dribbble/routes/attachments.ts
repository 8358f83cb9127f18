import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { findAttachment, listAttachments, removeAttachment } from '../../../library/attachments.ts'
import { findItem } from '../../../library/items.ts'
import { createAttachment } from '../attachment-input.ts'
import { callOf } from '../call.ts'
import { idIn } from '../ids.ts'
import { pageOf, presentPage } from '../paging.ts'
import { presentAttachment } from '../presenters/gathered-v1.ts'
import { showingOf } from '../showing.ts'

const UPLOAD = { config: { dribbble: { scope: 'upload', account: true } } } as const

interface ShotPath {
  Params: { shot: string }
}
interface AttachmentPath {
  Params: { shot: string; id: string }
}

/** API v1, Attachments, in the order of the page. API v2 shows them inside the shot and has the two writes only. */
export function attachmentRoutes(face: FastifyInstance, ctx: Context): void {
  // List attachments for a shot
  face.get<ShotPath>('/v1/shots/:shot/attachments', async (request) => {
    const { viewer } = callOf(request)
    const loaded = await findItem(ctx, viewer, idIn(request.params.shot, 'item'))
    const found = await listAttachments(ctx, viewer, loaded.item.id, pageOf(request))
    const showing = await showingOf(ctx, request, {})
    return presentPage(request, found, (attachment) => presentAttachment(attachment, loaded.item, showing))
  })

  for (const version of ['v1', 'v2'] as const) {
    // Create an attachment
    face.post<ShotPath>(`/${version}/shots/:shot/attachments`, UPLOAD, (request, reply) =>
      createAttachment(ctx, request, reply, idIn(request.params.shot, 'item')),
    )

    // Delete an attachment
    face.delete<AttachmentPath>(`/${version}/shots/:shot/attachments/:id`, UPLOAD, async (request, reply) => {
      const { shot, id } = request.params
      await removeAttachment(ctx, callOf(request).viewer, idIn(shot, 'item'), idIn(id, 'attachment'))
      return reply.code(204).send()
    })
  }

  // Get a single attachment: 404 until it has been processed
  face.get<AttachmentPath>('/v1/shots/:shot/attachments/:id', async (request) => {
    const { viewer } = callOf(request)
    const { item } = await findItem(ctx, viewer, idIn(request.params.shot, 'item'))
    const attachment = await findAttachment(ctx, viewer, item.id, idIn(request.params.id, 'attachment'))
    return presentAttachment(attachment, item, await showingOf(ctx, request, {}))
  })
}
