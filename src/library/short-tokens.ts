/** In the order of their codes, so that later tokens of the same length sort after earlier ones. */
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** The first number that takes four digits. */
const first = digits.length ** 3
/** Row numbers stay far below. */
const mostId = Number.MAX_SAFE_INTEGER - first

/** The short name of an item in addresses: its number in base 62, four characters at the least. */
export function shortToken(itemId: number): string {
  let token = ''
  for (let rest = itemId + first; rest > 0; rest = Math.floor(rest / digits.length))
    token = (digits[rest % digits.length] ?? '') + token
  return token
}

/** The number behind a token, whether or not there is such an item; null for what is none. */
export function itemIdOfToken(token: string): number | null {
  if (!/^[1-9A-Za-z][0-9A-Za-z]{3,9}$/.test(token)) return null
  let number = 0
  for (const digit of token) number = number * digits.length + digits.indexOf(digit)
  const id = number - first
  return id >= 1 && id <= mostId ? id : null
}
