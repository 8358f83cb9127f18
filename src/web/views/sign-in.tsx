import type { Problem } from '../../identity/errors.ts'
import { Field, Layout, PostForm, Problems } from './layout.tsx'

interface SignInProps {
  token: string
  /** A local path. */
  next: string
  login?: string
  problems?: readonly Problem[]
}

export function SignInPage({ token, next, login = '', problems = [] }: SignInProps) {
  return (
    <Layout title="Sign in" visitor={null}>
      <Problems problems={problems} />
      <PostForm action="/sign-in" token={token}>
        <input type="hidden" name="next" value={next} />
        <Field name="login" label="User name" value={login} autocomplete="username" />
        <Field name="password" label="Password" type="password" autocomplete="current-password" />
        <button>Sign in</button>
      </PostForm>
    </Layout>
  )
}
