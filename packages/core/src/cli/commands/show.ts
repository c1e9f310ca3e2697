import { formatUsd } from '../../models/cost.ts'
import { describe } from '../../plan/format.ts'
import type { CommandContext } from '../command.ts'
import { findAsset, openFrom } from '../open.ts'
import { kilobytes } from '../progress.ts'

/** `limn show NAME`: one asset whole. With `--json`, all that is on record: the proof of how it came to be. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const { plan, snapshot } = await openFrom(context).plan()
  const asset = findAsset(snapshot, args[0]!)
  const entry = snapshot.lock.assets.get(asset.name)
  const [step] = plan.steps.filter((candidate) => candidate.asset === asset.name && candidate.kind !== 'prune')
  output.event({ type: 'asset', asset, entry: entry ?? null, step: step ?? null })
  const row = (label: string, text: string): void => output.line(`  ${output.paint('dim', label.padEnd(9))} ${text}`)
  output.line(output.paint('bold', asset.name))
  if (asset.source === null) {
    row('prompt', asset.prompt)
    row('asked', `${asset.model}, ${asset.size}, quality ${asset.quality}, background ${asset.background}`)
  } else row('source', asset.source.path)
  row('alt', asset.alt === '' ? '(decorative)' : asset.alt)
  row('state', step === undefined ? (entry?.master.state ?? 'generated') : describe(step))
  if (entry !== undefined) {
    const { master, made } = entry
    row('master', `${master.path}  ${master.width}x${master.height}  ${kilobytes(master.bytes)}  sha256 ${master.sha256.slice(0, 12)}…`)
    row('made', [made.at, `by ${made.provider}`, made.usd === undefined ? '' : `${formatUsd(made.usd, snapshot.manifest.currency)}${made.estimated === true ? ' (estimated)' : ''}`, made.requestId ?? ''].filter((text) => text !== '').join('  '))
    if (made.revisedPrompt !== undefined) row('revised', made.revisedPrompt)
  }
  for (const [index, { file, width, height }] of asset.outputs.entries()) {
    const locked = entry?.outputs[file]
    row(index === 0 ? 'files' : '', locked === undefined ? `${file}  ${width}x${height}  not made yet` : `${file}  ${locked.width}x${locked.height}  ${kilobytes(locked.bytes)}`)
  }
  return 0
}
