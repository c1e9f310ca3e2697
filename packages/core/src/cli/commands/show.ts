import { posix } from 'node:path'
import type { MasterRecord } from '../../lock/lock.ts'
import { formatUsd } from '../../models/cost.ts'
import { describeStep } from '../../plan/describe-step.ts'
import { displayWidth, pad } from '../../plan/format-plan.ts'
import { candidatePaths } from '../../store/candidates.ts'
import type { CommandContext } from '../command.ts'
import { findAsset, openFrom } from '../open-project.ts'
import { kilobytes } from '../progress.ts'
import { minuteOf } from '../text.ts'

/**
 * `limn show NAME`: one asset whole. With `--json`, all that is on record: the proof of how it came
 * to be.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const project = openFrom(context)
  const { plan, snapshot } = await project.plan()
  const asset = findAsset(snapshot, args[0]!)
  const entry = snapshot.lock.assets.get(asset.name)
  const [step] = plan.steps.filter(
    (candidate) => candidate.asset === asset.name && candidate.kind !== 'prune',
  )
  const candidates =
    entry === undefined || entry.request.operation === 'source'
      ? []
      : candidatePaths(project.paths, { asset: asset.name, request: entry.request })
  output.event({ type: 'asset', asset, entry: entry ?? null, step: step ?? null, candidates })
  const row = (label: string, text: string): void =>
    output.line(`  ${output.paint('dim', label.padEnd(10))}  ${text}`)
  output.line(output.paint('bold', asset.name))
  if (asset.source === null) {
    row('prompt', asset.prompt)
    row(
      'asked',
      `${asset.model}, ${asset.size}, quality ${asset.quality}, background ${asset.background}`,
    )
  } else row('source', asset.source.path)
  row(
    'alt',
    asset.alt !== ''
      ? asset.alt
      : asset.isDecorative
        ? '(decorative)'
        : output.paint('warn', 'missing: say what it shows, or write `decorative: true`'),
  )
  row('state', step === undefined ? (entry?.master.state ?? 'generated') : describeStep(step))
  if (entry !== undefined) {
    const { master, made } = entry
    row(
      'master',
      `${master.path}  ${master.width}x${master.height}  ${kilobytes(master.bytes)}  sha256 ${master.sha256.slice(0, 12)}…`,
    )
    row(
      'made',
      [
        minuteOf(made.at),
        originOf(made),
        made.usd === undefined
          ? ''
          : `${formatUsd(made.usd, snapshot.manifest.currency)}${made.estimated === true ? ' (estimated)' : ''}`,
        made.requestId ?? '',
      ]
        .filter((text) => text !== '')
        .join('  '),
    )
    if (made.revisedPrompt !== undefined) row('revised', made.revisedPrompt)
  }
  for (const [index, path] of candidates.entries()) {
    row(
      index === 0 ? 'candidates' : '',
      `${path}${Number.parseInt(posix.basename(path), 10) === entry?.made.picked ? '  (the picture)' : ''}`,
    )
  }
  const fileWidth = Math.max(0, ...asset.outputs.map(({ file }) => displayWidth(file)))
  for (const [index, { file, width, height }] of asset.outputs.entries()) {
    const locked = entry?.outputs[file]
    const size = locked === undefined ? `${width}x${height}` : `${locked.width}x${locked.height}`
    row(
      index === 0 ? 'files' : '',
      `${pad(file, fileWidth)}  ${pad(size, 9)}  ${locked === undefined ? 'not made yet' : kilobytes(locked.bytes)}`,
    )
  }
  return 0
}

/** Who made a picture. */
function originOf({ provider }: MasterRecord): string {
  if (provider === 'adopted') return 'adopted'
  return provider === 'source' ? 'a picture of your own' : `by ${provider}`
}
