import { Option, type Command } from 'commander'
import { findAppByClientId, judgeApp, registerApp } from '../identity/apps.ts'
import { issueToken } from '../identity/grants.ts'
import { resetKey } from '../identity/keys.ts'
import { issueNamedToken } from '../identity/named-tokens.ts'
import { setPassword } from '../identity/passwords.ts'
import { splitScopes } from '../identity/scopes.ts'
import { removeAccount } from '../library/account-removal.ts'
import { addAccount, findAccount } from '../library/accounts.ts'
import { addMember } from '../library/teams.ts'
import { OPERATOR } from '../library/viewer.ts'
import { digestRealm } from '../server.ts'
import { withLibrary } from './opened.ts'
import { say, Sentence } from './output.ts'

interface Printed {
  json?: boolean
}
interface AccountOptions extends Printed {
  name?: string
  passwordStdin?: boolean
  role: 'member' | 'moderator' | 'admin'
  pro?: boolean
  team?: boolean
  memberOf?: string
}
interface AppOptions extends Printed {
  owner: string
  redirectUri: string
  approved?: boolean
  public?: boolean
}
interface TokenOptions extends Printed {
  account: string
  app: string
  scopes: string
}

/** Accounts and what they sign in with. */
export function declareAccountCommands(program: Command): void {
  const account = program.command('account').description('people and teams')
  account
    .command('add <login>')
    .description('add a person or a team')
    .option('--name <name>', 'display name (the login when left out)')
    .option('--password-stdin', 'read the password from the first line of standard input')
    .addOption(new Option('--role <role>').choices(['member', 'moderator', 'admin']).default('member'))
    .option('--pro', 'may schedule items')
    .option('--team', 'a team instead of a person')
    .option('--member-of <team>', 'make the person a member of this team')
    .option('--json', 'print JSON')
    .action((login: string, options: AccountOptions) => addAccountCommand(login, options))

  account
    .command('password <login>')
    .description('give somebody a new password, the first line of standard input, and end their sessions')
    .option('--json', 'print JSON')
    .action((login: string, options: Printed) => setPasswordCommand(login, options))

  account
    .command('remove <login>')
    .description('remove an account for good, with its items, comments, reactions and collections')
    .option('--yes', 'it is meant')
    .option('--json', 'print JSON')
    .action((login: string, options: Printed & { yes?: boolean }) => removeAccountCommand(login, options))

  const app = program.command('app').description('applications that use the APIs')
  app
    .command('add <name>')
    .description('register an application; its secret is shown this once')
    .requiredOption('--owner <login>', 'account it belongs to')
    .requiredOption('--redirect-uri <uri>', 'where people are sent back to')
    .option('--approved', 'may use what applications must be approved for')
    .option('--public', 'keeps no secret (an app on a phone, a page of scripts): must use PKCE')
    .option('--json', 'print JSON')
    .action((name: string, options: AppOptions) => addAppCommand(name, options))

  const token = program.command('token').description('access tokens')
  token
    .command('add')
    .description('give an application a token for an account; it is shown this once')
    .requiredOption('--account <login>', 'account the token acts for')
    .requiredOption('--app <client_id>', 'application that will use it')
    .requiredOption('--scopes <scopes>', 'what it allows, for example "public upload"')
    .option('--json', 'print JSON')
    .action((options: TokenOptions) => addTokenCommand(options))

  const key = program.command('key').description("people's own API keys")
  key
    .command('reset <login>')
    .description('make a new API key; it is shown this once, and the old one stops working')
    .option('--json', 'print JSON')
    .action((login: string, options: Printed) => resetKeyCommand(login, options))
}

function addAccountCommand(login: string, options: AccountOptions): Promise<void> {
  return withLibrary(async (ctx) => {
    const password = options.passwordStdin ? await firstLine(process.stdin) : null
    const team = options.memberOf === undefined ? null : await findAccount(ctx.db, options.memberOf)
    if (team !== null && team.kind !== 'team') throw new Sentence(`${team.login} is not a team.`)
    const account = await addAccount(ctx, {
      login,
      name: options.name ?? login,
      kind: options.team ? 'team' : 'person',
      role: options.role,
      pro: options.pro ?? false,
    })
    if (password !== null) await setPassword(ctx, account.id, password)
    if (team !== null) await addMember(ctx, team.id, account.id)
    say(
      { id: account.id, login: account.login, name: account.name, kind: account.kind, role: account.role },
      options,
    )
  })
}

function setPasswordCommand(login: string, options: Printed): Promise<void> {
  return withLibrary(async (ctx) => {
    const account = await findAccount(ctx.db, login)
    if (account.kind === 'team') throw new Sentence(`${account.login} is a team, and teams do not sign in.`)
    await setPassword(ctx, account.id, await firstLine(process.stdin))
    say({ id: account.id, login: account.login }, options)
  })
}

function removeAccountCommand(login: string, options: Printed & { yes?: boolean }): Promise<void> {
  return withLibrary(async (ctx) => {
    const account = await findAccount(ctx.db, login)
    if (!options.yes)
      throw new Sentence(`That removes ${account.login} and all that is theirs, for good; say --yes as well.`)
    await removeAccount(ctx, OPERATOR, account.id)
    say({ removed: account.login }, options)
  })
}

function addAppCommand(name: string, options: AppOptions): Promise<void> {
  return withLibrary(async (ctx) => {
    const owner = await findAccount(ctx.db, options.owner)
    const { app, clientSecret } = await registerApp(ctx, owner.id, {
      name,
      redirectUri: options.redirectUri,
      website: null,
      description: null,
      isPublic: options.public ?? false,
    })
    if (options.approved) await judgeApp(ctx, app.clientId, { approved: true })
    say(
      { client_id: app.clientId, client_secret: clientSecret, name, redirect_uri: app.redirectUri },
      options,
    )
  })
}

function addTokenCommand(options: TokenOptions): Promise<void> {
  return withLibrary(async (ctx) => {
    const account = await findAccount(ctx.db, options.account)
    const app = await findAppByClientId(ctx.db, options.app)
    if (app === null) throw new Sentence('There is no application with that client id.')
    const scopes = splitScopes(options.scopes)
    if (scopes.length === 0) throw new Sentence('Name at least one scope.')
    const given = { accountId: account.id, appId: app.id, scopes }
    const realm = digestRealm(ctx.config)
    const accessToken = await (realm === null ? issueToken(ctx, given) : issueNamedToken(ctx, given, realm))
    say(
      { access_token: accessToken, token_type: 'bearer', scope: scopes.join(' '), account: account.login },
      options,
    )
  })
}

function resetKeyCommand(login: string, options: Printed): Promise<void> {
  return withLibrary(async (ctx) => {
    const account = await findAccount(ctx.db, login)
    say({ login: account.login, key: await resetKey(ctx, account.id) }, options)
  })
}

async function firstLine(input: AsyncIterable<Buffer | string>): Promise<string> {
  let text = ''
  for await (const chunk of input) {
    text += chunk.toString()
    if (text.includes('\n')) break
  }
  return text.split(/\r?\n/, 1)[0] ?? ''
}
