import { LimnError } from '../errors.ts'
import type { PlanResult } from '../project/options.ts'
import { hasWork } from '../project/plan-steps.ts'
import { limnVersion } from '../version.ts'
import type { CommandContext } from './command.ts'
import { openProjectFor } from './open-project.ts'

/** A command without `limn`, and what it does. */
type Suggestion = readonly [command: string, effect: string]

/** Runs `limn` without a command: says what to do next in this folder. */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context
  if (output.json) {
    throw new LimnError('usage', '--json requires a command.', {
      hint: 'Run `limn --help` to see the commands.',
    })
  }
  output.line(output.paint('bold', `limn ${limnVersion()}`))
  output.line()
  const suggestions = (await summarize(context)).map(([command, effect]): Suggestion => {
    // Only commands in backticks are named as the user runs them.
    const named = output.nameCommands(`\`limn ${command}\``).slice(1, -1)
    return [named, effect]
  })
  output.line()
  const width = Math.max(...suggestions.map(([command]) => command.length))
  for (const [command, effect] of suggestions) {
    output.line(`  ${output.paint('bold', command.padEnd(width))}  ${output.paint('dim', effect)}`)
  }
  return 0
}

/** Prints where the project stands, and returns what to do next. */
async function summarize(context: CommandContext): Promise<Suggestion[]> {
  const { output } = context
  const help: Suggestion = ['--help', 'lists all commands']
  let result: PlanResult
  try {
    result = await openProjectFor(context).plan()
  } catch (error) {
    if (!(error instanceof LimnError) || error.code !== 'manifest/not-found') throw error
    output.line('This folder has no images.yaml yet.')
    return [['init', 'sets up this project; shows the changes and asks first'], help]
  }
  const { summarizePlan } = await import('../project/plan-text.ts')
  for (const line of summarizePlan(result.plan, result.currency)) output.line(line)
  return [
    ...(hasWork(result.plan) ? whenPending : whenDone),
    ['ui', 'shows every picture, its history and its cost'],
    help,
  ]
}

const whenPending: readonly Suggestion[] = [
  ['generate', 'executes the plan; asks before it may spend more than the manifest allows'],
  ['plan', 'shows each step with its reason and its price'],
]
const whenDone: readonly Suggestion[] = [
  ['watch', 'generates while you edit images.yaml'],
  ['list', 'shows the state of every picture'],
]
