import type { Session } from '../../identity/sessions.ts'
import { Layout } from './layout.tsx'

/** A page that only says something: that there is no such page, that a request cannot be granted. */
export function MessagePage(props: { title: string; text: string; visitor?: Session | null }) {
  return (
    <Layout title={props.title} visitor={props.visitor ?? null}>
      <p>{props.text}</p>
    </Layout>
  )
}
