import type { ComponentChildren } from 'preact'
import type { App } from '../../identity/apps.ts'
import type { Session } from '../../identity/sessions.ts'
import { Layout, PostForm } from './layout.tsx'

interface AskingProps {
  visitor: Session
  app: App
  /** What the app would be let do, in sentences. */
  meanings: readonly string[]
  action: string
  /** What follows an approval, and the warning before it. */
  children: ComponentChildren
}

/** Names who asks, for what, and on whose account (RFC 6749, 10.13), and takes the answer. */
export function AskingPage({ visitor, app, meanings, action, children }: AskingProps) {
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
      {children}
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

interface ConsentProps extends Omit<AskingProps, 'children'> {
  /** Where the browser goes afterwards. */
  destination: string
}

/** The question of an application that the browser is sent back to. */
export function ConsentPage({ destination, ...asking }: ConsentProps) {
  return (
    <AskingPage {...asking}>
      <p>
        You will be sent to <code>{destination}</code>. You can take this back on your account page at any
        time.
      </p>
      <div class="card problem">
        <p>Continue only if you started this yourself, and the application is the one you meant to use.</p>
      </div>
    </AskingPage>
  )
}
