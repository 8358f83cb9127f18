import { ConfigError } from '../config.ts'
import { DataFolderUnusable } from '../context.ts'
import { FolderLocked } from '../database/lock.ts'
import { DatabaseUnusable } from '../database/open.ts'
import { IdentityError } from '../identity/errors.ts'
import { LibraryError } from '../library/errors.ts'

/** Something is wrong with what was asked; the message is one sentence for the person at the terminal. */
export class Sentence extends Error {}

/** What a command says: for people a few aligned lines, with `--json` one object on standard output. */
export function say(result: Readonly<Record<string, unknown>>, { json = false }: { json?: boolean }): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(result)}\n`)
    return
  }
  const width = Math.max(...Object.keys(result).map((name) => name.length))
  for (const [name, value] of Object.entries(result))
    process.stdout.write(
      `${name.padEnd(width)}  ${typeof value === 'string' ? value : JSON.stringify(value)}\n`,
    )
}

/** An error as a sentence. What nobody foresaw keeps its stack: it is a bug that somebody must find. */
export function explain(error: unknown): string {
  if (error instanceof ConfigError)
    return `The settings are wrong:\n${error.problems.map((one) => `  ${one}`).join('\n')}`
  if (error instanceof LibraryError) return sentence(refusal(error))
  if (error instanceof IdentityError) return sentence(error.message)
  if (isForPeople(error)) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

const isForPeople = (error: unknown): error is Error =>
  error instanceof Sentence ||
  error instanceof DataFolderUnusable ||
  error instanceof FolderLocked ||
  error instanceof DatabaseUnusable

function refusal({ reason, message }: LibraryError): string {
  if (reason.kind === 'not_found') return `there is no such ${reason.what}`
  if (reason.kind === 'conflict') return `that ${reason.what} ${reason.problem}`
  if (reason.kind === 'storage_full') return 'the disk is full'
  return message
}

function sentence(text: string): string {
  const readable = text.replaceAll('_', ' ')
  return `${readable.charAt(0).toUpperCase()}${readable.slice(1)}${/[.!?]$/.test(readable) ? '' : '.'}`
}
