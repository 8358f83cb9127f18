import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

export interface Listening extends AsyncDisposable {
  port: number
}

/** Listens on a free port of this machine; closes with every connection when disposed. */
export async function listen(server: Server): Promise<Listening> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Everything a server says to these bytes until it closes the connection. */
export async function exchange(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return hear(socket)
}

/** Everything that still comes over a connection, a reset at its end included. */
export async function hear(socket: Socket): Promise<string> {
  let heard = ''
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => (heard += text))
  socket.on('error', () => undefined)
  if (!socket.closed) await once(socket, 'close')
  return heard
}
