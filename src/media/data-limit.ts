import { existsSync } from 'node:fs'

/**
 * Sets the data limit of the process it then becomes, so that a library meets it as a failed allocation. What the
 * runtime has mapped before it does anything (50 MB in Node 20, 570 MB in Node 24) comes on top.
 */
const limitAndExec = [
  `own=$(unset NODE_CHANNEL_FD; "$1" -e 'console.log(/VmData:\\s*(\\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0)')`,
  'ulimit -d "$(($0 + ${own:-0}))" 2>/dev/null',
  'exec "$@"',
].join('; ')

/**
 * The command for a Node process that may use so much memory, also outside JavaScript's heap. Held on Linux only.
 *
 * @param args Of Node: options, the file to run.
 */
export function withDataLimit(
  memoryBytes: number,
  args: readonly string[],
): [command: string, args: string[]] {
  if (process.platform !== 'linux' || !existsSync('/bin/sh')) return [process.execPath, [...args]]
  const limit = String(Math.floor(memoryBytes / 1024))
  return ['/bin/sh', ['-c', limitAndExec, limit, process.execPath, ...args]]
}
