import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recorded } from './baseline-server.ts'
import { getRequest, inTurn, load } from './load.ts'
import { CORES, onGeneratorCore } from './processes.ts'
import { startOwn, type Program } from './programs.ts'
import { alternate, type Comparison } from './slices.ts'

export interface Size {
  rounds: number
  seconds: number
  connections: number
}

/** What one of two servers is asked for in a comparison. */
export interface Side {
  asked: { path: string; headers: Record<string, string> }[]
  status: number
}

/** Vitrine and the bare server, asked for the same. */
export interface Case {
  name: string
  goal?: number
  vitrine: Side
  baseline: Side
}

/** Rendered answers are kept in 32 MiB at the most, and one takes at least a kilobyte. */
const MORE_THAN_IS_KEPT = 32_000

/** Every path of these is read, and answered with 200. */
export const get = (paths: readonly string[]): Side => ({
  asked: paths.map((path) => ({ path, headers: {} })),
  status: 200,
})

/** The same with the entity tags of the recorded answers. */
export function getIfChanged(recorded: readonly Recorded[], paths: readonly string[]): Side {
  const etags = new Map(recorded.map(({ path, etag }) => [path, etag]))
  const asked = paths.map((path) => ({ path, headers: { 'if-none-match': etags.get(path) ?? '' } }))
  return { asked, status: 304 }
}

/** The same reads under so many addresses that no rendered answer is still kept when its address comes again. */
export function unseen(paths: readonly string[]): string[] {
  return Array.from({ length: MORE_THAN_IS_KEPT }, (_, at) => {
    const path = paths[at % paths.length] ?? ''
    return `${path}${path.includes('?') ? '&' : '?'}unseen=${at}`
  })
}

/** Vitrine's answers as the bare server is to send them. */
export function record(
  url: string,
  paths: readonly string[],
  headers: Readonly<Record<string, string>>,
): Promise<Recorded[]> {
  return Promise.all(paths.map((path) => recordOne(url, path, headers)))
}

async function recordOne(
  url: string,
  path: string,
  always: Readonly<Record<string, string>>,
): Promise<Recorded> {
  const answer = await fetch(url + path, { headers: { ...always, 'accept-encoding': 'identity' } })
  const body = await answer.text()
  const etag = answer.headers.get('etag') ?? ''
  if (answer.status !== 400 && (answer.status !== 200 || etag === ''))
    throw new Error(`${path} answered ${answer.status}.`)
  const headers: string[] = []
  answer.headers.forEach((value, name) => {
    // The server writes these by itself.
    if (!['date', 'connection', 'keep-alive', 'transfer-encoding'].includes(name))
      headers.push(usual(name), value)
  })
  return { path, status: answer.status, headers, etag, body }
}

const usual = (name: string) => name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())

/** Starts the bare server with these answers. @param folder For its database. */
export async function startBaseline(folder: string, recorded: readonly Recorded[]): Promise<Program> {
  const recording = join(folder, 'answers.json')
  await writeFile(recording, JSON.stringify(recorded))
  return startOwn('baseline-server', [join(folder, 'answers.sqlite'), recording], CORES?.server ?? null)
}

/** Lets the two servers take turns with each case. @param always Headers of every request. */
export async function compare(
  { vitrine, baseline }: { vitrine: Program; baseline: Program },
  cases: readonly Case[],
  always: Readonly<Record<string, string>>,
  { rounds, ...slice }: Size,
): Promise<Comparison[]> {
  const side = ({ url, pid }: Program, { asked, status }: Side) => {
    const requests = asked.map(({ path, headers }) => getRequest(url, path, { ...always, ...headers }))
    return () => load({ url, pid, next: inTurn(requests), status, ...slice })
  }
  const found: Comparison[] = []
  for (const { vitrine: ours, baseline: theirs, ...about } of cases) {
    const programs = { vitrine: side(vitrine, ours), baseline: side(baseline, theirs) }
    found.push(await onGeneratorCore(() => alternate(about, rounds, programs)))
  }
  return found
}
