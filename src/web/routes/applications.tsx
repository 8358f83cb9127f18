import type { FastifyInstance, FastifyReply } from 'fastify'
import {
  appsOf,
  changeApp,
  clientAccessToken,
  deleteApp,
  ownApp,
  registerApp,
  resetClientToken,
  rotateSecret,
  type App,
} from '../../identity/apps.ts'
import type { Problem } from '../../identity/errors.ts'
import type { Session } from '../../identity/sessions.ts'
import { requireVisitor } from '../cookies.ts'
import { formProblems } from '../explain.ts'
import { visitorForm, type Form } from '../forms.ts'
import { go, sendPage } from '../pages.ts'
import { PageRefusal } from '../refusals.ts'
import type { Site } from '../site.ts'
import { ApplicationPage, ApplicationsPage, EMPTY_APP, type AppForm } from '../views/applications.tsx'

const LIST = '/account/applications'

interface OneApp {
  Params: { id: string }
  Querystring: { done?: unknown }
}

export function applicationRoutes(scope: FastifyInstance, site: Site): void {
  const { ctx } = site

  scope.get<{ Querystring: { done?: unknown } }>(LIST, async (request, reply) => {
    const visitor = await requireVisitor(site, request)
    const apps = await appsOf(ctx.db, visitor.account.id)
    const done = request.query.done === 'deleted' ? 'The application is deleted.' : null
    return sendPage(reply, <ApplicationsPage visitor={visitor} apps={apps} form={EMPTY_APP} done={done} />)
  })

  scope.post(LIST, async (request, reply) => {
    const { visitor, form } = await visitorForm(site, request, LIST)
    const fields = readApp(form)
    const isPublic = form('public') === '1'
    try {
      const { app, clientSecret } = await registerApp(ctx, visitor.account.id, { ...fields, isPublic })
      return await sendApp(site, reply, { visitor, app, newSecret: clientSecret })
    } catch (error) {
      const problems = formProblems(error)
      if (!problems) throw error
      const apps = await appsOf(ctx.db, visitor.account.id)
      const filled = { ...fields, isPublic }
      const page = <ApplicationsPage visitor={visitor} apps={apps} form={filled} problems={problems} />
      return sendPage(reply, page, { status: 422 })
    }
  })

  scope.get<OneApp>(`${LIST}/:id`, async (request, reply) => {
    const visitor = await requireVisitor(site, request)
    const app = await ownApp(ctx.db, visitor.account.id, appId(request.params))
    const done = request.query.done === 'saved' ? 'Saved.' : null
    return sendApp(site, reply, { visitor, app, done })
  })

  declareActions(scope, site)
}

/** What can be done to one application. */
function declareActions(scope: FastifyInstance, site: Site): void {
  const { ctx } = site

  scope.post<OneApp>(`${LIST}/:id`, async (request, reply) => {
    const { visitor, form } = await visitorForm(site, request, LIST)
    const id = appId(request.params)
    const fields = readApp(form)
    try {
      await changeApp(ctx, visitor.account.id, id, fields)
    } catch (error) {
      const problems = formProblems(error)
      if (!problems) throw error
      const app = await ownApp(ctx.db, visitor.account.id, id)
      return sendApp(site, reply, { visitor, app, form: fields, problems })
    }
    return go(reply, `${LIST}/${id}?done=saved`)
  })

  scope.post<OneApp>(`${LIST}/:id/secret`, async (request, reply) => {
    const { visitor } = await visitorForm(site, request, LIST)
    const id = appId(request.params)
    const newSecret = await rotateSecret(ctx, visitor.account.id, id)
    return sendApp(site, reply, { visitor, app: await ownApp(ctx.db, visitor.account.id, id), newSecret })
  })

  scope.post<OneApp>(`${LIST}/:id/token`, async (request, reply) => {
    const { visitor } = await visitorForm(site, request, LIST)
    const id = appId(request.params)
    await resetClientToken(ctx, visitor.account.id, id)
    return go(reply, `${LIST}/${id}?done=saved`)
  })

  scope.post<OneApp>(`${LIST}/:id/delete`, async (request, reply) => {
    const { visitor } = await visitorForm(site, request, LIST)
    await deleteApp(ctx, visitor.account.id, appId(request.params))
    return go(reply, `${LIST}?done=deleted`)
  })
}

interface Shown {
  visitor: Session
  app: App
  form?: AppForm
  newSecret?: string | null
  problems?: readonly Problem[]
  done?: string | null
}

async function sendApp(site: Site, reply: FastifyReply, shown: Shown): Promise<FastifyReply> {
  const { app, form, problems = [] } = shown
  const stored: AppForm = { ...app, website: app.website ?? '', description: app.description ?? '' }
  const clientToken = await clientAccessToken(site.ctx, app)
  const page = <ApplicationPage {...shown} form={form ?? stored} clientToken={clientToken} />
  return sendPage(reply, page, { status: problems.length > 0 ? 422 : 200 })
}

const readApp = (form: Form): AppForm => ({
  name: form('name'),
  redirectUri: form('redirect_uri'),
  website: form('website'),
  description: form('description'),
})

/** @throws PageRefusal `not_found` for what is no number of a row. */
function appId({ id }: { id: string }): number {
  if (!/^\d{1,15}$/.test(id)) throw new PageRefusal({ kind: 'not_found' })
  return Number(id)
}
