import { relative } from 'node:path'
import { LimnError } from '../../errors.ts'
import { ManifestError } from '../../manifest/manifest-error.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import { formatUsd } from '../../models/cost.ts'
import { pad } from '../../plan/format-plan.ts'
import { priceOfAsset } from '../../plan/price.ts'
import { openProject } from '../../project/project.ts'
import type { CommandContext } from '../command.ts'
import { fail, type Finding, ok, type Section, warn } from '../doctor/finding.ts'
import { examineMachine } from '../doctor/machine.ts'
import { examineProvider } from '../doctor/provider.ts'
import { readEnvironment } from '../environment.ts'
import type { Output } from '../output.ts'
import { projectOptions } from '../project-options.ts'
import { count } from '../text.ts'

const MARKS = {
  ok: ['add', '✓'],
  unknown: ['dim', '·'],
  warn: ['warn', '!'],
  fail: ['remove', '✗'],
} as const

/**
 * `limn doctor`: looks at everything that a run needs, and tells what is in its way. Asks nothing
 * that costs money.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output, cwd, env: own, signal } = context
  const project = openProject(projectOptions(context))
  const { paths } = project
  const sections: Section[] = []
  const show = (section: Section): void => {
    sections.push(section)
    print(section, output)
  }
  show({ title: 'This machine', findings: await examineMachine(paths, process.versions.node) })
  const { manifest, findings } = await examineManifest(project)
  show({ title: 'Manifest', findings })
  const environment = readEnvironment([...new Set([cwd, paths.root])], own)
  for (const [index, settings] of (manifest?.providers ?? []).entries()) {
    if (signal.aborted) break
    const shown = (path: string): string => relative(cwd, path) || path
    // oxlint-disable-next-line no-await-in-loop -- one after the other, so that the lines come in the order of failover
    const found = await examineProvider({
      settings,
      manifest: manifest!,
      environment,
      root: paths.root,
      now: Date.now,
      shown,
      signal,
    })
    // Without those that only take over, pictures can be made all the same.
    show({
      title: `Provider ${settings.name}${index === 0 ? '' : ', takes over'}`,
      findings:
        index === 0
          ? found
          : found.map((finding) =>
              finding.state === 'fail' ? { ...finding, state: 'warn' } : finding,
            ),
    })
  }
  const all = sections.flatMap(({ findings: found }) => found)
  const [broken, doubtful] = (['fail', 'warn'] as const).map(
    (state) => all.filter((finding) => finding.state === state).length,
  ) as [number, number]
  output.event({ type: 'done', broken, doubtful })
  output.line(
    broken + doubtful === 0
      ? 'All is well.'
      : `${[...(broken > 0 ? [count(broken, 'problem')] : []), ...(doubtful > 0 ? [`${count(doubtful, 'thing')} to look at`] : [])].join(', ')}.`,
  )
  return broken > 0 ? 1 : 0
}

/** Whether it can be read, and what one picture of it costs. */
async function examineManifest(
  project: ReturnType<typeof openProject>,
): Promise<{ manifest: Manifest | undefined; findings: Finding[] }> {
  const { shownManifest } = project.paths
  try {
    const { manifest, warnings } = await project.snapshot()
    const said = `${shownManifest}: ${count(manifest.assets.length, 'asset')}`
    const head =
      warnings.length === 0
        ? ok('manifest', said)
        : warn(
            'manifest',
            `${said}, ${count(warnings.length, 'warning')}`,
            `Run \`limn plan --verbose\` to see ${warnings.length === 1 ? 'it' : 'them'}.`,
          )
    return { manifest, findings: [head, ...examinePrice(manifest)] }
  } catch (error) {
    if (error instanceof ManifestError) {
      return {
        manifest: undefined,
        findings: [
          fail(
            'manifest',
            `${shownManifest} ${error.message.replace(/^The manifest /, '').replace(/\.$/, '')}`,
            'Run `limn plan` to see what it is.',
          ),
        ],
      }
    }
    if (error instanceof LimnError) {
      return {
        manifest: undefined,
        findings: [fail('manifest', error.message.replace(/\.$/, ''), error.hint)],
      }
    }
    throw error
  }
}

/** What the first picture of the manifest would cost: a dry sum, nothing is asked. */
function examinePrice({ assets, models, currency }: Manifest): Finding[] {
  const asset = assets.find(({ source }) => source === null)
  if (asset === undefined) return []
  const usd = priceOfAsset({ ...asset, candidates: 1 }, models)
  const what = `${asset.name}, one picture of ${asset.size}${asset.quality === 'auto' ? '' : `, ${asset.quality}`}, with ${asset.model}`
  if (usd === null) {
    return [
      warn(
        'price',
        `${what}: not known`,
        'Write `price` below `models` of the provider, so that budgets can hold.',
      ),
    ]
  }
  return [ok('price', `${what}: ${formatUsd(usd, currency)}`)]
}

function print({ title, findings }: Section, output: Output): void {
  for (const finding of findings) output.event({ type: 'finding', section: title, ...finding })
  output.line(`${output.paint('bold', title)}`)
  const width = Math.max(...findings.map(({ name }) => name.length))
  for (const { name, state, says, hint, list = [] } of findings) {
    const [colour, mark] = MARKS[state]
    output.line(`  ${output.paint(colour, mark)} ${pad(name, width)}  ${says}`)
    if (hint !== undefined) {
      output.line(`    ${' '.repeat(width)}  ${output.paint('dim', `→ ${hint}`)}`)
    }
    for (const { id, shutdown, isUsed } of list) {
      output.line(
        `    ${' '.repeat(width)}  ${isUsed ? output.paint('bold', `* ${id}`) : `  ${id}`}${shutdown === undefined ? '' : output.paint('dim', `, until ${shutdown}`)}`,
      )
    }
  }
  output.line()
}
