/** The parts of stored JSON by name; none when it is no object. */
export function storedParts(json: string | null): Record<string, unknown> {
  return partsOf(json === null ? null : JSON.parse(json))
}

/** The elements of stored JSON, each as its parts; none when it is no list. */
export function storedList(json: string | null): Record<string, unknown>[] {
  const read: unknown = json === null ? null : JSON.parse(json)
  return Array.isArray(read) ? read.map((one: unknown) => partsOf(one)) : []
}

/** The parts of what was found inside. */
export function partsOf(value: unknown): Record<string, unknown> {
  const entries: [string, unknown][] =
    typeof value === 'object' && value !== null ? Object.entries(value) : []
  return Object.fromEntries(entries)
}
