import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { mediaSigner } from '../../faces/media-files.ts'
import { byCodePoint } from '../../library/code-points.ts'
import type { LoadedItem } from '../../library/items.ts'
import { originalHashes } from '../../library/original-hashes.ts'
import { interactionsOf } from '../../library/votes.ts'
import { shownTags } from '../../library/tag-lists.ts'
import { tagSlug } from '../../library/tag-names.ts'
import { mediaBase } from './addresses.ts'
import { callOf } from './call.ts'
import { presentAny, presentImage, type Image, type Showing } from './presenters/images.ts'
import { presentInteraction } from './presenters/interactions.ts'

/** How the objects of one answer are written: the address it was reached by, signatures, the name of nobody. */
export function showingOf(ctx: Context, request: FastifyRequest): Showing {
  const { base } = callOf(request)
  return {
    base,
    media: mediaBase(base),
    sign: mediaSigner(ctx),
    anonymousName: ctx.config.VITRINE_DERPIBOORU_ANONYMOUS,
  }
}

/** Loads what the image object shows besides the item, with the same few queries for one and for fifty. */
export async function imagesOf(ctx: Pick<Context, 'db'>, items: readonly LoadedItem[]): Promise<Image[]> {
  if (items.length === 0) return []
  const shown = await shownTags(
    ctx,
    items.map(({ item }) => item.id),
  )
  const hashes = await originalHashes(ctx.db, items)
  return items.map((loaded, at) => {
    const tags = shown.get(loaded.item.id) ?? []
    return {
      loaded,
      tags: tags.toSorted((one, other) => byCodePoint(one.name, other.name)),
      slugs: tags.map(({ name }) => tagSlug(name)),
      hashes: hashes[at] ?? { shown: null, uploaded: null },
    }
  })
}

/** "array of image objects, identical to those returned by image listing requests" (Image Galleries). */
export async function presentImages(ctx: Context, request: FastifyRequest, items: readonly LoadedItem[]) {
  const showing = showingOf(ctx, request)
  const images = await imagesOf(ctx, items)
  return images.map((image) => presentAny(image, showing))
}

/** What the caller has made of these images; nothing for somebody without a key. */
export async function interactionsWith(ctx: Context, request: FastifyRequest, items: readonly LoadedItem[]) {
  const { viewer } = callOf(request)
  const rows = await interactionsOf(
    ctx,
    viewer,
    items.map(({ item }) => item.id),
  )
  return rows.map(presentInteraction)
}

/** "images" with what the caller has made of them, the answer of every list without a total. */
export async function listOfImages(ctx: Context, request: FastifyRequest, items: readonly LoadedItem[]) {
  return {
    images: await presentImages(ctx, request, items),
    interactions: await interactionsWith(ctx, request, items),
  }
}

/** One image as lists show it. */
export async function presentOne(ctx: Context, request: FastifyRequest, loaded: LoadedItem) {
  const [image] = await imagesOf(ctx, [loaded])
  if (image === undefined) throw new Error('An image was to be shown and is gone.')
  return presentImage(image, showingOf(ctx, request))
}
