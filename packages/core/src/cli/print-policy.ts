import { count } from '../count.ts'
import { diagnosticLines } from '../diagnostic.ts'
import type { PolicyResult } from '../project/policy/find-findings.ts'
import { isFailing, type PolicyFinding } from '../project/policy/finding.ts'
import type { Output } from './output.ts'

/** Findings of one kind to print without `--verbose`. */
const MOST = 10

/** Prints what breaks the policies of the manifest, and what of it is acknowledged. */
export function printPolicy(
  { findings, notChecked }: PolicyResult,
  output: Pick<Output, 'line' | 'paint' | 'problem' | 'verbose'>,
): void {
  const groups = new Map<string, PolicyFinding[]>()
  for (const finding of findings) {
    if (finding.acknowledged !== null) continue
    const group = groups.get(finding.code)
    if (group === undefined) groups.set(finding.code, [finding])
    else group.push(finding)
  }
  for (const [code, group] of groups) {
    const shown = output.verbose ? group : group.slice(0, MOST)
    for (const finding of shown) output.problem(diagnosticLines(finding))
    const left = group.length - shown.length
    if (left > 0) {
      output.problem(
        `${count(left, 'more finding')} of ${code}: --verbose shows ${left === 1 ? 'it' : 'them'}.`,
      )
    }
  }
  const failing = findings.filter(isFailing).length
  if (failing > 0) {
    output.problem(`${count(failing, 'finding')} against the policies of the manifest.`)
  }
  printAcknowledged(findings, output)
  if (notChecked.includes('cost')) {
    output.line(
      output.paint('dim', 'The policy maxCost was not checked: pass the base with --base REF.'),
    )
  }
}

function printAcknowledged(
  findings: readonly PolicyFinding[],
  output: Pick<Output, 'line' | 'paint' | 'verbose'>,
): void {
  const accepted = findings.filter(({ acknowledged }) => acknowledged !== null)
  if (accepted.length === 0) return
  output.line(output.paint('dim', `${count(accepted.length, 'finding')} acknowledged.`))
  if (!output.verbose) return
  for (const { code, message, acknowledged } of accepted) {
    output.line(output.paint('dim', `  ${code} ${message} Reason: ${acknowledged}`))
  }
}
