import { join } from 'node:path'
import { compareText, hasDigest } from '../../digest.ts'
import { maxBytes, readInside } from '../../disk/read-inside.ts'
import { LimnError } from '../../errors.ts'
import { createJudge, type DescribeQuestion, type Judge } from '../../judge/judge.ts'
import type { AssetEdit } from '../../manifest/edit/edit-asset.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { JudgeRun } from '../../run/judge-run.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { removeSuggestion, type Suggestion, writeSuggestion } from '../../store/suggestions.ts'
import type { ProjectContext } from '../context.ts'
import { findAsset } from '../find-asset.ts'
import { runAsWriter, stopSignal } from '../run-as-writer.ts'
import type { Snapshot } from '../snapshot.ts'
import {
  type DescribePlan,
  examplesOf,
  planDescriptions,
  type PlannedDescription,
} from './plan-descriptions.ts'
import { writeAlts } from './write-alts.ts'

export type { DescribePlan } from './plan-descriptions.ts'

export type DescribeOptions = {
  /** Assets, or those below them. Default: all. */
  names?: readonly string[] | undefined
  /** The most that the run may cost, USD. Default: the price of the plan. */
  maxUsd?: number | undefined
  /** Called before anything is paid for. Throws if the price is not agreed to. */
  approve?: ((plan: DescribePlan, manifest: Manifest) => Promise<void>) | undefined
  /** Called with each alt text, once it is in the manifest. */
  onDescribed?: ((described: Described) => void) | undefined
  /** Starts nothing more, and finishes requests in flight. */
  signal?: AbortSignal | undefined
  /** Does not wait for requests in flight either. */
  quit?: AbortSignal | undefined
}

/** A suggested alt text. */
export type Described = { asset: string; alt: string }

export type DescribeResult = {
  plan: DescribePlan
  described: Described[]
  failed: { asset: string; error: unknown }[]
  /** USD spent. */
  usd: number
}

/** Failures that every other request would repeat. */
const LASTING: readonly string[] = [
  'provider/auth',
  'provider/no-key',
  'provider/no-consent',
  'provider/quota',
  'config/invalid',
  'budget/exceeded',
]

/**
 * Lets the judge suggest the alt texts of assets that have none, and writes them into the manifest,
 * marked as suggested. Alt texts that an earlier run paid for are written at no cost.
 *
 * @throws ManifestError; LimnError `asset/unknown`, `provider/no-key`, `provider/no-consent`,
 *   `store/…`, and what `approve` throws
 */
export async function describe(
  context: ProjectContext,
  options: DescribeOptions = {},
): Promise<DescribeResult> {
  const { paths, env, access } = context
  const { names = [], signal } = options
  const snapshot = await context.read()
  const { manifest } = snapshot
  const plan = planDescriptions(snapshot, { paths, names })
  const { server } = manifest.judge
  if (plan.requests.length > 0) {
    const { findKeyFailure } = await import('../../providers/openai/key.ts')
    const failure = findKeyFailure(server, env)
    if (failure !== undefined) throw failure
  }
  await options.approve?.(plan, manifest)
  if (plan.requests.length === 0 && plan.stored.length === 0) {
    return { plan, described: [], failed: [], usd: 0 }
  }
  if (plan.requests.length > 0) {
    const { requireProviderConsent } = await import('../../providers/key-access.ts')
    await requireProviderConsent(server, { access, root: paths.root })
  }
  return runAsWriter(context, { signal }, (session) =>
    describeAsWriter(context, plan, { ...options, signal: stopSignal(session, signal) }),
  )
}

async function describeAsWriter(
  context: ProjectContext,
  approved: DescribePlan,
  options: DescribeOptions,
): Promise<DescribeResult> {
  const { paths } = context
  const snapshot = await context.read()
  const agreed = new Set([...approved.requests, ...approved.stored].map(({ asset }) => asset))
  // Another process may have described some of them meanwhile.
  const now = planDescriptions(snapshot, { paths, names: options.names ?? [] })
  const requests = now.requests.filter(({ asset }) => agreed.has(asset))
  const suggestions = [...now.stored]
  const { failed, usd } = await requestAll(context, snapshot, {
    requests,
    options,
    plannedUsd: approved.usd,
    keep: async (suggestion) => {
      suggestions.push(suggestion)
      // If the disk is full, the manifest may still have room for it.
      await writeSuggestion(paths, suggestion).catch(() => {})
    },
  })
  const result: DescribeResult = {
    plan: { ...approved, ...now, requests },
    described: [],
    failed,
    usd,
  }
  suggestions.sort((a, b) => compareText(a.asset, b.asset))
  await writeSuggestions(context, suggestions, { result, onDescribed: options.onDescribed })
  return result
}

