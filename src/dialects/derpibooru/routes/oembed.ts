import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { findItem } from '../../../library/items.ts'
import { ANONYMOUS } from '../../../library/viewer.ts'
import { imagePage } from '../addresses.ts'
import { callOf, textOf, wholeNumber, type Call } from '../call.ts'
import { NOT_FOUND, Refusal } from '../errors.ts'
import { askedImage } from '../oembed-address.ts'
import { CACHE_SECONDS, oembedXml, presentOembed, type Oembed } from '../presenters/oembed.ts'
import { imagesOf, showingOf } from '../showing.ts'
import { spacesOf } from '../spaces.ts'

const KEPT = { config: { derpibooru: { keepSeconds: CACHE_SECONDS } } } as const

/** API page, "oEmbed": "Format selection is done by URL". Anybody's pages ask, so only what is public is told. */
export function oembedRoutes(face: FastifyInstance, ctx: Context): void {
  face.get('/oembed.json', KEPT, (request) => embedded(ctx, request))

  face.get('/oembed.xml', KEPT, async (request, reply) => {
    const answer = await embedded(ctx, request)
    return reply.type('text/xml; charset=utf-8').send(oembedXml(answer))
  })

  face.get('/oembed', async (request, reply) => {
    const { item } = await asked(ctx, request)
    return reply.redirect(imagePage(callOf(request).base, item), 302)
  })
}

async function embedded(ctx: Context, request: FastifyRequest): Promise<Oembed> {
  const call = callOf(request)
  const [image] = await imagesOf(ctx, [await asked(ctx, request)])
  if (image === undefined) throw NOT_FOUND
  const room = { maxWidth: sideIn(call, 'maxwidth'), maxHeight: sideIn(call, 'maxheight') }
  return presentOembed(image, room, showingOf(ctx, request))
}

function asked(ctx: Context, request: FastifyRequest) {
  const call = callOf(request)
  const found = askedImage(textOf(call, 'url'), spacesOf(ctx, call))
  if (found.kind === 'malformed') throw new Refusal(400, 'The parameter url must be an address.')
  if (found.kind === 'other') throw NOT_FOUND
  return findItem(ctx, ANONYMOUS, found.id)
}

/** A limit in pixels; what is none, or 0, is not said. */
function sideIn(call: Call, name: string): number | null {
  return wholeNumber(textOf(call, name)) || null
}
