import { compareText } from '../digest.ts'
import type { FieldChange } from '../identity/request.ts'
import type { Lock } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import type { Cause } from './cause.ts'
import type { Plan, Reason, Step } from './plan.ts'
import { findPromptCauses } from './prompt-causes.ts'

/** A step that requests pictures. */
export type GenerateStep = Extract<Step, { kind: 'generate' }>

/** What the causes of a plan depend on. */
export type CauseContext = { assets: readonly Asset[]; lock: Pick<Lock, 'assets'> }

/** Finds why each asset of a plan is generated, by name. */
export function findCauses(
  { steps }: Pick<Plan, 'steps'>,
  { assets, lock }: CauseContext,
): ReadonlyMap<string, readonly Cause[]> {
  const stepByName = new Map(
    steps.flatMap((step) => (step.kind === 'generate' ? [[step.asset, step] as const] : [])),
  )
  const assetByName = new Map(
    assets.flatMap((asset) => (stepByName.has(asset.name) ? [[asset.name, asset] as const] : [])),
  )
  const causesByName = new Map<string, readonly Cause[]>()
  const causesOf = (step: GenerateStep): readonly Cause[] => {
    const known = causesByName.get(step.asset)
    if (known !== undefined) return known
    // An input that is made from the asset itself would be a cycle, which the manifest can't have.
    causesByName.set(step.asset, [])
    const causes = step.reasons.flatMap((reason) =>
      causesOfReason(reason, { step, asset: assetByName.get(step.asset), lock, sharedOf }),
    )
    causesByName.set(step.asset, uniqueCauses(causes))
    return causesByName.get(step.asset)!
  }
  const sharedOf = (input: string): readonly Cause[] => {
    const step = stepByName.get(input)
    const causes = step === undefined ? [] : causesOf(step)
    return causes.every(isShared) ? causes : []
  }
  for (const step of stepByName.values()) causesOf(step)
  return causesByName
}

type ReasonContext = Pick<CauseContext, 'lock'> & {
  step: GenerateStep
  asset: Asset | undefined
  /** The causes of an input that this plan generates, if other assets share all of them. */
  sharedOf: (input: string) => readonly Cause[]
}

function causesOfReason(reason: Reason, context: ReasonContext): readonly Cause[] {
  if (reason.code === 'new') return [{ kind: 'new' }]
  if (reason.code === 'forced') return [{ kind: 'forced' }]
  if (reason.code === 'request-changed') return causesOfChanges(reason.changes, context)
  if (reason.code !== 'input-changed') return [{ kind: 'missing' }]
  if (reason.inputs.length === 0) return [{ kind: 'input', name: null }]
  return reason.inputs.flatMap((name): readonly Cause[] => {
    const shared = context.sharedOf(name)
    return shared.length > 0 ? shared : [{ kind: 'input', name }]
  })
}

function causesOfChanges(
  changes: readonly FieldChange[],
  { step, asset, lock }: ReasonContext,
): readonly Cause[] {
  const isModelChanged = changes.some(({ field }) => field === 'model')
  return changes.flatMap((change): readonly Cause[] => {
    const { field, from, to } = change
    if (field === 'prompt') {
      return asset === undefined
        ? [{ kind: 'prompt', name: null }]
        : findPromptCauses(asset, { from: from ?? '', made: lock.assets.get(step.asset)?.made })
    }
    if (isConsequence(change, { asset, isModelChanged, isOnly: changes.length === 1 })) return []
    return [{ kind: 'setting', field, from, to, origin: asset?.settingOrigins[field] ?? null }]
  })
}

/** Whether a field changed only because another did: a size that Limn chose, or the new model's. */
function isConsequence(
  { field, from, to }: FieldChange,
  facts: { asset: Asset | undefined; isModelChanged: boolean; isOnly: boolean },
): boolean {
  if (facts.isOnly) return false
  if (field === 'size') return facts.asset?.isSizeAuto === true
  return field === 'quality' && facts.isModelChanged && (from === 'auto' || to === 'auto')
}

/** Whether a cause is one line of the manifest that several assets share. */
function isShared(cause: Cause): boolean {
  if (cause.kind === 'setting') return cause.origin !== null
  return cause.kind === 'variable' || (cause.kind === 'style' && cause.name !== null)
}

/** Returns each cause once, in an order that does not depend on the asset. */
function uniqueCauses(causes: readonly Cause[]): readonly Cause[] {
  const causeByText = new Map(causes.map((cause) => [JSON.stringify(cause), cause]))
  return [...causeByText]
    .sort(([a, one], [b, other]) => rankOf(one) - rankOf(other) || compareText(a, b))
    .map(([, cause]) => cause)
}

const kinds: readonly Cause['kind'][] = ['style', 'variable', 'prompt', 'input', 'setting']

function rankOf({ kind }: Cause): number {
  return kinds.indexOf(kind)
}
