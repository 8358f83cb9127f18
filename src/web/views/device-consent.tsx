import type { App } from '../../identity/apps.ts'
import type { Session } from '../../identity/sessions.ts'
import { Layout, PostForm } from './layout.tsx'

interface DeviceConsentProps {
  visitor: Session
  app: App
  /** What the app would be let do, in sentences. */
  meanings: readonly string[]
  action: string
}

/** Names who asks, for what, and on whose account; warns of links that somebody else sent (RFC 8628, 5.4). */
export function DeviceConsentPage({ visitor, app, meanings, action }: DeviceConsentProps) {
  return (
    <Layout title={`Let ${app.name} use your account?`} visitor={visitor}>
      <p>
        <strong>{app.name}</strong>, an application registered by {app.owner.name} ({app.owner.login}), asks
        for access to your account <strong>{visitor.account.login}</strong>.
      </p>
      {app.description !== null && <p>{app.description}</p>}
      {app.website !== null && (
        <p>
          Its website:{' '}
          <a href={app.website} rel="noopener noreferrer nofollow">
            {app.website}
          </a>
        </p>
      )}
      <h2>It could</h2>
      <ul>
        {meanings.map((meaning) => (
          <li>{meaning}</li>
        ))}
      </ul>
      <p>You can take this back on your account page at any time.</p>
      <div class="card problem">
        <p>
          Continue only if you started this yourself, in the application on your own device. If somebody sent
          you here with a link, do not allow it.
        </p>
      </div>
      <PostForm action={action} token={visitor.formToken}>
        <button name="decision" value="approve">
          Allow
        </button>
        <button class="danger" name="decision" value="deny">
          Do not allow
        </button>
      </PostForm>
    </Layout>
  )
}

export function DeviceDecidedPage({
  visitor,
  app,
  approved,
}: {
  visitor: Session
  app: App
  approved: boolean
}) {
  return (
    <Layout title={approved ? `${app.name} may use your account` : 'Not allowed'} visitor={visitor}>
      <p>
        {approved
          ? `Close this window and return to ${app.name}. Tell it there that you have approved it.`
          : `${app.name} gets no access to your account. You can close this window.`}
      </p>
    </Layout>
  )
}
