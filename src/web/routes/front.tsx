import type { FastifyInstance } from 'fastify'
import { awaitsSetup } from '../../identity/setup.ts'
import { visitorOf } from '../cookies.ts'
import { sendPage } from '../pages.ts'
import type { Site } from '../site.ts'
import { STYLE } from '../style.ts'
import { FrontPage } from '../views/front.tsx'

export function frontRoutes(scope: FastifyInstance, site: Site): void {
  scope.get('/', async (request, reply) => {
    const visitor = await visitorOf(site, request)
    return sendPage(reply, <FrontPage visitor={visitor} awaitsSetup={await awaitsSetup(site.ctx.db)} />)
  })

  scope.get('/assets/vitrine.css', (_request, reply) =>
    reply
      .headers({
        'content-type': 'text/css; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      })
      .send(STYLE),
  )
}
