import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { queryOf } from '../../../faces/request-parts.ts'
import { LibraryError } from '../../../library/errors.ts'
import { autocompleteTags, findTag, listTags, type TagQuery } from '../../../library/tag-lists.ts'
import { tagSlug } from '../../../library/tag-names.ts'
import { term } from '../../../search/language/tree.ts'
import { callOf, textOf } from '../call.ts'
import { findImages } from '../finding.ts'
import { read } from '../formats.ts'
import { fixedPage } from '../paging.ts'
import { presentSuggestion, presentTag } from '../presenters/tags.ts'
import { orderIn } from '../search-input.ts'
import { interactionsWith, presentImages } from '../showing.ts'

const TAGS_A_PAGE = 250

interface TagPath {
  Params: { slug: string }
}

export function tagRoutes(face: FastifyInstance, ctx: Context): void {
  read(face, '/tags', (request) => {
    const pattern = textOf(callOf(request), 'tq')
    return presentTags(ctx, request, pattern === '' ? {} : { pattern })
  })
  read(face, '/tags/aliases', (request) => presentTags(ctx, request, { only: 'aliases' }))
  read(face, '/tags/ratings', (request) => presentTags(ctx, request, { only: 'ratings' }))

  read(face, '/tags/autocomplete', async (request) => {
    const found = await autocompleteTags(ctx, textOf(callOf(request), 'term'))
    return found.map(presentSuggestion)
  })

  read<TagPath>(face, '/tags/:slug', (request, reply) => showTag(ctx, request, reply))
}

async function presentTags(ctx: Context, request: FastifyRequest, query: TagQuery) {
  const { rows } = await listTags(ctx, query, fixedPage(callOf(request), TAGS_A_PAGE))
  return rows.map(presentTag)
}

/** A tag with a page of its images, through the caller's filter; an alias leads on to what it stands for. */
async function showTag(ctx: Context, request: FastifyRequest<TagPath>, reply: FastifyReply) {
  const call = callOf(request)
  const found = await findTag(ctx, request.params.slug)
  if (found.aliasOf !== null) {
    const target = `${call.base}/tags/${tagSlug(found.aliasOf.name)}.json`
    return reply.redirect(target + queryOf(request), 302)
  }
  if (found.tag.id === 0) throw new LibraryError({ kind: 'not_found', what: 'tag' })
  const { name } = found.tag
  const images = await findImages(ctx, request, {
    query: term({ op: 'tag', name, cleaned: name }),
    order: orderIn(call),
  })
  return {
    tag: presentTag(found),
    aliases: found.aliases,
    dnp_entries: [],
    images: await presentImages(ctx, request, images.rows),
    interactions: await interactionsWith(ctx, request, images.rows),
  }
}
