import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { findItem } from '../../../library/items.ts'
import { ANONYMOUS } from '../../../library/viewer.ts'
import { callOf, idIn } from '../call.ts'
import { NOT_FOUND } from '../errors.ts'
import { findEvenDeleted, isSpoilered } from '../finding.ts'
import { prefersJson, read } from '../formats.ts'
import { imageHtml, pageHeaders } from '../image-html.ts'
import { imagesIndex } from '../images-index.ts'
import { isHidden, presentHidden, presentImage } from '../presenters/images.ts'
import { imagesOf, interactionsWith, listOfImages, showingOf } from '../showing.ts'

interface ImagePath {
  Params: { id: string }
}
interface PagePath {
  Params: { page: string }
}

export function imageRoutes(face: FastifyInstance, ctx: Context): void {
  // Image Index
  read(face, '/images', (request) => index(ctx, request))
  read<PagePath>(face, '/images/page/:page', (request) => index(ctx, request, request.params.page))

  // "/44819.json", "/images/44819.json": "simply add .json to the end of the path" of an image's page
  for (const path of ['/:id', '/images/:id']) {
    face.get<ImagePath>(`${path}.json`, (request) => showImage(ctx, request))
    face.get<ImagePath>(path, (request, reply) =>
      prefersJson(request) ? showImage(ctx, request) : showPage(ctx, request, reply),
    )
  }
}

async function index(ctx: Context, request: FastifyRequest, page?: string) {
  const { rows } = await imagesIndex(ctx, request, page)
  return listOfImages(ctx, request, rows)
}

async function showImage(ctx: Context, request: FastifyRequest<ImagePath>) {
  const loaded = await findEvenDeleted(ctx, callOf(request).viewer, idIn(request.params.id, 'item'))
  const [image] = await imagesOf(ctx, [loaded])
  if (image === undefined) throw NOT_FOUND
  if (isHidden(image)) return presentHidden(image)
  return {
    ...presentImage(image, showingOf(ctx, request)),
    interactions: await interactionsWith(ctx, request, [loaded]),
    spoilered: await isSpoilered(ctx, request, loaded),
  }
}

/** Pages are for people who follow a link, so they show what everybody may see, whatever key is in the address. */
async function showPage(ctx: Context, request: FastifyRequest<ImagePath>, reply: FastifyReply) {
  callOf(request).fresh = true
  const [image] = await imagesOf(ctx, [await findItem(ctx, ANONYMOUS, idIn(request.params.id, 'item'))])
  if (image === undefined) throw NOT_FOUND
  const showing = showingOf(ctx, request)
  return reply.headers(pageHeaders(new URL(showing.base).origin)).send(imageHtml(image, showing))
}
