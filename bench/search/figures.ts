/** How long things took, in milliseconds. */
export interface Figures {
  p50: number
  p99: number
  most: number
}

export function figuresOf(times: readonly number[]): Figures {
  const sorted = times.toSorted((left, right) => left - right)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { p50: at(0.5), p99: at(0.99), most: at(1) }
}

/** `0.482`, or `12.3` where the rest means nothing. */
export function shown(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(3) : milliseconds.toFixed(1)
}

export function printTable(heading: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heading.map((_, column) =>
    Math.max(...[heading, ...rows].map((row) => row[column]?.length ?? 0)),
  )
  for (const row of [heading, ...rows]) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    console.log(cells.join('  '))
  }
  console.log()
}
