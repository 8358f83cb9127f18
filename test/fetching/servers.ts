import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { openFetcher, type Fetcher, type FetcherOptions } from '../../src/fetching/fetcher.ts'

/** A server on this machine, and every connection it has. */
export interface TestServer extends AsyncDisposable {
  port: number
  url: string
  /** Connections so far. */
  connections: () => number
  /** Connections that are open now. */
  open: () => number
}

/** A server that answers requests. */
export function webServer(listener: RequestListener): Promise<TestServer> {
  return listening(createHttpServer(listener))
}

/** A server that does with a connection what it likes. */
export function wireServer(handle: (socket: Socket) => void): Promise<TestServer> {
  return listening(createServer(handle))
}

export async function listening(server: Server): Promise<TestServer> {
  const open = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    open.add(socket)
    socket.on('error', () => undefined).once('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    connections: () => connections,
    open: () => open.size,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Limits short enough to wait for. */
export const quick = { connectMs: 300, headersMs: 300, totalMs: 1_500, measureMs: 200 }

/** A fetcher that may reach this machine. */
export function testFetcher(options: Partial<FetcherOptions> = {}): Fetcher {
  return openFetcher({ userAgent: 'vitrine-tests', allow: ['127.0.0.1/32'], ...options })
}

/** Resolves once a condition holds; fails after a few seconds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let left = 500; !holds(); left -= 1) {
    if (left === 0) throw new Error('It never came to be.')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
