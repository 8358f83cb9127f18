import type { Comparison } from './slices.ts'

/** One line of the result. */
export interface Row {
  name: string
  measured: string
  /** What it was compared with. */
  baseline?: string
  goal?: string
  met?: boolean
  details?: unknown
}

/** A comparison as a line: rates, the median of the ratios and how far the rounds lie apart. */
export function comparisonRow(found: Comparison, unit: string): Row {
  const { name, vitrine, baseline, ratio, ratios, effort, goal } = found
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
  const byProcessor = effort === undefined ? '' : `, ${effort.toFixed(2)} by processor time`
  return {
    name,
    measured: `${rate(vitrine)} ${unit}`,
    baseline: `${rate(baseline)}: ratio ${ratio.toFixed(2)} (${spread}${byProcessor})`,
    ...(goal === undefined ? {} : { goal: `at least ${goal}`, met: ratio >= goal }),
    details: found,
  }
}

const rate = (perSecond: number) => (perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toFixed(1))

export function print(title: string, rows: readonly Row[]): void {
  process.stdout.write(`\n${title}\n`)
  for (const { name, measured, baseline, goal, met } of rows) {
    const against = baseline === undefined ? '' : `  against ${baseline}`
    const verdict = goal === undefined ? '' : `  goal ${goal}: ${met ? 'met' : 'MISSED'}`
    process.stdout.write(`  ${name.padEnd(44)} ${measured.padStart(18)}${against}${verdict}\n`)
  }
}
