import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { mediaRoutes } from './media.ts'
import { commentRoutes } from './routes/comments.ts'
import { filterRoutes } from './routes/filters.ts'
import { galleryRoutes } from './routes/galleries.ts'
import { historyRoutes } from './routes/histories.ts'
import { imageListRoutes } from './routes/image-lists.ts'
import { imageRoutes } from './routes/images.ts'
import { interactionRoutes } from './routes/interactions.ts'
import { oembedRoutes } from './routes/oembed.ts'
import { profileRoutes } from './routes/profiles.ts'
import { searchRoutes } from './routes/search.ts'
import { tagRoutes } from './routes/tags.ts'

/** Routes in the order of the documentation page. */
export function declareRoutes(face: FastifyInstance, ctx: Context): void {
  imageRoutes(face, ctx)
  imageListRoutes(face, ctx)
  historyRoutes(face, ctx)
  searchRoutes(face, ctx)
  galleryRoutes(face, ctx)
  oembedRoutes(face, ctx)
  commentRoutes(face, ctx)
  tagRoutes(face, ctx)
  filterRoutes(face, ctx)
  profileRoutes(face, ctx)
  interactionRoutes(face, ctx)
  mediaRoutes(face, ctx)
}
