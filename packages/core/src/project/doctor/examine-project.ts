import { count } from '../../count.ts'
import { LimnError } from '../../errors.ts'
import { ManifestError } from '../../manifest/manifest-error.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import { formatUsd } from '../../models/cost.ts'
import { priceOfAsset } from '../../plan/price.ts'
import type { NamedRemote } from '../../remote/open-store.ts'
import type { Environment } from '../environment.ts'
import { namedRemote } from '../named-remote.ts'
import type { Project } from '../project.ts'
import { fail, type Finding, ok, type Section, warn } from './finding.ts'
import { examineMachine } from './machine.ts'
import { examineProvider } from './provider.ts'

type ProjectExam = {
  project: Project
  environment: Environment
  nodeVersion: string
  /** Returns a path as messages show it. */
  shown: (path: string) => string
  signal: AbortSignal
}

/**
 * Checks everything that a run needs: the machine, the manifest and each provider. Sends no request
 * that costs money. Yields a section as soon as it is complete.
 */
export async function* examineProject(exam: ProjectExam): AsyncGenerator<Section> {
  const { paths } = exam.project
  yield { title: 'This machine', findings: await examineMachine(paths, exam.nodeVersion) }
  const { manifest, findings } = await examineManifest(exam.project)
  yield { title: 'Manifest', findings }
  if (manifest === undefined) return
  yield* examineProviders(manifest, exam)
  const remote = namedRemote(manifest, exam.environment.env)
  if (remote !== undefined && !exam.signal.aborted) yield await examineStore(remote, exam)
}

async function examineStore(
  remote: NamedRemote,
  { project, environment, signal }: ProjectExam,
): Promise<Section> {
  const { examineRemote } = await import('./remote.ts')
  const access = { env: environment.env, requireConsent: project.requireConsent }
  const findings = await examineRemote({ remote, access, root: project.paths.root, signal })
  return { title: 'Remote store', findings }
}

async function* examineProviders(
  manifest: Manifest,
  { project, environment, shown, signal }: ProjectExam,
): AsyncGenerator<Section> {
  for (const [index, settings] of manifest.providers.entries()) {
    if (signal.aborted) return
    // oxlint-disable-next-line no-await-in-loop -- the sections come in the order of failover
    const findings = await examineProvider({
      settings,
      manifest,
      environment,
      access: { env: environment.env, requireConsent: project.requireConsent },
      root: project.paths.root,
      now: Date.now,
      shown,
      signal,
    })
    yield index === 0
      ? { title: `Provider ${settings.name}`, findings }
      : { title: `Provider ${settings.name} (failover)`, findings: findings.map(failAsWarning) }
  }
}

/** A run succeeds without the providers that it only fails over to. */
function failAsWarning(finding: Finding): Finding {
  return finding.state === 'fail' ? { ...finding, state: 'warn' } : finding
}

/** Checks whether the manifest can be read, and what one of its pictures costs. */
async function examineManifest(
  project: Project,
): Promise<{ manifest: Manifest | undefined; findings: Finding[] }> {
  const { shownManifest } = project.paths
  try {
    const { manifest, warnings } = await project.snapshot()
    const says = `${shownManifest}: ${count(manifest.assets.length, 'asset')}`
    const head =
      warnings.length === 0
        ? ok('manifest', says)
        : warn(
            'manifest',
            `${says}, ${count(warnings.length, 'warning')}`,
            `Run \`limn plan --verbose\` to see ${warnings.length === 1 ? 'it' : 'them'}.`,
          )
    return { manifest, findings: [head, ...examinePrice(manifest)] }
  } catch (error) {
    return { manifest: undefined, findings: [unreadableManifest(error, shownManifest)] }
  }
}

/** @throws the error itself unless it is about the manifest or the environment */
function unreadableManifest(error: unknown, shownManifest: string): Finding {
  if (error instanceof ManifestError) {
    const reason = error.message.replace(/^The manifest /, '').replace(/\.$/, '')
    return fail('manifest', `${shownManifest} ${reason}`, 'Run `limn plan` to see every mistake.')
  }
  if (error instanceof LimnError) {
    return fail('manifest', error.message.replace(/\.$/, ''), error.hint)
  }
  throw error
}

/** Estimates the price of the first generated picture. Sends no request. */
function examinePrice({ assets, models, currency }: Manifest): Finding[] {
  const asset = assets.find(({ source }) => source === null)
  if (asset === undefined) return []
  const usd = priceOfAsset({ ...asset, candidates: 1 }, models)
  const quality = asset.quality === 'auto' ? '' : `, ${asset.quality}`
  const picture = `${asset.name}, one picture of ${asset.size}${quality}, with ${asset.model}`
  return [
    usd === null
      ? warn(
          'price',
          `${picture}: unknown`,
          'Set `price` under `models` of the provider, so that budgets apply.',
        )
      : ok('price', `${picture}: ${formatUsd(usd, currency)}`),
  ]
}
