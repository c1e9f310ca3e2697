import { LimnError } from '../../errors.ts'
import { formatUsd } from '../../models/cost.ts'
import { formatBytes } from '../../project/byte-text.ts'
import { describeStep } from '../../project/plan-text.ts'
import type { ListedPicture, Restored } from '../../project/restore.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'
import { formatMinute } from '../text.ts'

/**
 * Runs `limn restore NAME [K]`: lists the earlier pictures of an asset, or makes number K of them
 * the master again.
 */
export async function run(context: CommandContext): Promise<number> {
  const [name, number] = [context.args[0]!, context.args[1]]
  if (number === undefined) return list(context, name)
  return restore(context, { name, number: parseNumber(name, number) })
}

async function list(context: CommandContext, name: string): Promise<number> {
  const { output } = context
  const { pictures, currency } = await openProjectFor(context).earlier(name)
  for (const picture of pictures) output.event({ type: 'earlier', asset: name, ...picture })
  if (pictures.length === 0) {
    output.line(`"${name}" has no earlier picture on this machine.`)
    return 0
  }
  for (const picture of pictures) {
    output.line(formatPicture(picture, { output, currency }))
    if (picture.prompt !== null) output.line(output.paint('dim', `     ${picture.prompt}`))
  }
  output.line()
  output.line(`\`limn restore ${name} 1\` makes number 1 the master again, at no cost.`)
  return 0
}

function formatPicture(
  { number, at, usd, bytes, path, commit, candidate }: ListedPicture,
  { output, currency }: { output: Output; currency: Parameters<typeof formatUsd>[1] },
): string {
  const cells = [
    output.paint('bold', String(number).padStart(3)),
    formatMinute(at),
    (usd === null ? '' : formatUsd(usd, currency)).padStart(7),
    formatBytes(bytes).padStart(8),
    `${path}${candidate === null ? '' : ` (candidate ${candidate})`}${commit === null ? '' : ` (commit ${commit.slice(0, 8)})`}`,
  ]
  return cells.join('  ')
}

async function restore(
  context: CommandContext,
  { name, number }: { name: string; number: number },
): Promise<number> {
  const { output } = context
  const restored = await openProjectFor(context).restore(name, number)
  output.event({ type: 'restored', asset: name, number, ...restored })
  output.line(
    `Earlier picture ${number} is now ${restored.path}. \`limn generate\` derives its files.`,
  )
  const next = describeNext(restored, name)
  if (next !== undefined) output.line(next)
  return 0
}

/** Says what the manifest would require instead of a picture that is kept. */
function describeNext({ state, required, currency }: Restored, name: string): string | undefined {
  if (state === 'adopted') return 'Its request is unknown: it counts as adopted.'
  if (state !== 'pinned') return undefined
  if (required === null) return `It is pinned; \`limn pin ${name} --off\` unpins it.`
  const price = required.kind === 'generate' ? formatUsd(required.usd, currency) : '$0'
  return `It is pinned. The manifest describes another picture (${describeStep(required)}, ${price}): \`limn pin ${name} --off\` follows the manifest again.`
}

/** @throws LimnError `usage` */
function parseNumber(name: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 1) return number
  throw new LimnError(
    'usage',
    `limn restore requires the number of an earlier picture, but received "${text}".`,
    { hint: `\`limn restore ${name}\` lists them.` },
  )
}
