import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'

const canPin =
  process.platform === 'linux' &&
  availableParallelism() >= 2 &&
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'taskset')))

/** Cores for the program under load and for the one that loads it; null where they cannot be chosen. */
export const CORES = canPin ? { server: 0, generator: 1 } : null

/** A command line that runs on one core, where that can be had. */
export function pinned(core: number | null, command: string, args: readonly string[]): [string, string[]] {
  return core === null ? [command, [...args]] : ['taskset', ['-c', String(core), command, ...args]]
}

/** Keeps this process on the core of the generator while `work` runs. */
export async function onGeneratorCore<T>(work: () => Promise<T>): Promise<T> {
  if (CORES === null) return work()
  const everywhere = `0-${availableParallelism() - 1}`
  pinThis(String(CORES.generator))
  try {
    return await work()
  } finally {
    pinThis(everywhere)
  }
}

function pinThis(cores: string): void {
  execFileSync('taskset', ['-a', '-c', '-p', cores, String(process.pid)], { stdio: 'ignore' })
}

/** Ticks of the processor's clock per second, as /proc counts them on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** Seconds of processor time a process has used so far; null where it cannot be told. */
export function processorSeconds(pid: number): number | null {
  const fields = statOf(pid)
  if (fields === null) return null
  // Behind the name: state is field 3 of proc(5), utime 14, stime 15.
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** The process itself, its children, and theirs. */
export function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of existsSync('/proc') ? readdirSync('/proc') : []) {
    const parent = /^\d+$/.test(name) ? Number(statOf(Number(name))?.[1]) : Number.NaN
    if (!Number.isNaN(parent)) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const family = [pid]
  for (const member of family) family.push(...(children.get(member) ?? []))
  return family
}

/** Megabytes (10^6) of a process: its own and its share of what it shares; null where it cannot be told. */
export function memoryMegabytes(pid: number): { rss: number; pss: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1])
    return { rss: (kilobytes('Rss') * 1024) / 1e6, pss: (kilobytes('Pss') * 1024) / 1e6 }
  } catch {
    return null
  }
}

/** What /proc tells about a process, from its state (field 3) on. The name before it may hold anything. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}
