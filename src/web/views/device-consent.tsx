import type { ComponentProps } from 'preact'
import type { App } from '../../identity/apps.ts'
import type { Session } from '../../identity/sessions.ts'
import { AskingPage } from './consent.tsx'
import { Layout } from './layout.tsx'

type DeviceConsentProps = Omit<ComponentProps<typeof AskingPage>, 'children'>

/** The question of an application on another device; warns of links that somebody else sent (RFC 8628, 5.4). */
export function DeviceConsentPage(asking: DeviceConsentProps) {
  return (
    <AskingPage {...asking}>
      <p>You can take this back on your account page at any time.</p>
      <div class="card problem">
        <p>
          Continue only if you started this yourself, in the application on your own device. If somebody sent
          you here with a link, do not allow it.
        </p>
      </div>
    </AskingPage>
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
