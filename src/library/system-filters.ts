/** The filter of everybody who chose none. */
export const DEFAULT_FILTER_ID = 100073

/** What a filter of the installation names; a tag that no item ever had need not exist. */
interface SystemRule {
  hidden: readonly string[]
  spoilered: readonly string[]
}

/**
 * What the filters of the installation hide and spoiler, by the ids that clients send unasked. Only Default and
 * Everything are described anywhere; the others are our reading of their names.
 */
export const systemRules: ReadonlyMap<number, SystemRule> = new Map([
  [DEFAULT_FILTER_ID, { hidden: ['explicit', 'grotesque'], spoilered: ['questionable'] }],
  [56027, { hidden: [], spoilered: [] }],
  [
    37430,
    {
      hidden: [],
      spoilered: ['suggestive', 'questionable', 'explicit', 'semi-grimdark', 'grimdark', 'grotesque'],
    },
  ],
  [37431, { hidden: ['explicit', 'grimdark', 'grotesque'], spoilered: ['questionable', 'semi-grimdark'] }],
  [37432, { hidden: ['grimdark', 'grotesque'], spoilered: ['semi-grimdark'] }],
  [37429, { hidden: ['explicit', 'questionable'], spoilered: ['suggestive'] }],
])
