import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { Sentence } from './output.ts'

export interface OutcomeFile {
  /** One line. */
  write: (outcome: object) => Promise<void>
  /** Resolves when all of it is in the file. */
  close: () => Promise<void>
}

/** A file of JSON lines, in place of what was there. @throws Sentence when it cannot be written. */
export async function openOutcomes(path: string): Promise<OutcomeFile> {
  const stream = createWriteStream(path)
  const broken = (error: unknown) =>
    new Sentence(`The file of outcomes cannot be written: ${path}.`, { cause: error })
  await once(stream, 'open').catch((error: unknown) => {
    throw broken(error)
  })
  let failure: unknown = null
  stream.on('error', (error) => (failure = error))
  return {
    async write(outcome) {
      if (failure !== null) throw broken(failure)
      if (stream.write(`${JSON.stringify(outcome)}\n`)) return
      await once(stream, 'drain').catch((error: unknown) => {
        throw broken(error)
      })
    },
    async close() {
      stream.end()
      await finished(stream).catch((error: unknown) => {
        throw broken(error)
      })
    },
  }
}
