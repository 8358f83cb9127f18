import type { Context } from '../../context.ts'
import type { Db } from '../../database/open.ts'
import type { PreparedMedia } from './originals.ts'
import type { AnyValue } from '../format/schemas.ts'
import type { Line } from '../format/lines.ts'

export interface ImportOptions {
  /** Items and collections get new numbers; without it they keep theirs. */
  renumber?: boolean
  /** Tag names are cleaned as those of uploads are; without it they are stored as given. */
  cleanTags?: boolean
}

/** What one import works with from beginning to end. */
export interface Import {
  ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue' | 'config'>
  options: ImportOptions
  /** The folder that the paths of originals start from. */
  folder: string
  /** Names the archive among those whose numbers were changed. */
  source: string
  /** The one time of "now" for whatever the archive tells relative to it. */
  startedAt: Date
}

/** One transaction of an import, and what became of its lines. */
export interface Step extends Import {
  db: Db
  /** Originals of this step, by line number. */
  media: ReadonlyMap<number, PreparedMedia>
  refused: Map<number, string>
  /** Lines of what was in the library already. */
  present: Set<number>
}

/** Lines that pass, with what was found out about them; the others are refused with the text thrown up by `look`. */
export function sift<V extends AnyValue, F extends object>(
  step: Step,
  lines: readonly Line<V>[],
  look: (value: V, line: Line<V>) => F | string,
): (F & { line: Line<V> })[] {
  return lines.flatMap((line) => {
    const found = look(line.value, line)
    if (typeof found !== 'string') return [{ ...found, line }]
    step.refused.set(line.number, found)
    return []
  })
}

/** ISO 8601 to milliseconds; the shape and the day have been checked. */
export function msOf(time: string): number
export function msOf(time: string | undefined): number | undefined
export function msOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time)
}

export const noSuch = (noun: string, name: string | number) => `names the ${noun} ${name}, which is not there`
