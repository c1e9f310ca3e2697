import { basename } from 'node:path'
import type { CheckProblem, CheckResult } from '../../project/check.ts'
import type { EmitState } from '../../project/emit/emit-pictures.ts'
import { adviseOn, describeStep, groupSteps, pad, widest } from '../../project/plan-text.ts'
import { isFailing } from '../../project/policy/finding.ts'
import type { ProjectPaths } from '../../project/types.ts'
import { createAnnotate } from '../annotate.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'
import { printPolicy } from '../print-policy.ts'
import { textOption } from '../project-options.ts'
import { describeSuggestedAlts } from '../suggested-alts.ts'

/**
 * Runs `limn check`: offline, without a key. Fails if the repo does not match the manifest, or
 * breaks its policies.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output, options } = context
  const annotate = createAnnotate(context)
  const project = openProjectFor(context)
  const result = await project.check({ withPolicy: true, base: textOption(options, 'base') })
  const { problems, faults, unknown, policy, emit, snapshot } = result
  const assets = snapshot.manifest.assets.length
  const isEmitted = emit === null || emit.state === 'current'
  const isUpToDate = problems.length === 0 && faults.length === 0 && isEmitted
  const isClean = isUpToDate && !policy.findings.some(isFailing)
  output.event({ type: 'checked', ok: isClean, assets, problems, faults, unknown, emit, ...policy })
  for (const finding of policy.findings) if (finding.acknowledged === null) annotate(finding)
  printFaults(result, output)
  if (emit !== null) printEmitted(emit, output)
  printPolicy(policy, output)
  const suggested = describeSuggestedAlts(snapshot.manifest)
  if (suggested !== undefined) output.line(output.paint('dim', suggested))
  if (problems.length > 0) {
    printProblems(problems, output)
    output.problem('')
    output.problem(summarizeProblems(problems.length, assets))
    for (const sentence of adviceFor(problems, project.paths)) output.problem(sentence)
  } else if (isUpToDate) printClean(result, output)
  return isClean ? 0 : 1
}

/** Prints faults of the lockfile, and what only the lockfile has. */
function printFaults({ faults, unknown }: CheckResult, output: Output): void {
  for (const { asset, message, hint } of faults) {
    output.problem([`  ✗ ${asset === null ? '' : `${asset}: `}${message}`, `    → ${hint}`])
  }
  if (unknown.length > 0) {
    output.line(
      output.paint(
        'dim',
        `In images.lock but not in the manifest (limn prune): ${unknown.join(', ')}.`,
      ),
    )
  }
}

/** Why an emitted module is not as it should be, and what to do, by its state. */
const emitTexts = {
  outdated: ['is out of date.', 'Run `limn generate`, then commit it.'],
  missing: ['is missing.', 'Run `limn generate`, then commit it.'],
  foreign: ['is not a file that Limn wrote.', 'Move it away, or name another file in `emit`.'],
} as const

function printEmitted({ file, state }: EmitState, output: Output): void {
  if (state === 'current') return
  const [problem, advice] = emitTexts[state]
  output.problem([`  ✗ ${file} ${problem}`, `    → ${advice}`])
}

function printProblems(problems: readonly CheckProblem[], output: Output): void {
  const rows = groupSteps(
    problems.map(({ step }) => step),
    output,
  )
  const width = widest(rows.map(({ name }) => name))
  for (const { name, why } of rows) output.problem(`  ✗ ${pad(name, width)}  ${why}`)
}

function printClean({ plan, snapshot: { manifest, lock } }: CheckResult, output: Output): void {
  const assets = manifest.assets.length
  output.line(
    assets === 1
      ? 'The only picture matches the manifest and the lockfile.'
      : `All ${assets} pictures match the manifest and the lockfile.`,
  )
  for (const step of plan.steps.filter(({ kind }) => kind === 'keep')) {
    output.line(output.paint('dim', `  ${step.asset}  ${describeStep(step)}`))
  }
  const adopted = [...lock.assets].flatMap(([name, { master }]) =>
    master.state === 'adopted' ? [name] : [],
  )
  if (adopted.length > 0) {
    output.line(
      output.paint('dim', `Edited or supplied by hand and adopted: ${adopted.join(', ')}.`),
    )
  }
}

/** `The only picture does not match the manifest.`, `2 of 3 pictures do not match the manifest.` */
function summarizeProblems(wrong: number, all: number): string {
  if (all === 1) return 'The only picture does not match the manifest.'
  return `${wrong} of ${all} pictures ${wrong === 1 ? 'does' : 'do'} not match the manifest.`
}

/** Returns what to do about problems, one sentence each. */
function adviceFor(problems: readonly CheckProblem[], { lock, masters }: ProjectPaths): string[] {
  return [
    ...adviseOn(problems.map(({ step }) => step)),
    `Then commit ${basename(lock)} and ${masters}/. \`limn plan\` shows the changes.`,
  ]
}
