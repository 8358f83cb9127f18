import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startVitrine, type StartOptions, type Vitrine } from './vitrine.ts'

/** A Vitrine that listens on a free port of this machine, and does its background work by itself. */
export interface Listening extends AsyncDisposable {
  vitrine: Vitrine
  url: string
}

export async function listeningVitrine(options: StartOptions = {}): Promise<Listening> {
  const vitrine = await startVitrine({ ...options, reach: 'path', at: new Date().toISOString() })
  const url = await vitrine.server.listen({ host: '127.0.0.1', port: 0 })
  vitrine.ctx.queue.start(vitrine.handlers)
  return { vitrine, url, [Symbol.asyncDispose]: () => vitrine[Symbol.asyncDispose]() }
}

/** An application's callback address: remembers the query it was called with. */
export async function callbackServer(): Promise<
  AsyncDisposable & { url: string; called: Promise<URLSearchParams> }
> {
  let call: (query: URLSearchParams) => void = () => undefined
  const called = new Promise<URLSearchParams>((resolve) => {
    call = resolve
  })
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (url.pathname === '/callback') call(url.searchParams)
    response
      .setHeader('content-type', 'text/html')
      .end('<!doctype html><title>Back at the application</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/callback`,
    called,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
