import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { assetListRoutes } from './routes/asset-lists.ts'
import { assetRoutes } from './routes/assets.ts'
import { authRoutes } from './routes/auth.ts'
import { authorizeRoutes } from './routes/authorize.ts'
import { collectionAssetRoutes, collectionPeopleRoutes, watchRoutes } from './routes/collection-sharing.ts'
import { collectionRoutes } from './routes/collections.ts'
import { mediaRoutes } from './routes/media.ts'
import { publicRoutes } from './routes/public.ts'
import { siteRoutes } from './routes/site.ts'
import { userRoutes } from './routes/users.ts'

/** Every address of this dialect, in the order of the page. */
export function declareRoutes(face: FastifyInstance, ctx: Context): void {
  publicRoutes(face, ctx)
  authRoutes(face, ctx)
  userRoutes(face, ctx)
  assetListRoutes(face, ctx)
  assetRoutes(face, ctx)
  collectionRoutes(face, ctx)
  collectionAssetRoutes(face, ctx)
  collectionPeopleRoutes(face, ctx)
  watchRoutes(face, ctx)
  authorizeRoutes(face, ctx)
  mediaRoutes(face, ctx)
  siteRoutes(face, ctx)
}
