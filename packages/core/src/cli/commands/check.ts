import { basename } from 'node:path'
import { isInBatch } from '../../plan/batch-eligibility.ts'
import { describeStep } from '../../plan/describe-step.ts'
import { displayWidth, pad } from '../../plan/format-plan.ts'
import type { CheckProblem } from '../../project/project.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import type { CommandContext } from '../command.ts'
import { openFrom } from '../open-project.ts'

/**
 * `limn check`: offline, no key, writes nothing. Fails where the repo is not as the manifest wants
 * it.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context
  const project = openFrom(context)
  const { problems, faults, unknown, snapshot } = await project.check()
  output.event({
    type: 'checked',
    ok: problems.length === 0 && faults.length === 0,
    assets: snapshot.manifest.assets.length,
    problems,
    faults,
    unknown,
  })
  for (const { asset, message, hint } of faults) {
    output.problem(`  ✗ ${asset === null ? '' : `${asset}: `}${message}\n    → ${hint}`)
  }
  if (unknown.length > 0) {
    output.line(
      output.paint(
        'dim',
        `In images.lock, and not in the manifest (limn prune): ${unknown.join(', ')}.`,
      ),
    )
  }
  const adopted = [...snapshot.lock.assets]
    .filter(([, { master }]) => master.state === 'adopted')
    .map(([name]) => name)
  if (problems.length === 0 && faults.length > 0) return 1
  if (problems.length === 0) {
    const count = snapshot.manifest.assets.length
    output.line(
      count === 1
        ? 'The one picture is as the manifest and the lock want it.'
        : `All ${count} pictures are as the manifest and the lock want them.`,
    )
    if (adopted.length > 0) {
      output.line(
        output.paint('dim', `Edited or brought by hand, and adopted: ${adopted.join(', ')}.`),
      )
    }
    return 0
  }
  const width = Math.max(...problems.map(({ asset }) => displayWidth(asset)))
  for (const { asset, step } of problems) {
    output.problem(`  ✗ ${pad(asset, width)}  ${describeStep(step)}`)
  }
  output.problem('')
  output.problem(
    `${whichAreWrong(problems.length, snapshot.manifest.assets.length)} not as the manifest wants. ${adviceFor(problems, project.paths)}`,
  )
  return 1
}

/** `The one picture is`, `1 of 3 pictures is`. */
function whichAreWrong(wrong: number, all: number): string {
  if (all === 1) return 'The one picture is'
  return `${wrong} of ${all} pictures ${wrong === 1 ? 'is' : 'are'}`
}

/** What to do about it. */
function adviceFor(problems: readonly CheckProblem[], { lock, masters }: ProjectPaths): string {
  const commit = `commit ${basename(lock)} and ${masters}/`
  const kept = problems.filter(({ step }) => step.kind === 'keep')
  const isAsked = kept.every(({ step }) => isInBatch(step))
  if (kept.length < problems.length) {
    return `Run \`limn generate\`${isAsked ? '' : ', and `limn adopt NAME` or git for what is kept'}; then ${commit}. \`limn plan\` says why.`
  }
  return isAsked
    ? `Run \`limn generate\` once their batch is done; then ${commit}.`
    : `Accept what is there with \`limn adopt NAME\`, or take it back with git; then ${commit}.`
}
