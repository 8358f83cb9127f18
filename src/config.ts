import { isAbsolute, resolve } from 'node:path'
import ipaddr from 'ipaddr.js'

/** How one setting is read: its text into a value, or a phrase that says what it must be. */
interface Kind<T> {
  /** Shown in docs/running.md. */
  shape: string
  read: (text: string) => T | Wrong
}
class Wrong {
  readonly expected: string
  constructor(expected: string) {
    this.expected = expected
  }
}

interface Setting<T> {
  kind: Kind<T>
  /** As a person would write it; '' for none. */
  default: string
  about: string
}
const setting = <T>(kind: Kind<T>, byDefault: string, about: string): Setting<T> => ({
  kind,
  default: byDefault,
  about,
})

const text: Kind<string> = { shape: 'text', read: (value) => value }
const yesNo: Kind<boolean> = {
  shape: '`on` or `off`',
  read(value) {
    if (/^(on|true|yes|1)$/i.test(value)) return true
    return /^(off|false|no|0)$/i.test(value) ? false : new Wrong('must be on or off')
  },
}
const whole = (least: number, most: number): Kind<number> => ({
  shape: `whole number, ${least} to ${most}`,
  read(value) {
    const number = Number(value)
    const fits = /^\d+$/.test(value) && number >= least && number <= most
    return fits ? number : new Wrong(`must be a whole number from ${least} to ${most}`)
  },
})
const oneOf = <const T extends string>(...words: T[]): Kind<T> => ({
  shape: words.map((word) => `\`${word}\``).join(', '),
  read: (value) => words.find((word) => word === value) ?? new Wrong(`must be one of ${words.join(', ')}`),
})
const webUrl: Kind<URL | null> = {
  shape: 'http or https URL',
  read(value) {
    if (value === '') return null
    const url = URL.canParse(value) ? new URL(value) : null
    const plain = url && /^https?:$/.test(url.protocol) && !url.username && url.href === `${url.origin}/`
    return plain ? url : new Wrong('must be an http or https URL of a host, without a path')
  },
}
const databaseUrl: Kind<string | null> = {
  shape: 'postgres:// URL',
  read: (value) =>
    value === '' ? null : /^postgres(ql)?:\/\//.test(value) ? value : new Wrong('must be a postgres:// URL'),
}
const hostNames: Kind<string[]> = {
  shape: 'host names, separated by commas',
  read(value) {
    const names = splitList(value).map((name) => name.toLowerCase())
    const odd = names.find((name) => !/^[a-z0-9.-]+(:\d+)?$/.test(name))
    return odd === undefined ? names : new Wrong('must be host names separated by commas')
  },
}
const networks: Kind<string[]> = {
  shape: 'addresses or CIDR ranges, separated by commas',
  read(value) {
    const ranges = splitList(value).map((one) =>
      one.includes('/') ? one : `${one}/${one.includes(':') ? 128 : 32}`,
    )
    return ranges.every((range) => ipaddr.isValidCIDR(range))
      ? ranges
      : new Wrong('must be addresses or CIDR ranges separated by commas')
  },
}
const ports: Kind<number[]> = {
  shape: 'port numbers, separated by commas',
  read(value) {
    const list = splitList(value)
    const isPort = (one: string) => /^\d{1,5}$/.test(one) && Number(one) >= 1 && Number(one) <= 65_535
    return list.every(isPort) ? list.map(Number) : new Wrong('must be port numbers separated by commas')
  },
}
const origins: Kind<string[]> = {
  shape: 'origins, separated by commas',
  read(value) {
    const list = splitList(value)
    return list.every((one) => URL.canParse(one) && new URL(one).origin === one)
      ? list
      : new Wrong('must be origins such as https://app.example separated by commas')
  },
}
const splitList = (value: string) => value.split(/[\s,]+/).filter((one) => one !== '')

