import type { Problem } from '../../identity/errors.ts'
import { Field, Layout, PostForm, Problems } from './layout.tsx'

interface SetupProps {
  token: string
  /** The token of the set-up link. */
  link: string
  login?: string
  name?: string
  problems?: readonly Problem[]
}

export function SetupPage({ token, link, login = '', name = '', problems = [] }: SetupProps) {
  return (
    <Layout title="Make the first account" visitor={null}>
      <p>This account will be the administrator of the library. The link works once.</p>
      <Problems problems={problems} />
      <PostForm action="/setup" token={token}>
        <input type="hidden" name="token" value={link} />
        <Field
          name="login"
          label="User name"
          value={login}
          autocomplete="username"
          maxLength={60}
          hint="Letters, digits, dots, dashes and underscores. It stands in addresses."
        />
        <Field name="name" label="Display name" value={name} autocomplete="name" maxLength={255} optional />
        <Field
          name="password"
          label="Password"
          type="password"
          autocomplete="new-password"
          minLength={8}
          hint="At least 8 characters; the longer, the better."
        />
        <button>Make the account</button>
      </PostForm>
    </Layout>
  )
}
