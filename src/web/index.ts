import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { Face } from '../face.ts'
import { answerError, describe, sendExplanation } from './errors.tsx'
import { accountRoutes } from './routes/account.tsx'
import { applicationRoutes } from './routes/applications.tsx'
import { authorizeDeviceRoutes } from './routes/authorize-device.tsx'
import { authorizeRoutes } from './routes/authorize.tsx'
import { frontRoutes } from './routes/front.tsx'
import { libraryRoutes } from './routes/library.tsx'
import { setupRoutes } from './routes/setup.tsx'
import { signInRoutes } from './routes/sign-in.tsx'
import { openSite, type WebContext } from './site.ts'

/** No form of ours is longer, with the longest password and the longest texts. */
const FORM_BYTES = 64 * 1024

/** The pages for people. They alone read cookies, and they take nothing but forms. */
export function web(_config: Config): Face {
  return {
    prefix: '',
    hosts: [],
    register: registerPages,
    refuse: (_error, _request, reply) =>
      sendExplanation(reply, { status: 400, title: 'That did not work', text: 'The address is malformed.' }),
  }
}

export async function registerPages(scope: FastifyInstance, ctx: WebContext): Promise<void> {
  const site = openSite(ctx)
  scope.removeAllContentTypeParsers()
  await scope.register(cookie)
  await scope.register(formbody, { bodyLimit: FORM_BYTES })
  scope.setErrorHandler(answerError)
  scope.setNotFoundHandler((_request, reply) => sendExplanation(reply, describe('not_found')))

  frontRoutes(scope, site)
  setupRoutes(scope, site)
  signInRoutes(scope, site)
  accountRoutes(scope, site)
  applicationRoutes(scope, site)
  authorizeRoutes(scope, site)
  authorizeDeviceRoutes(scope, site)
  libraryRoutes(scope, site)
}
