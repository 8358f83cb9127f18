import type { ComponentChildren } from 'preact'
import type { Problem } from '../../identity/errors.ts'
import type { Session } from '../../identity/sessions.ts'
import { TOKEN_FIELD } from '../forms.ts'
import { STYLE_VERSION } from '../style.ts'

interface LayoutProps {
  title: string
  visitor: Session | null
  children: ComponentChildren
}

/** Every page: the head, who is signed in, and the page's own heading. */
export function Layout({ title, visitor, children }: LayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${title} - Vitrine`}</title>
        <link rel="stylesheet" href={`/assets/vitrine.css?v=${STYLE_VERSION}`} />
      </head>
      <body>
        <header>
          <a class="home" href="/">
            Vitrine
          </a>
          {visitor ? (
            <>
              <a href="/account">{visitor.account.name}</a>
              <PostForm action="/sign-out" token={visitor.formToken}>
                <button class="quiet">Sign out</button>
              </PostForm>
            </>
          ) : (
            <a href="/sign-in">Sign in</a>
          )}
        </header>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  )
}

interface PostFormProps {
  action: string
  /** Against forgery. */
  token: string
  children: ComponentChildren
}

export function PostForm({ action, token, children }: PostFormProps) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name={TOKEN_FIELD} value={token} />
      {children}
    </form>
  )
}

interface FieldProps {
  name: string
  label: string
  value?: string
  type?: 'text' | 'password'
  hint?: string
  autocomplete?: 'username' | 'name' | 'current-password' | 'new-password'
  maxLength?: number
  minLength?: number
  optional?: boolean
  /** Id of the `datalist` with what may be meant. */
  list?: string
}

/** A labelled input of one line. Passwords are never filled in. */
export function Field({ name, label, type = 'text', hint, optional = false, value, ...more }: FieldProps) {
  const hintId = `${name}-hint`
  const attributes = {
    ...more,
    id: name,
    name,
    required: !optional,
    autocapitalize: 'none',
    spellcheck: false,
    ...(hint === undefined ? {} : { 'aria-describedby': hintId }),
  } as const
  return (
    <>
      <label for={name}>{optional ? `${label} (optional)` : label}</label>
      {type === 'password' ? (
        <input type="password" {...attributes} />
      ) : (
        <input type="text" {...attributes} value={value ?? ''} />
      )}
      {hint !== undefined && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
    </>
  )
}

/** What the fields of our forms are called, for sentences about what is wrong with them. */
const LABELS: Readonly<Record<string, string>> = {
  base: 'The account',
  description: 'Description',
  login: 'User name',
  name: 'Name',
  password: 'Password',
  redirect_uri: 'Callback URL',
  time_zone: 'Time zone',
  website: 'Website',
}

/** What is wrong with a form, read out when the page opens. Nothing if nothing is. */
export function Problems({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null
  return (
    <div class="card problem" role="alert">
      {problems.map(({ field, problem }) => (
        <p>{field === '' ? problem : `${LABELS[field] ?? field} ${problem}.`}</p>
      ))}
    </div>
  )
}

export function Done({ children }: { children: ComponentChildren }) {
  return (
    <div class="card done" role="status">
      {children}
    </div>
  )
}

/** A secret shown for the only time. */
export function SecretOnce({ label, secret }: { label: string; secret: string }) {
  return (
    <Done>
      <p>
        {label}: <code>{secret}</code>
      </p>
      <p>Copy it now: it is shown this once and is not stored in a readable form.</p>
    </Done>
  )
}

/** A day in UTC, `2024-05-01`; the full time for programs. */
export function Day({ at }: { at: Date }) {
  const text = at.toISOString()
  return <time dateTime={text}>{text.slice(0, 10)}</time>
}
