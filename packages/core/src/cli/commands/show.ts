import { posix } from 'node:path'
import { formatPlace } from '../../diagnostic.ts'
import { formatUsd } from '../../models/cost.ts'
import { formatBytes } from '../../project/byte-text.ts'
import {
  adviseOn,
  currentVerdicts,
  describeStep,
  displayWidth,
  nameOfTest,
  pad,
  stateWord,
} from '../../project/plan-text.ts'
import type { AssetDetails } from '../../project/show.ts'
import type { Asset, MasterRecord } from '../../project/types.ts'
import { toOneLine } from '../../safe-text.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'
import { formatMinute } from '../text.ts'

type Row = [label: string, text: string]

/** Runs `limn show NAME`: prints everything that is recorded about an asset. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const details = await openProjectFor(context).show(args[0]!)
  const { asset, entry, step, candidates, faults } = details
  output.event({
    type: 'asset',
    asset,
    entry: entry ?? null,
    step: step ?? null,
    candidates,
    faults,
  })
  output.line(output.paint('bold', asset.name))
  const rows = [
    ...requestRows(asset),
    altRow(asset, output),
    ...dataRows(asset),
    ...stateRows(details),
    ...masterRows(details),
    ...verdictRows(details, output),
    ...candidateRows(details),
    ...fileRows(details),
  ]
  for (const [label, text] of rows) {
    const [first, ...others] = text.split('\n')
    output.line(`  ${output.paint('dim', label.padEnd(10))}  ${first}`)
    // A prompt of several lines: the mark shows that these are not lines of Limn's own.
    for (const line of others) output.line(`${' '.repeat(12)}│ ${line}`)
  }
  return 0
}

function requestRows({ source, prompt, model, size, quality, background }: Asset): Row[] {
  if (source !== null) return [['source', source.path]]
  return [
    ['prompt', prompt],
    ['request', `${model}, ${size}, quality ${quality}, background ${background}`],
  ]
}

function altRow({ alt, isDecorative }: Asset, { paint }: Output): Row {
  if (alt !== '') return ['alt', alt]
  return [
    'alt',
    isDecorative
      ? '(decorative)'
      : paint('warn', 'missing: describe the picture, or set `decorative: true`'),
  ]
}

/** Returns where the row of data is that the asset comes from. */
function dataRows({ row }: Asset): Row[] {
  return row === null ? [] : [['data', formatPlace(row)]]
}

function stateRows({ step, entry, faults }: AssetDetails): Row[] {
  const wrong = faults.map(({ message }) => message).join('; ')
  const isTampered = step === undefined && wrong !== ''
  const advice = [
    ...(step === undefined ? [] : adviseOn([step])),
    ...new Set(faults.map(({ hint }) => hint)),
  ]
  return [
    ['state', isTampered ? `tampered: ${wrong}` : stateOf({ step, entry })],
    ...(step === undefined || wrong === '' ? [] : [['wrong', wrong] satisfies Row]),
    ...advice.map((sentence) => ['to do', sentence] satisfies Row),
  ]
}

function stateOf({ step, entry }: Pick<AssetDetails, 'step' | 'entry'>): string {
  return step === undefined ? stateWord(step, entry?.master.state) : describeStep(step)
}

function masterRows({ entry, currency }: AssetDetails): Row[] {
  if (entry === undefined) return []
  const { master, made } = entry
  const estimated = made.estimated === true ? ' (estimated)' : ''
  const origin = [
    formatMinute(made.at),
    originOf(made),
    ...(made.usd === undefined ? [] : [`${formatUsd(made.usd, currency)}${estimated}`]),
    ...(made.requestId === undefined ? [] : [made.requestId]),
  ]
  return [
    [
      'master',
      `${master.path}  ${master.width}x${master.height}  ${formatBytes(master.bytes)}  sha256 ${master.sha256.slice(0, 12)}…`,
    ],
    ['made', origin.filter((text) => text !== '').join('  ')],
    ...(made.sentPrompt === undefined ? [] : [['sent', made.sentPrompt] satisfies Row]),
    ...(made.revisedPrompt === undefined ? [] : [['revised', made.revisedPrompt] satisfies Row]),
  ]
}

/** The verdicts about the master, unless they are about an earlier one. */
function verdictRows({ entry }: AssetDetails, { paint }: Output): Row[] {
  return currentVerdicts(entry).map((verdict, index) => {
    const mark = verdict.passed ? paint('add', '✓') : paint('warn', '✗')
    const text = `${mark} ${nameOfTest(verdict)}: ${toOneLine(verdict.reason)}`
    return [index === 0 ? 'verdicts' : '', text]
  })
}

/** Returns the origin of a picture. */
function originOf({ provider }: MasterRecord): string {
  if (provider === 'adopted') return 'adopted'
  if (provider === 'sheet') return 'split from its sheet'
  return provider === 'source' ? 'your own picture' : `by ${provider}`
}

function candidateRows({ candidates, entry }: AssetDetails): Row[] {
  return candidates.map((path, index) => {
    const isMaster = Number.parseInt(posix.basename(path), 10) === entry?.made.picked
    return [index === 0 ? 'candidates' : '', `${path}${isMaster ? '  (the master)' : ''}`]
  })
}

function fileRows({ asset, entry }: AssetDetails): Row[] {
  const width = Math.max(0, ...asset.outputs.map(({ file }) => displayWidth(file)))
  return asset.outputs.map((output, index) => {
    const locked = entry?.outputs[output.file]
    const { width: w, height: h } = locked ?? output
    const bytes = locked === undefined ? 'not derived yet' : formatBytes(locked.bytes)
    return [
      index === 0 ? 'files' : '',
      `${pad(output.file, width)}  ${pad(`${w}x${h}`, 9)}  ${bytes}`,
    ]
  })
}
