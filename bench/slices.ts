/** What one program reached in one slice of time. */
export interface Slice {
  /** Finished things per second. */
  perSecond: number
  /** How much of one core the program under load and the one that loads it used; 1 is a whole core. */
  busy?: { server: number; generator: number }
}

export interface Comparison {
  name: string
  /** The least ratio that is wished for. */
  goal?: number
  vitrine: number
  baseline: number
  /** Vitrine's rate divided by the baseline's, round by round. */
  ratios: number[]
  ratio: number
  /**
   * The same by things finished per second of processor time of the server, which other programs on the machine
   * disturb less; undefined where it is not known.
   */
  effort: number | undefined
  busy: { vitrine: Slice['busy']; baseline: Slice['busy'] }
}

/**
 * Lets two programs take turns, A-B-A-B, so that whatever else the machine does meets both. What counts is the
 * median of the ratios of the rounds. A first slice of each, not counted, warms them up.
 */
export async function alternate(
  { name, goal }: { name: string; goal?: number },
  rounds: number,
  programs: { vitrine: () => Promise<Slice>; baseline: () => Promise<Slice> },
): Promise<Comparison> {
  await programs.vitrine()
  await programs.baseline()
  const ours: Slice[] = []
  const theirs: Slice[] = []
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await programs.vitrine())
    theirs.push(await programs.baseline())
  }
  const ratios = ours.map(({ perSecond }, round) => perSecond / (theirs[round]?.perSecond ?? Number.NaN))
  return {
    name,
    ...(goal === undefined ? {} : { goal }),
    vitrine: median(ours.map(({ perSecond }) => perSecond)),
    baseline: median(theirs.map(({ perSecond }) => perSecond)),
    ratios,
    ratio: median(ratios),
    effort: effortOf(ours, theirs),
    busy: { vitrine: meanBusy(ours), baseline: meanBusy(theirs) },
  }
}

function effortOf(ours: readonly Slice[], theirs: readonly Slice[]): number | undefined {
  const perSecondBusy = ({ perSecond, busy }: Slice) => (busy ? perSecond / busy.server : Number.NaN)
  const ratios = ours.map((slice, round) => perSecondBusy(slice) / perSecondBusy(theirs[round] ?? slice))
  return ratios.some(Number.isNaN) ? undefined : median(ratios)
}

/** @throws RangeError for no values at all. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  if (low === undefined || high === undefined) throw new RangeError('There is no median of nothing.')
  return (low + high) / 2
}

function meanBusy(slices: readonly Slice[]): Slice['busy'] {
  const known = slices.flatMap(({ busy }) => (busy ? [busy] : []))
  if (known.length === 0) return undefined
  const mean = (of: (busy: { server: number; generator: number }) => number) =>
    known.reduce((sum, busy) => sum + of(busy), 0) / known.length
  return { server: mean(({ server }) => server), generator: mean(({ generator }) => generator) }
}
