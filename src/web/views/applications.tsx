import type { App } from '../../identity/apps.ts'
import type { Problem } from '../../identity/errors.ts'
import type { Session } from '../../identity/sessions.ts'
import { Done, Field, Layout, PostForm, Problems, SecretOnce } from './layout.tsx'

/** What stands in the fields of an application's form. */
export interface AppForm {
  name: string
  redirectUri: string
  website: string
  description: string
}
export const EMPTY_APP: AppForm & { isPublic: boolean } = {
  name: '',
  redirectUri: '',
  website: '',
  description: '',
  isPublic: false,
}

interface ApplicationsProps {
  visitor: Session
  apps: readonly App[]
  form: AppForm & { isPublic: boolean }
  problems?: readonly Problem[]
  done?: string | null
}

/** The applications somebody registered, and the form for another. */
export function ApplicationsPage({ visitor, apps, form, problems = [], done = null }: ApplicationsProps) {
  return (
    <Layout title="Your applications" visitor={visitor}>
      {done !== null && <Done>{done}</Done>}
      {apps.length === 0 && <p>You have not registered an application yet.</p>}
      <ul class="rows">
        {apps.map((app) => (
          <li>
            <a href={`/account/applications/${app.id}`}>{app.name}</a>
            <span class="hint">{app.redirectUri}</span>
          </li>
        ))}
      </ul>
      <h2>Register an application</h2>
      <Problems problems={problems} />
      <PostForm action="/account/applications" token={visitor.formToken}>
        <AppFields {...form} />
        <label class="choice">
          <input type="checkbox" name="public" value="1" checked={form.isPublic} /> It cannot keep a secret:
          an app on a phone or desktop, or a page of scripts. It will have to use PKCE.
        </label>
        <button>Register</button>
      </PostForm>
    </Layout>
  )
}

interface ApplicationProps {
  visitor: Session
  app: App
  form: AppForm
  clientToken: string | null
  /** Just made, for this one showing. */
  newSecret?: string | null
  problems?: readonly Problem[]
  done?: string | null
}

/** One application: what its programs need, what its owner says of it, and the way to be rid of it. */
export function ApplicationPage(props: ApplicationProps) {
  const { visitor, app, form, newSecret = null, problems = [], done = null } = props
  const path = `/account/applications/${app.id}`
  const token = visitor.formToken
  return (
    <Layout title={app.name} visitor={visitor}>
      {done !== null && <Done>{done}</Done>}
      {app.suspended && (
        <div class="card problem">
          <p>This application has been suspended.</p>
        </div>
      )}
      {newSecret !== null && <SecretOnce label="Client secret" secret={newSecret} />}
      <Credentials {...props} />
      <h2>Details</h2>
      <Problems problems={problems} />
      <PostForm action={path} token={token}>
        <AppFields {...form} />
        <button>Save</button>
      </PostForm>
      <h2>Delete</h2>
      <p>Everybody’s access through this application ends at once. This cannot be undone.</p>
      <PostForm action={`${path}/delete`} token={token}>
        <button class="danger">Delete the application</button>
      </PostForm>
      <p>
        <a href="/account/applications">Your applications</a>
      </p>
    </Layout>
  )
}

function Credentials({ visitor, app, clientToken }: ApplicationProps) {
  const path = `/account/applications/${app.id}`
  const token = visitor.formToken
  return (
    <>
      <dl>
        <dt>Client id</dt>
        <dd>
          <code>{app.clientId}</code>
        </dd>
        <dt>Client secret</dt>
        <dd>{app.isPublic ? 'None: this is a public client.' : 'Shown once when it is made.'}</dd>
        <dt>Client access token</dt>
        <dd>{clientToken === null ? 'It does not work any more.' : <code>{clientToken}</code>}</dd>
      </dl>
      <p class="hint">
        The client access token only reads, as you, without anybody signing in. Requests with it count against
        your application.
      </p>
      {!app.isPublic && (
        <PostForm action={`${path}/secret`} token={token}>
          <button class="danger">Replace the client secret</button>
        </PostForm>
      )}
      <PostForm action={`${path}/token`} token={token}>
        <button class="danger">Replace the client access token</button>
      </PostForm>
    </>
  )
}

function AppFields({ name, redirectUri, website, description }: AppForm) {
  return (
    <>
      <Field
        name="name"
        label="Name"
        value={name}
        maxLength={100}
        hint="People see it when they are asked for access."
      />
      <Field
        name="redirect_uri"
        label="Callback URL"
        value={redirectUri}
        maxLength={2000}
        hint="People are sent back to exactly this address. A scheme of your own, such as myapp://done, is fine."
      />
      <Field name="website" label="Website" value={website} maxLength={500} optional />
      <label for="description">Description (optional)</label>
      <textarea id="description" name="description" rows={3} maxLength={1000}>
        {description}
      </textarea>
    </>
  )
}
