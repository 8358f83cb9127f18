import { Type } from 'typebox'

/** Ids above this would leave the database too little room for its own. */
export const mostId = 1_000_000_000_000

export const optional = Type.Optional
export const Text = Type.String()
export const Texts = Type.Array(Type.String())
export const Flag = Type.Boolean()
export const Id = Type.Integer({ minimum: 1, maximum: mostId })
export const Count = Type.Integer({ minimum: 0, maximum: mostId })
export const Pixels = Type.Integer({ minimum: 1, maximum: 1_000_000 })
/** ISO 8601 with a zone; whether the day exists is looked at later. */
export const Time = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[+-]\\d\\d:\\d\\d)$',
})
export const Hex = (digits: number) => Type.String({ pattern: `^[0-9a-f]{${digits}}$` })
export const OneOf = <const T extends string>(...words: T[]) => Type.Enum(words)
export const Access = OneOf('owner', 'member')
