import { relative } from 'node:path'
import { count } from '../../count.ts'
import { examineProject } from '../../project/doctor/examine-project.ts'
import type { Finding, Section } from '../../project/doctor/finding.ts'
import { readEnvironment } from '../../project/environment.ts'
import { pad } from '../../project/plan-text.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'
import { textOption } from '../project-options.ts'

const MARKS = {
  ok: ['add', '✓'],
  unknown: ['dim', '·'],
  warn: ['warn', '!'],
  fail: ['remove', '✗'],
} as const

/** Runs `limn doctor`: checks everything that a run needs, without a request that costs money. */
export async function run(context: CommandContext): Promise<number> {
  const { output, cwd, env, options, signal } = context
  const findings: Finding[] = []
  for await (const section of examineProject({
    project: openProjectFor(context),
    environment: readEnvironment({ cwd, manifest: textOption(options, 'manifest') }, env),
    nodeVersion: process.versions.node,
    shown: (path) => relative(cwd, path) || path,
    signal,
  })) {
    findings.push(...section.findings)
    printSection(section, output)
  }
  const [broken, doubtful] = [countOf(findings, 'fail'), countOf(findings, 'warn')]
  output.event({ type: 'done', broken, doubtful })
  output.line(summarize(broken, doubtful))
  return broken > 0 ? 1 : 0
}

function countOf(findings: readonly Finding[], state: Finding['state']): number {
  return findings.filter((finding) => finding.state === state).length
}

/** `2 problems, 1 warning.` */
function summarize(broken: number, doubtful: number): string {
  if (broken + doubtful === 0) return 'No problems found.'
  const parts = [
    ...(broken > 0 ? [count(broken, 'problem')] : []),
    ...(doubtful > 0 ? [count(doubtful, 'warning')] : []),
  ]
  return `${parts.join(', ')}.`
}

function printSection({ title, findings }: Section, output: Output): void {
  for (const finding of findings) output.event({ type: 'finding', section: title, ...finding })
  output.line(output.paint('bold', title))
  const width = Math.max(...findings.map(({ name }) => name.length))
  for (const finding of findings) printFinding(finding, width, output)
  output.line()
}

function printFinding(
  { name, state, says, hint, list = [] }: Finding,
  width: number,
  output: Output,
): void {
  const [colour, mark] = MARKS[state]
  const indent = ' '.repeat(width + 6)
  output.line(`  ${output.paint(colour, mark)} ${pad(name, width)}  ${says}`)
  if (hint !== undefined) output.line(`${indent}${output.paint('dim', `→ ${hint}`)}`)
  for (const { id, shutdown, isUsed } of list) {
    const model = isUsed ? output.paint('bold', `* ${id}`) : `  ${id}`
    const until = shutdown === undefined ? '' : output.paint('dim', `, until ${shutdown}`)
    output.line(`${indent}${model}${until}`)
  }
}
