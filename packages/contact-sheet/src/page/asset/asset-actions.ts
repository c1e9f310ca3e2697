import type { AssetView } from '../../protocol.ts'

/** What a person can do with an asset, the most likely first. */
export type AssetAction =
  | 'generate'
  | 'derive'
  | 'regenerate'
  | 'pick'
  | 'edit'
  | 'focus'
  | 'compare'
  | 'mask'
  | 'adopt'
  | 'pin'
  | 'unpin'

/** Returns the action that the state of an asset calls for; `null` if it is up to date. */
export function nextAction({ asset }: AssetView): AssetAction | null {
  if (asset.step?.kind === 'derive') return 'derive'
  if (asset.need === 'run') return 'generate'
  return null
}

/** Returns everything else that is possible now. */
export function otherActions(view: AssetView): AssetAction[] {
  const { asset, earlier, made, editable, noMask, edits } = view
  const hasPicture = made !== null || !asset.isDraft
  const isGenerated = editable.prompt !== null || view.prompt.length > 0
  return [
    ...(earlier.some(({ origin, isMaster }) => origin === 'candidate' && !isMaster)
      ? (['pick'] as const)
      : []),
    'edit',
    ...(view.outputs.some(({ fit }) => fit === 'cover') ? (['focus'] as const) : []),
    ...(isGenerated && view.models.length > 0 ? (['compare'] as const) : []),
    ...(noMask === null && (edits !== null || hasPicture) ? (['mask'] as const) : []),
    'adopt',
    ...(isGenerated && hasPicture && asset.need !== 'run' ? (['regenerate'] as const) : []),
    ...(hasPicture ? [asset.isPinned ? ('unpin' as const) : ('pin' as const)] : []),
  ]
}
