/** Whether the database refuses what was to be written, and not to work at all. */
export function isRefusal(error: unknown): boolean {
  const { code, message } = wordsOf(error)
  // The driver gives result codes for some calls only; SQLite's words for them are part of every message.
  if (code === 'ERR_SQLITE_ERROR')
    return /constraint failed|datatype mismatch|string or blob too big/i.test(message)
  // "PostgreSQL Error Codes": class 22 is a data exception, class 23 an integrity constraint violation.
  return /^2[23]\w{3}$/.test(code)
}

/** Whether two writers met, and the one that was turned away may try again. */
export function isBusy(error: unknown): boolean {
  const { code, message } = wordsOf(error)
  if (code === 'ERR_SQLITE_ERROR') return /database (table )?is locked/i.test(message)
  return code === '40001' || code === '40P01'
}

function wordsOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: '' }
  return {
    code: 'code' in error && typeof error.code === 'string' ? error.code : '',
    message: error.message,
  }
}