/** Request limits of the operator's own: so many calls in so many seconds, several windows at once. */
export interface OwnLimits {
  windows: { limit: number; seconds: number }[]
}
/** Limits that have a name, or the operator's own. */
const rateProfile = <const T extends string>(...names: T[]): Kind<T | OwnLimits> => {
  const named = oneOf(...names)
  return {
    shape: `${named.shape}, or calls/seconds such as \`600/60,20000/86400\``,
    read(value) {
      if (!/^\d{1,9}\/[1-9]\d{0,5}(?:,\d{1,9}\/[1-9]\d{0,5}){0,3}$/.test(value)) return named.read(value)
      const windows = value.split(',').map((window) => {
        const [limit = 0, seconds = 1] = window.split('/').map(Number)
        return { limit, seconds }
      })
      return { windows }
    },
  }
}
const dribbbleLimits = rateProfile('draft2014', 'v1', 'v2', 'off')

/** Every setting: one name in the environment, its shape, its default, what it is for. */
export const settings = {
  VITRINE_HOST: setting(text, '127.0.0.1', 'Address to listen on.'),
  VITRINE_PORT: setting(whole(0, 65_535), '8080', 'Port to listen on; 0 picks a free one and prints it.'),
  VITRINE_DATA: setting(text, './data', 'Folder for the database, the pictures and the secrets.'),
  VITRINE_URL: setting(
    webUrl,
    '',
    'Public address of the installation, when it is not the address listened on.',
  ),
  VITRINE_TRUSTED_PROXIES: setting(
    networks,
    '',
    'Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.',
  ),
  VITRINE_SECRET: setting(
    text,
    '',
    'Key for signatures, 64 hex digits; when empty, one is made in the data folder.',
  ),
  VITRINE_LOG_LEVEL: setting(
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'silent'),
    'info',
    'How much is logged.',
  ),
  DATABASE_URL: setting(databaseUrl, '', 'A PostgreSQL database to use in place of the SQLite file.'),

  VITRINE_DRIBBBLE_HOSTS: setting(hostNames, '', 'Host names at whose root the Dribbble dialect answers.'),
  VITRINE_DERPIBOORU_HOSTS: setting(
    hostNames,
    '',
    'Host names at whose root the Derpibooru dialect answers.',
  ),
  VITRINE_GIMMEBAR_HOSTS: setting(hostNames, '', 'Host names at whose root the Gimme Bar dialect answers.'),
  VITRINE_TOOKAPIC_HOSTS: setting(hostNames, '', 'Host names at whose root the Tookapic dialect answers.'),

  VITRINE_CORS_ORIGINS: setting(
    origins,
    '',
    'Origins that browsers may call the APIs from; empty means any.',
  ),
  VITRINE_UPLOAD_MAX_BYTES: setting(
    whole(1024, 2 ** 40),
    '104857600',
    'Largest original, whatever the dialect allows.',
  ),
  VITRINE_UPLOADS_PER_DAY: setting(
    whole(0, 1_000_000),
    '0',
    'Items a member may add per day; 0 means any number.',
  ),
  VITRINE_UPLOADS_PER_MONTH: setting(
    whole(0, 10_000_000),
    '0',
    'Items a member may add per month; 0 means any number.',
  ),
  VITRINE_TOKEN_IDLE_DAYS: setting(
    whole(0, 36_500),
    '180',
    'Access tokens unused for so many days expire; 0 means never.',
  ),
  VITRINE_MEDIA_PROCESSES: setting(
    whole(1, 16),
    '2',
    'Picture processes at the most (never more than cores).',
  ),
  VITRINE_MEDIA_TIMEOUT_SECONDS: setting(whole(1, 3600), '30', 'Longest time one picture may take.'),
  VITRINE_MEDIA_MEMORY_MB: setting(whole(256, 65_536), '1536', 'Most memory one picture process may use.'),
  VITRINE_SEARCH: setting(
    oneOf('catalogue', 'sql'),
    'catalogue',
    'What answers searches: a catalogue in memory, or the database (slower, with less memory).',
  ),
  VITRINE_MAX_CONNECTIONS: setting(whole(16, 1_000_000), '4096', 'Open connections at the most.'),

  VITRINE_FETCH_PORTS: setting(ports, '80,443', 'Ports of other servers that pages are fetched from.'),
  VITRINE_FETCH_ALLOW: setting(
    networks,
    '',
    'Addresses that pages may be fetched from though they are not public, on any port.',
  ),
  VITRINE_CHROMIUM: setting(
    text,
    'auto',
    'Chromium for pictures of pages: `auto` looks for one, `off` uses none, else its path.',
  ),
  VITRINE_CHROMIUM_SANDBOX: setting(
    yesNo,
    'on',
    'Whether Chromium keeps its own sandbox; it cannot where the server runs as root.',
  ),

  VITRINE_DRIBBBLE_V1_LIMITS: setting(dribbbleLimits, 'draft2014', 'Request limits of API v1.'),
  VITRINE_DRIBBBLE_V2_LIMITS: setting(dribbbleLimits, 'v2', 'Request limits of API v2.'),
  VITRINE_DRIBBBLE_ANONYMOUS: setting(yesNo, 'on', 'Whether API v1 may be read without a token.'),
  VITRINE_DRIBBBLE_USER_AGENT: setting(
    oneOf('v1', 'always', 'off'),
    'v1',
    'Where a User-Agent header is required.',
  ),
  VITRINE_DRIBBBLE_DIMENSIONS: setting(
    oneOf('strict', 'ratio', 'any'),
    'strict',
    'Sides of a new shot: exactly 400x300 or 800x600; any 4:3 from 400x300 to 1600x1200; or any picture.',
  ),
  VITRINE_TOOKAPIC_LIMITS: setting(
    rateProfile('v2', 'off'),
    'v2',
    'Request limits of the Tookapic API: 1,000 an hour with a token and 50 per 15 minutes without, or your own.',
  ),
  VITRINE_GIMMEBAR_AUTO_APPROVE: setting(
    yesNo,
    'on',
    'Whether applications may use the Gimme Bar API without being approved first.',
  ),
  VITRINE_DERPIBOORU_ANONYMOUS: setting(
    text,
    'Background Pony',
    'Name that stands for uploaders who do not want to be named.',
  ),
  VITRINE_DERPIBOORU_ALIASES: setting(
    hostNames,
    '',
    'Other host names whose image addresses oEmbed takes for this installation’s.',
  ),
} satisfies Record<string, Setting<unknown>>

