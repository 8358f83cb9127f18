/** A search that cannot be read. Its message is for the person who typed it. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  /** Where in the text, counted in UTF-16 units from 0. The end of the text is a place too. */
  readonly position: number
  /** What could have stood there: completes "Expected …". */
  readonly expected: string

  constructor(position: number, expected: string, message: string) {
    super(message)
    this.position = position
    this.expected = expected
  }
}

export function missingOperand(position: number): QueryError {
  return new QueryError(position, 'a term', 'Missing operand.')
}

export function missingOperator(position: number): QueryError {
  return new QueryError(position, 'an operator', 'Missing operator.')
}

/** @param position The parenthesis that has no partner. */
export function imbalanced(position: number, char: '(' | ')'): QueryError {
  const expected =
    char === '(' ? 'a parenthesis that closes this one' : 'a parenthesis opened before this one'
  return new QueryError(position, expected, 'Imbalanced parentheses.')
}

export function badValue(position: number, field: string, expected: string): QueryError {
  return new QueryError(position, expected, `${field} needs ${expected}.`)
}

export function tooMuch(position: number, limit: string): QueryError {
  return new QueryError(position, `no more than ${limit}`, `A search may have no more than ${limit}.`)
}
