import { LimnError } from '../../errors.ts'
import type { ListedGrant } from '../../project/trust.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'

/** Runs `limn trust`, which lists the grants of the project, `limn trust grant` and `revoke`. */
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
  const grants = await openProjectFor(context).grants()
  for (const each of grants) {
    output.event({ type: 'grant', ...each })
    output.line(describe(each))
  }
  if (grants.length === 0) {
    output.line('Nothing is granted: keys go only to their own services.')
  }
  return 0
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
