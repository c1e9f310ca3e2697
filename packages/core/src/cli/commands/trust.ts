import { LimnError } from '../../errors.ts'
import { ManifestError, type Project } from '../../project/project.ts'
import { quoteForShell } from '../../project/quote-for-shell.ts'
import type { ListedGrant } from '../../project/trust.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import { commandOptions } from '../parse-arguments.ts'

/**
 * Runs `limn trust`, which lists what the project was granted and what it needs, `limn trust grant`
 * and `revoke`.
 */
export async function run(context: CommandContext): Promise<number> {
  const [action = 'list', ...grants] = context.args
  if (action === 'list' && grants.length === 0) return list(context)
  if (action === 'grant' && grants.length > 0) return grant(grants, context)
  if (action === 'revoke' && grants.length > 0) return revoke(grants, context)
  throw new LimnError(
    'usage',
    `limn trust accepts \`list\`, or \`grant\` or \`revoke\` with VARIABLE@host or limn.config.ts, but received ${context.args.join(' ')}.`,
    { hint: 'Run `limn trust` to see what this project may do.' },
  )
}

async function list(context: CommandContext): Promise<number> {
  const { output } = context
  const project = openProjectFor(context)
  const grants = await project.grants()
  for (const each of grants) {
    output.event({ type: 'grant', ...each })
    output.line(describe(each))
  }
  if (grants.length === 0) {
    output.line('Nothing is granted: keys go only to their own services.')
  }
  await listNeeds(project, context)
  return 0
}

/** Lists what the manifest needs consent for; nothing if there is no manifest yet. */
async function listNeeds(project: Project, { output, options }: CommandContext): Promise<void> {
  const needs = await project.trustNeeds().catch((error: unknown) => {
    if (error instanceof ManifestError) {
      output.problem(
        'The manifest has mistakes, which `limn plan` shows: what it needs is unknown.',
      )
    } else if (!(error instanceof LimnError && error.code === 'manifest/not-found')) throw error
    return []
  })
  if (needs.length > 0) output.line()
  const where = commandOptions(options).map((option) => ` ${quoteForShell(option)}`)
  for (const need of needs) {
    output.event({ type: 'need', ...need })
    const { grant, isGranted, location } = need
    output.line(
      isGranted
        ? `${output.paint('add', '✓')} ${location} needs ${grant}: granted.`
        : `${output.paint('warn', '✗')} ${location} needs ${grant}: run \`limn trust grant ${grant}${where.join('')}\` if you trust it.`,
    )
  }
}

/** `RELAY_API_KEY@relay.example.com, from LIMN_TRUST`. */
function describe({ grant, from }: ListedGrant): string {
  return from === 'user' ? grant : `${grant}, from ${from}`
}

async function grant(grants: readonly string[], context: CommandContext): Promise<number> {
  const { output } = context
  for (const added of await openProjectFor(context).grant(grants)) {
    output.event({ type: 'granted', grant: added })
    output.line(`Granted: ${added}.`)
  }
  return 0
}

async function revoke(grants: readonly string[], context: CommandContext): Promise<number> {
  const { output } = context
  const removed = await openProjectFor(context).revoke(grants)
  for (const each of removed) {
    output.event({ type: 'revoked', grant: each })
    output.line(`Revoked: ${each}.`)
  }
  if (removed.length > 0) return 0
  output.problem(`Nothing was revoked: there is no such grant. \`limn trust\` lists them.`)
  return 1
}
