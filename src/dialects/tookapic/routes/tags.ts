import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { listItems } from '../../../library/items.ts'
import { findPictureTag, listPictureTags } from '../../../library/picture-tags.ts'
import { callOf } from '../call.ts'
import { pageOf, presentPage, presentRows } from '../paging.ts'
import { presentTag } from '../presenters/around-photos.ts'
import { showPhotos } from '../showing.ts'
import { PHOTOS, sortOf } from './photos.ts'

export function tagRoutes(face: FastifyInstance, ctx: Context): void {
  // The most used first; there is no other order
  face.get('/tags', async (request) => {
    const found = await listPictureTags(ctx, pageOf(request))
    return presentRows(request, found, (tag) => presentTag(callOf(request).base, tag))
  })

  // "curl -i https://api.tookapic.com/tags/friday?sort=recent" (Parameters): the photos that carry the tag
  face.get<{ Params: { name: string } }>('/tags/:name', async (request) => {
    const { id } = await findPictureTag(ctx, request.params.name)
    const query = { ...PHOTOS, tagId: id, order: sortOf(request).order }
    const { rows, total } = await listItems(ctx, callOf(request).viewer, query, pageOf(request))
    return presentPage(request, total, await showPhotos(ctx, request, rows))
  })
}
