import { createConnection, type Socket } from 'node:net'
import { processorSeconds } from './processes.ts'
import type { Slice } from './slices.ts'

export interface Load {
  url: string
  /** Process id of the program under load. */
  pid: number
  /** The next request, whole, as it goes on the wire. */
  next: () => Buffer
  /** The only status that is right. */
  status: number
  connections: number
  seconds: number
}

/** Some requests, over and over. */
export function inTurn(requests: readonly Buffer[]): () => Buffer {
  let at = 0
  return () => requests[at++ % requests.length] ?? NOTHING
}

/** The text of a GET request over a connection that stays open. */
export function getRequest(url: string, path: string, headers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${lines.join('')}\r\n`)
}

/**
 * Sends requests over some connections, each with one request under way at a time, and counts the answers that
 * came within the time. It reads no more of an answer than its status and its length: a generator that takes
 * answers apart needs longer for one than the bare server, and would be what is measured.
 *
 * @throws Error for an answer with another status, or one that ends too early.
 */
export async function load({ url, pid, next, status, connections, seconds }: Load): Promise<Slice> {
  const { hostname, port } = new URL(url)
  let answered = 0
  let running = true
  const take = () => {
    answered += 1
    return running ? next() : null
  }

  const before = { server: processorSeconds(pid), own: process.cpuUsage() }
  const startedMs = performance.now()
  const finished = Array.from({ length: connections }, () => {
    const socket = createConnection({ host: hostname, port: Number(port), noDelay: true })
    return converse(socket, { first: next(), status, take })
  })
  const stop = setTimeout(() => (running = false), seconds * 1000)
  // A process that sleeps has to be woken, and the kernel charges that to whoever writes to it: to the slower of two
  // servers most of all, because it leaves more time to sleep. So this one never sleeps.
  const stayAwake = () => running && setImmediate(stayAwake)
  stayAwake()
  try {
    await Promise.all(finished)
  } finally {
    clearTimeout(stop)
    running = false
  }
  const took = (performance.now() - startedMs) / 1000
  const own = process.cpuUsage(before.own)
  const server = ((processorSeconds(pid) ?? 0) - (before.server ?? 0)) / took
  return { perSecond: answered / took, busy: { server, generator: (own.user + own.system) / 1e6 / took } }
}

interface Conversation {
  first: Buffer
  status: number
  /** Counts an answer and gives the next request, or null at the end. */
  take: () => Buffer | null
}

/** One connection from its first request to its last answer. */
function converse(socket: Socket, { first, status, take }: Conversation): Promise<void> {
  return new Promise((resolve, reject) => {
    const reader = answerReader(status)
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('The connection was closed in the middle.')))
    socket.on('data', (bytes) => {
      try {
        if (!reader(bytes)) return
      } catch (error) {
        socket.destroy()
        reject(error instanceof Error ? error : new Error(String(error)))
        return
      }
      const request = take()
      if (request !== null) {
        socket.write(request)
        return
      }
      resolve()
      socket.destroy()
    })
    socket.write(first)
  })
}

const HEAD_END = Buffer.from('\r\n\r\n')
const NOTHING: Buffer = Buffer.alloc(0)

/** Takes the bytes of answers piece by piece; true when one is complete. */
function answerReader(status: number): (bytes: Buffer) => boolean {
  let head = NOTHING
  let missing = -1
  return (bytes) => {
    if (missing >= 0) missing -= bytes.length
    else {
      head = head.length === 0 ? bytes : Buffer.concat([head, bytes])
      const end = head.indexOf(HEAD_END)
      if (end === -1) return false
      const body = head.length - end - HEAD_END.length
      missing = bodyLength(head.toString('latin1', 0, end), status) - body
      head = NOTHING
    }
    if (missing > 0) return false
    if (missing < 0) throw new Error('An answer was longer than it said.')
    missing = -1
    return true
  }
}

/** @throws Error unless the status is the expected one. */
function bodyLength(head: string, status: number): number {
  if (Number(head.slice(9, 12)) !== status) throw new Error(`Answered ${head.slice(9, 12)}, not ${status}.`)
  if (status === 304) return 0
  const at = head.indexOf('Content-Length: ')
  if (at === -1) throw new Error('The answer does not say its length.')
  return Number.parseInt(head.slice(at + 'Content-Length: '.length), 10)
}
