import type { Problem } from '../../identity/errors.ts'
import type { Grant } from '../../identity/grants.ts'
import type { Session, SessionSummary } from '../../identity/sessions.ts'
import { Day, Done, Field, Layout, PostForm, Problems, SecretOnce } from './layout.tsx'

export interface AccountProps {
  visitor: Session
  sessions: readonly SessionSummary[]
  grants: readonly Grant[]
  keyCreatedAt: Date | null
  /** As it is, or as it was typed where that was refused; null while nobody said. */
  timeZone: string | null
  /** Just made, for this one showing. */
  newKey?: string
  done?: string | null
  problems?: readonly Problem[]
}

/** Everything that can act for an account, and the way to stop it. */
export function AccountPage(props: AccountProps) {
  const { visitor, newKey, done = null, problems = [] } = props
  return (
    <Layout title={visitor.account.name} visitor={visitor}>
      {done !== null && <Done>{done}</Done>}
      <Problems problems={problems} />
      <p>
        You are signed in as <strong>{visitor.account.login}</strong>.{' '}
        <a href="/account/applications">Your own applications</a>
      </p>
      <Grants {...props} />
      <Sessions {...props} />
      <h2>API key</h2>
      {newKey !== undefined && <SecretOnce label="Your API key" secret={newKey} />}
      <p>
        Whoever has your key can read as you and react in your name.{' '}
        {props.keyCreatedAt === null ? (
          'You have none.'
        ) : (
          <>
            You made yours on <Day at={props.keyCreatedAt} />.
          </>
        )}
      </p>
      <PostForm action="/account/key" token={visitor.formToken}>
        <button>{props.keyCreatedAt === null ? 'Make a key' : 'Replace the key'}</button>
      </PostForm>
      <TimeZone {...props} />
      <h2>Password</h2>
      <p>A new password ends all your other sessions.</p>
      <PostForm action="/account/password" token={visitor.formToken}>
        <input type="hidden" name="login" value={visitor.account.login} autocomplete="username" />
        <Field name="current" label="Current password" type="password" autocomplete="current-password" />
        <Field
          name="password"
          label="New password"
          type="password"
          autocomplete="new-password"
          minLength={8}
          hint="At least 8 characters; the longer, the better."
        />
        <button>Change the password</button>
      </PostForm>
    </Layout>
  )
}

function TimeZone({ visitor, timeZone }: AccountProps) {
  return (
    <>
      <h2>Time zone</h2>
      <PostForm action="/account/time-zone" token={visitor.formToken}>
        <Field
          name="time_zone"
          label="Time zone"
          value={timeZone ?? ''}
          list="time-zones"
          maxLength={64}
          hint="Its midnight ends your days. UTC until you say."
        />
        <datalist id="time-zones">
          {Intl.supportedValuesOf('timeZone').map((zone) => (
            <option value={zone} />
          ))}
        </datalist>
        <button>Change the time zone</button>
      </PostForm>
    </>
  )
}

function Grants({ visitor, grants }: AccountProps) {
  return (
    <>
      <h2>Applications with access</h2>
      {grants.length === 0 && <p>No application has access to your account.</p>}
      <ul class="rows">
        {grants.map((grant) => (
          <li>
            <div>
              <strong>{grant.app.name}</strong>
              <p class="hint">
                {grant.scopes.join(', ')}; since <Day at={grant.createdAt} />
                {grant.lastUsedAt === null ? (
                  ', never used'
                ) : (
                  <>
                    , last used on <Day at={grant.lastUsedAt} />
                  </>
                )}
              </p>
            </div>
            <PostForm action="/account/grants/revoke" token={visitor.formToken}>
              <input type="hidden" name="grant" value={String(grant.id)} />
              <button class="danger" aria-label={`Revoke the access of ${grant.app.name}`}>
                Revoke
              </button>
            </PostForm>
          </li>
        ))}
      </ul>
    </>
  )
}

function Sessions({ visitor, sessions }: AccountProps) {
  return (
    <>
      <h2>Sessions</h2>
      <ul class="rows">
        {sessions.map((session) => (
          <li>
            <div>
              {session.userAgent ?? 'A browser that did not say its name'}
              {session.hash === visitor.hash && ' (this one)'}
              <p class="hint">
                since <Day at={session.startedAt} />, last seen on <Day at={session.lastSeenAt} />
              </p>
            </div>
            {session.hash !== visitor.hash && (
              <PostForm action="/account/sessions/revoke" token={visitor.formToken}>
                <input type="hidden" name="session" value={session.hash} />
                <button class="danger">End</button>
              </PostForm>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <PostForm action="/account/sessions/revoke" token={visitor.formToken}>
          <input type="hidden" name="session" value="others" />
          <button class="danger">End all others</button>
        </PostForm>
      )}
    </>
  )
}
