import { exchangeCode, findToken } from '../../src/identity/tokens.ts'
import { CALLBACK, GIVE, openIdentity } from './open.ts'

/** A library with somebody who owns an application, and the exchange of its codes. */
export async function openWithApp() {
  const on = await openIdentity()
  const ada = await on.person('ada')
  const { app, client } = await on.app(ada)
  const exchange = (code: string, more: { redirectUri?: string | null; codeVerifier?: string } = {}) =>
    exchangeCode(on.ctx, { code, redirectUri: CALLBACK, codeVerifier: null, ...more }, client, GIVE)
  const works = async (token: string | null) => (await findToken(on.ctx, token ?? '')) !== null
  return { ...on, ada, theApp: app, client, exchange, works }
}