type Requested = {
  requests: readonly PlannedDescription[]
  options: DescribeOptions
  plannedUsd: number
  keep: (suggestion: Suggestion) => Promise<void>
}

async function requestAll(
  context: ProjectContext,
  snapshot: Snapshot,
  { requests, options, plannedUsd, keep }: Requested,
): Promise<Pick<DescribeResult, 'failed' | 'usd'>> {
  if (requests.length === 0) return { failed: [], usd: 0 }
  const { paths, env, access, clock, profile } = context
  const { manifest } = snapshot
  const { openJudgeRun } = await import('../../run/judge-run.ts')
  const lasting = new AbortController()
  const signal = AbortSignal.any([lasting.signal, ...(options.signal ? [options.signal] : [])])
  const { maxUsd } = options
  const run = openJudgeRun({ paths, env, manifest, plannedUsd, maxUsd, profile, clock, signal })
  const judge = createJudge(manifest.judge, { access, root: paths.root })
  const failed: DescribeResult['failed'] = []
  await Promise.all(
    requests.map(async (request) => {
      try {
        await describeOne(request, { run, judge, snapshot, paths, keep, quit: options.quit })
      } catch (error) {
        failed.push({ asset: request.asset, error })
        if (error instanceof LimnError && LASTING.includes(error.code)) lasting.abort()
      }
    }),
  )
  const { spent: usd } = run
  await run.close({ done: requests.length - failed.length, failed: failed.length })
  return { failed, usd }
}

type DescribeOne = {
  run: JudgeRun
  judge: Judge
  snapshot: Snapshot
  paths: ProjectPaths
  keep: Requested['keep']
  quit: AbortSignal | undefined
}

async function describeOne(
  { asset, path, picture, usd }: PlannedDescription,
  { run, judge, snapshot, paths, keep, quit }: DescribeOne,
): Promise<void> {
  const { ownPrompt: prompt } = findAsset(snapshot, asset)
  await run.ask({
    asset,
    operation: 'describe',
    usd,
    // Each picture is in memory only while it is asked about.
    send: async () => {
      const question: DescribeQuestion = {
        picture: readPicture(paths, path, picture),
        prompt,
        examples: examplesOf(snapshot),
      }
      return judge.describe(question, { signal: quit })
    },
    keep: ({ alt }) => keep({ version: 1, asset, picture, alt: withoutTemplates(alt) }),
  })
}

function readPicture({ root }: ProjectPaths, path: string, digest: string): Buffer {
  const bytes = readInside(root, join(root, path), maxBytes.picture)
  if (hasDigest(bytes, digest)) return bytes
  throw new LimnError('plan/stale', `${path} has changed in the meantime.`, {
    hint: 'Run the command again.',
  })
}

/** Braces of a model's text must not become a variable of the manifest. */
function withoutTemplates(alt: string): string {
  return alt.replace(/\{\{+/g, '{').replace(/\}\}+/g, '}')
}

/** Writes suggestions into the manifest, then forgets their files. */
async function writeSuggestions(
  context: ProjectContext,
  suggestions: readonly Suggestion[],
  { result, onDescribed }: { result: DescribeResult } & Pick<DescribeOptions, 'onDescribed'>,
): Promise<void> {
  const edits = new Map<string, AssetEdit>(
    suggestions.map(({ asset, alt }) => [asset, { alt, altSuggested: true }]),
  )
  const failures = await writeAlts(context, edits)
  for (const { asset, alt } of suggestions) {
    const error = failures.get(asset)
    if (error === undefined) {
      await removeSuggestion(context.paths, asset)
      result.described.push({ asset, alt })
      onDescribed?.({ asset, alt })
    } else result.failed.push({ asset, error: withText(error, alt) })
  }
}

/** Adds a text that was paid for to the error that prevented Limn from writing it. */
function withText(error: unknown, alt: string): unknown {
  if (!(error instanceof LimnError)) return error
  return new LimnError(error.code, `${error.message} The alt text is "${alt}".`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error.cause,
  })
}
