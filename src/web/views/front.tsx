import type { Session } from '../../identity/sessions.ts'
import { Layout } from './layout.tsx'

/** What this is, and the next step for whoever looks. */
export function FrontPage({ visitor, awaitsSetup }: { visitor: Session | null; awaitsSetup: boolean }) {
  return (
    <Layout title="A library for pictures" visitor={visitor}>
      <p>
        This is a Vitrine: a self-hosted library for pictures and the things people collect around them.
        Programs use it through its APIs; on these pages you look after your account and the applications that
        act for you.
      </p>
      {awaitsSetup ? (
        <div class="card">
          <h2>Not set up yet</h2>
          <p>
            There is no administrator so far. When the server starts, it prints a set-up link in its terminal
            or log; open that link to make the first account. Starting the server again prints a new one.
          </p>
        </div>
      ) : visitor ? (
        <p>
          <a href="/account">Your account</a>, <a href="/account/applications">your applications</a>
        </p>
      ) : (
        <p>
          <a href="/sign-in">Sign in</a>
        </p>
      )}
    </Layout>
  )
}
