import type { SheetReason } from '@limn/contact-sheet'
import { describePointer } from '../../disk/pointer-file.ts'
import { nameOfTest } from '../../plan/describe-step.ts'
import type { Reason } from '../../plan/plan.ts'

/** Most values of a reason that the page receives. */
const MAX_VALUES = 50

/** Returns reasons as the page translates them: without prompts, and with few names of a long list. */
export function toSheetReasons(reasons: readonly Reason[]): SheetReason[] {
  return reasons.map((reason) => ({
    code: reason.code,
    values: valuesOf(reason).slice(0, MAX_VALUES),
  }))
}

function valuesOf(reason: Reason): string[] {
  switch (reason.code) {
    case 'request-changed':
      return reason.changes.map(({ field }) => field)
    case 'input-changed':
    case 'blocked':
    case 'waits-for-batch':
      return reason.inputs
    case 'renamed':
      return [reason.from]
    case 'picked':
      return [String(reason.candidate)]
    case 'outputs-added':
    case 'outputs-changed':
      return reason.presets
    case 'outputs-missing':
      return [String(reason.files)]
    case 'compared-changed':
      return reason.assets
    case 'not-passed':
      return reason.failed.map(nameOfTest)
    case 'outputs-altered':
    case 'outputs-not-asked':
      return reason.files
    case 'paid-for':
      return [reason.provider]
    case 'kept-missing':
      return [reason.state]
    case 'untracked':
    case 'link':
      return [reason.path]
    case 'not-downloaded':
      return [reason.path, describePointer(reason.pointer, reason.path).fix]
    case 'in-batch':
      return [reason.since]
    default:
      return []
  }
}