type Settings = typeof settings
type Read = { [Name in keyof Settings]: Settings[Name] extends Setting<infer T> ? T : never }

/** The whole configuration, checked. `data` is an absolute path. */
export interface Config extends Readonly<Read> {
  readonly data: string
}

/** Everything that is wrong with the environment, at once. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/**
 * Reads the settings. An empty variable counts as not set.
 *
 * @throws ConfigError with one line per wrong setting, and one per misspelt VITRINE_ name.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, { kind, default: byDefault }] of Object.entries(settings)) {
    const value = kind.read(environment[name]?.trim() || byDefault)
    if (value instanceof Wrong) problems.push(`${name} ${value.expected}.`)
    else values[name] = value
  }
  for (const name of Object.keys(environment))
    if (name.startsWith('VITRINE_') && !(name in settings)) problems.push(`${name} is no setting of Vitrine.`)
  if (values['VITRINE_SECRET'] !== '' && !/^[0-9a-f]{64}$/i.test(String(values['VITRINE_SECRET'])))
    problems.push('VITRINE_SECRET must be 64 hex digits.')
  if (problems.length > 0) throw new ConfigError(problems)

  const read = values as Read
  return { ...read, data: isAbsolute(read.VITRINE_DATA) ? read.VITRINE_DATA : resolve(read.VITRINE_DATA) }
}

/** Every setting as a Markdown table: what docs/running.md shows. */
export function settingsTable(): string {
  const rows = Object.entries(settings).map(
    ([name, { kind, default: byDefault, about }]) =>
      `| \`${name}\` | ${kind.shape} | ${byDefault === '' ? '' : `\`${byDefault}\``} | ${about} |`,
  )
  return ['| name | value | default | what it is for |', '|---|---|---|---|', ...rows].join('\n')
}
