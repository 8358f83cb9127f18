import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { openContext, type Overrides } from '../../src/context.ts'
import { registerApp } from '../../src/identity/apps.ts'
import { issueToken } from '../../src/identity/grants.ts'
import { addAccount } from '../../src/library/accounts.ts'
import { sharedMedia } from './media.ts'

/** How a process ended: by itself with a code, or by a signal. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A running `vitrine …`, in a process group of its own. */
export interface Program {
  pid: number
  output: () => string
  errors: () => string
  ended: Promise<Ended>
  /** To the process alone, as an operator's `kill` does. */
  signal: (name: NodeJS.Signals) => void
  /** SIGKILL to the process and all it started, as when the machine's memory ends. Resolves when it is gone. */
  killGroup: () => Promise<Ended>
}

/** A server in a process of its own that answers requests. Killed at the end of the block if it still runs. */
export interface StartedServer extends Program, AsyncDisposable {
  /** `http://127.0.0.1:40123` */
  url: string
  /** From the start of the process to the first answer it could give. */
  readyMs: number
}

/** What is done to an API by one of its users. */
export interface Caller {
  call: (method: string, path: string, options?: CallOptions) => Promise<Reply>
}
export interface CallOptions {
  json?: unknown
  body?: Buffer | string
  headers?: Record<string, string>
}
export interface Reply {
  status: number
  headers: Headers
  /** The body; null if the connection broke after the head had come. */
  body: Buffer | null
  json: () => unknown
}

const program = join(import.meta.dirname, '../../dist/main.js')

/** Longer than anything here takes on a busy machine; past it a process hangs. */
const HANG_MS = 60_000

/** Settings of every server under test: its own folder, a free port, no limits of requests. */
const usual = (folder: string) => ({
  VITRINE_DATA: folder,
  VITRINE_PORT: '0',
  VITRINE_DRIBBBLE_V1_LIMITS: 'off',
  VITRINE_DRIBBBLE_V2_LIMITS: 'off',
})

/** Starts the built program with these settings and nothing else of the environment. */
export function spawnVitrine(args: readonly string[], settings: Record<string, string>, input = ''): Program {
  if (!existsSync(program)) throw new Error('There is no dist/main.js: `npm run build` makes it.')
  const env = { PATH: process.env['PATH'] ?? '', ...settings }
  const child = spawn(process.execPath, [program, ...args], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const { pid } = child
  if (pid === undefined) throw new Error('The program could not be started.')
  // A program that does not read has closed the pipe when it ends.
  child.stdin.on('error', () => undefined).end(input)
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  return {
    pid,
    output: () => output,
    errors: () => errors,
    ended,
    signal: (name) => void child.kill(name),
    killGroup() {
      try {
        process.kill(-pid, 'SIGKILL')
      } catch {
        // Gone already.
      }
      return ended
    },
  }
}

/** Runs the program to its end. */
export async function runVitrine(
  args: readonly string[],
  settings: Record<string, string>,
  input = '',
): Promise<Ended & { output: string; errors: string; tookMs: number }> {
  const from = performance.now()
  const running = spawnVitrine(args, settings, input)
  const hanging = setTimeout(() => void running.killGroup(), HANG_MS)
  const ended = await running.ended
  clearTimeout(hanging)
  const tookMs = performance.now() - from
  return { ...ended, output: running.output(), errors: running.errors(), tookMs }
}

/** Serves a folder. @throws Error with all the program said when it ends or does not listen. */
export async function startServer(
  folder: string,
  settings: Record<string, string> = {},
): Promise<StartedServer> {
  const from = performance.now()
  const running = spawnVitrine(['serve'], { ...usual(folder), ...settings })
  let isGone = false
  void running.ended.then(() => (isGone = true))
  for (;;) {
    const url = /"url":"([^"]+)","msg":"listening"/.exec(running.output())?.[1]
    const readyMs = performance.now() - from
    if (url !== undefined)
      return {
        ...running,
        url,
        readyMs,
        async [Symbol.asyncDispose]() {
          await running.killGroup()
        },
      }
    if (isGone || readyMs > HANG_MS) {
      await running.killGroup()
      throw new Error(`The server did not listen:\n${running.output()}${running.errors()}`)
    }
    await wait(5)
  }
}

/** The library of a folder in this process, for what no API tells and no command does. */
export function openLibrary(folder: string, overrides: Overrides = {}) {
  return openContext(readConfig(usual(folder)), {
    log: pino({ level: 'silent' }),
    media: sharedMedia(),
    ...overrides,
  })
}

/** Adds somebody to the library of a folder, and returns their token for all that the APIs let them do. */
export async function addToken(folder: string, login = 'ada'): Promise<string> {
  await using ctx = await openLibrary(folder)
  const { id: accountId } = await addAccount(ctx, { login, pro: true })
  const { app } = await registerApp(
    ctx,
    accountId,
    { name: 'Tester', redirectUri: 'https://app.example/callback' },
    { approved: true },
  )
  const scopes = ['public', 'write', 'comment', 'upload']
  return await issueToken(ctx, { accountId, appId: app.id, scopes })
}

/** Somebody with a token. Paths are those of the documentation: `/v2/shots`. Addresses are taken as they are. */
export function callerOf({ url }: Pick<StartedServer, 'url'>, token: string | null): Caller {
  const own = token === null ? {} : { authorization: `Bearer ${token}` }
  return {
    async call(method, path, { json, body, headers = {} } = {}) {
      const type = json === undefined ? {} : { 'content-type': 'application/json' }
      const sent = json === undefined ? body : JSON.stringify(json)
      const response = await fetch(/^https?:/.test(path) ? path : `${url}/dribbble${path}`, {
        method,
        redirect: 'manual',
        headers: { 'user-agent': 'vitrine-tests', ...own, ...type, ...headers },
        signal: AbortSignal.timeout(HANG_MS),
        ...(sent === undefined ? {} : { body: typeof sent === 'string' ? sent : new Uint8Array(sent) }),
      })
      // The head is the acknowledgement, even if the rest is cut off.
      const bytes = await response.arrayBuffer().then(
        (all) => Buffer.from(all),
        () => null,
      )
      const { status } = response
      return { status, headers: response.headers, body: bytes, json: () => parsed(bytes) }
    },
  }
}

function parsed(bytes: Buffer | null): unknown {
  return JSON.parse(String(bytes))
}

/** Waits until it holds. @throws AssertionError with the sentence when it never does. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = HANG_MS,
): Promise<void> {
  const from = performance.now()
  while (!(await holds())) {
    assert.ok(performance.now() - from < limitMs, `it never came: ${what}`)
    await wait(20)
  }
}

/** The server has logged no error (and no warning, where nothing should go wrong): the first one is told. */
export function assertQuietLog(server: Program, { warnings = true } = {}): void {
  const loud = warnings ? /"level":(?:50|60)/ : /"level":(?:40|50|60)/
  assert.equal(
    server
      .output()
      .split('\n')
      .find((line) => loud.test(line)),
    undefined,
  )
  assert.equal(server.errors(), '')
}

/** What lies in `incoming/`: what is arriving or being worked on at this moment, and nothing else. */
export const incomingNames = (folder: string) => readdir(join(folder, 'incoming'))

/** Ids of the processes that one has started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text.split(' ').filter(Boolean).map(Number)
}

/** Files and connections that a process has open; whatever the runtime itself holds is the same all along. */
export async function openDescriptors(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`)
  return Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => 'closed')))
}

/** Memory of a process that nobody shares with it, and its part of the rest, in bytes. */
export async function memoryBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]) * 1024
}
