import type { Edit, EditPreview } from '@limn/contact-sheet'
import { explainStep } from '../../plan/describe-step.ts'
import type { Step } from '../../plan/plan.ts'
import { priceOfStep } from '../../plan/steps.ts'
import { describeDiagnostic } from './call-error.ts'
import type { SheetContext } from './context.ts'
import { toSheetReasons } from './sheet-reasons.ts'

/** Returns what an edit would do, as the page shows it. */
export async function previewEdit(
  { host }: SheetContext,
  { name, ...edit }: Edit,
): Promise<EditPreview> {
  const { diff, mistakes, others, steps, usd, digest } = await host.project.previewEdit(name, edit)
  return {
    diff,
    mistakes: mistakes.map(describeDiagnostic),
    others,
    steps: steps.map((step) => ({
      asset: step.asset,
      kind: step.kind,
      why: explainStep(step),
      reasons: toSheetReasons(step.reasons),
      usd: priceOfStep(step),
    })),
    usd,
    derived: steps.reduce((sum, step) => sum + countDerived(step), 0),
    digest,
  }
}

function countDerived(step: Step): number {
  return step.kind === 'derive' || step.kind === 'move' ? step.outputs.length : 0
}
