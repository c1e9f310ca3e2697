import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import type { Machine } from './machine.ts'

type Step = {
  name?: string
  id?: string
  if?: string
  uses?: string
  with?: Record<string, unknown>
  run?: string
  env?: Record<string, string>
}

type Job = {
  needs?: string | string[]
  if?: string
  strategy?: { 'fail-fast'?: boolean; matrix?: Record<string, unknown[]> }
  steps: Step[]
}

type Workflow = { jobs: Record<string, Job> }

/** The documented keys, of which the recipes may use any. */
const KEYS = {
  workflow: 'name run-name on permissions env defaults concurrency jobs',
  job: 'name permissions needs if runs-on environment concurrency outputs env defaults steps timeout-minutes strategy continue-on-error container services uses with secrets',
  step: 'id if name uses run working-directory shell with env continue-on-error timeout-minutes',
  strategy: 'matrix fail-fast max-parallel',
  permissions:
    'actions attestations checks contents deployments discussions id-token issues packages pages pull-requests security-events statuses',
  concurrency: 'group cancel-in-progress',
} as const

/** The inputs of the actions that the recipes use, from their documentation. */
const INPUTS: Readonly<Record<string, string>> = {
  'actions/checkout': 'repository ref token ssh-key path clean filter fetch-depth fetch-tags lfs',
  'actions/setup-node': 'node-version node-version-file cache cache-dependency-path registry-url',
  'actions/upload-artifact':
    'name path if-no-files-found retention-days compression-level overwrite include-hidden-files',
  'actions/download-artifact': 'name path pattern merge-multiple artifact-ids',
}

/** Parses a workflow. Throws for keys and inputs that GitHub does not document. */
export function parseWorkflow(text: string): Workflow {
  const workflow = parse(text) as Workflow & Record<string, object>
  requireKeys('workflow', workflow)
  for (const key of ['permissions', 'concurrency'] as const) {
    if (typeof workflow[key] === 'object') requireKeys(key, workflow[key])
  }
  for (const job of Object.values(workflow.jobs)) {
    requireKeys('job', job)
    requireKeys('strategy', job.strategy ?? {})
    for (const step of job.steps) {
      requireKeys('step', step)
      const action = step.uses?.split('@')[0]
      if ((action === undefined) === (step.run === undefined)) throw new Error('run or uses')
      if (action === undefined) continue
      for (const input of Object.keys(step.with ?? {})) {
        if (INPUTS[action]?.split(' ').includes(input) !== true) {
          throw new Error(`${action} has no input ${input}.`)
        }
      }
    }
  }
  return workflow
}

function requireKeys(kind: keyof typeof KEYS, value: object): void {
  const unknown = Object.keys(value).filter((key) => !KEYS[kind].split(' ').includes(key))
  if (unknown.length > 0) throw new Error(`A ${kind} has no key ${unknown.join(', ')}.`)
}

/** What a workflow runs with. */
export type Event = {
  /** A repository without a working tree that the jobs clone. */
  origin: string
  /** The branch that has started the workflow, and its commit then. Default: its tip. */
  branch: string
  sha?: string
  machine: Machine
  /** An empty folder for workspaces and artifacts. */
  folder: string
  /** Values of expressions: `github.ref_name`, `secrets.OPENAI_API_KEY`. */
  values: Readonly<Record<string, string>>
  /** Variables that GitHub sets, and those of the test. */
  env: Readonly<Record<string, string>>
}

/** How each job ended, and what it printed. Jobs of a matrix are named `generate (2)`. */
export type JobResults = Record<string, { ok: boolean; output: string; workspace: string }>

/** Runs the jobs of a workflow, one after the other. */
export async function runWorkflow(workflow: Workflow, event: Event): Promise<JobResults> {
  const results: JobResults = {}
  const okByJob: Record<string, boolean> = {}
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const needs = [job.needs ?? []].flat()
    const isFailed = needs.some((need) => okByJob[need] !== true)
    if (!isTrue(job.if, { isFailed, values: event.values })) continue
    okByJob[name] = true
    for (const combination of combine(job.strategy?.matrix ?? {})) {
      const id = [name, ...Object.values(combination).map((value) => `(${value})`)].join(' ')
      const values = { ...event.values, ...prefixed('matrix', combination) }
      results[id] = await runJob(job, { ...event, values }, join(event.folder, id))
      okByJob[name] &&= results[id].ok
    }
  }
  return results
}

function combine(matrix: Record<string, unknown[]>): Record<string, string>[] {
  return Object.entries(matrix).reduce<Record<string, string>[]>(
    (all, [key, list]) =>
      all.flatMap((each) => list.map((value) => ({ ...each, [key]: String(value) }))),
    [{}],
  )
}

function prefixed(prefix: string, values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value]),
  )
}

async function runJob(job: Job, event: Event, workspace: string): Promise<JobResults[string]> {
  mkdirSync(workspace, { recursive: true })
  let isFailed = false
  let output = ''
  for (const step of job.steps) {
    if (!isTrue(step.if, { isFailed, values: event.values })) continue
    const result = await runStep(step, event, workspace)
    output += `${step.name ?? step.uses ?? step.run ?? ''}\n${result.output}\n`
    isFailed ||= result.code !== 0
  }
  return { ok: !isFailed, output, workspace }
}

async function runStep(
  step: Step,
  event: Event,
  workspace: string,
): Promise<{ code: number; output: string }> {
  const fill = (text: string): string => fillIn(text, event.values)
  const env = Object.fromEntries(
    Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value)]),
  )
  if (step.run !== undefined) {
    return event.machine.run(fill(step.run), workspace, { ...event.env, ...env })
  }
  const inputs = Object.fromEntries(
    Object.entries(step.with ?? {}).map(([name, value]) => [name, fill(String(value))]),
  )
  const artifacts = join(event.folder, 'artifacts')
  switch (step.uses!.split('@')[0]) {
    case 'actions/checkout':
      return checkOut(inputs, event, workspace)
    case 'actions/upload-artifact':
      return { code: 0, output: upload(inputs, { artifacts, workspace }) }
    case 'actions/download-artifact':
      return { code: 0, output: download(inputs, { artifacts, workspace }) }
    default:
      return { code: 0, output: '' }
  }
}

type Inputs = Readonly<Record<string, string>>

/** Checks out the branch at its commit; fetches only that commit, unless `fetch-depth` is 0. */
async function checkOut(
  { ref, 'fetch-depth': depth = '1' }: Inputs,
  { origin, branch, sha, machine, env }: Event,
  workspace: string,
): Promise<{ code: number; output: string }> {
  const name = ref ?? branch
  const commit = ref === undefined ? (sha ?? branch) : ref
  const all = depth === '0' ? '"+refs/heads/*:refs/remotes/origin/*"' : `--depth ${depth}`
  const script = `git init --quiet .
git remote add origin "file://${origin}"
git fetch --quiet origin ${all} "+${commit}:refs/remotes/origin/${name}"
git checkout --quiet -B "${name}" "refs/remotes/origin/${name}"`
  return machine.run(script, workspace, env)
}

type Folders = { artifacts: string; workspace: string }

/** Copies files as the action does: without hidden ones, unless they are asked for. */
function upload(inputs: Inputs, { artifacts, workspace }: Folders): string {
  const isShown = (path: string): boolean => {
    const hidden = path
      .slice(workspace.length)
      .split('/')
      .some((part) => part.startsWith('.'))
    return inputs['include-hidden-files'] === 'true' || !hidden
  }
  for (const path of inputs['path']!.trim().split('\n')) {
    const source = join(workspace, path)
    const target = join(artifacts, inputs['name']!, path)
    if (!existsSync(source) || !isShown(source)) continue
    mkdirSync(dirname(target), { recursive: true })
    cpSync(source, target, { recursive: true, filter: isShown })
  }
  return ''
}

/** Copies the artifacts that match a pattern, each to a folder of its own. */
function download({ pattern, path = '.' }: Inputs, { artifacts, workspace }: Folders): string {
  const start = pattern!.replace(/\*$/, '')
  const names = readdirSync(artifacts).filter((name) => name.startsWith(start))
  for (const name of names) {
    cpSync(join(artifacts, name), join(workspace, path, name), { recursive: true })
  }
  return names.join('\n')
}

type Status = { isFailed: boolean; values: Readonly<Record<string, string>> }

/** Evaluates `if`: status functions and comparisons, which `&&` connects. */
function isTrue(condition: string | undefined, { isFailed, values }: Status): boolean {
  const text = (condition ?? 'success()').replace(/^\$\{\{(.*)\}\}$/s, '$1')
  const status: Readonly<Record<string, boolean>> = {
    'success()': !isFailed,
    'failure()': isFailed,
    'always()': true,
    'cancelled()': false,
    '!cancelled()': true,
  }
  const evaluate = (term: string): boolean => {
    const known = status[term]
    if (known !== undefined) return known
    const [left, right, ...more] = term.split(' == ')
    if (right === undefined || more.length > 0) throw new Error(`Cannot evaluate ${term}.`)
    return operand(left!, values) === operand(right, values)
  }
  const isAny = text.split('||').some((part) =>
    part
      .split('&&')
      .map((term) => evaluate(term.trim()))
      .every(Boolean),
  )
  // A condition without a status function holds only after success.
  return isAny && (/\b(success|failure|always|cancelled)\(\)/.test(text) || !isFailed)
}

function operand(text: string, values: Readonly<Record<string, string>>): string {
  return /^(\d+|'.*')$/.test(text) ? text.replaceAll("'", '') : valueOf(text, values)
}

function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) => valueOf(name, values))
}

function valueOf(name: string, values: Readonly<Record<string, string>>): string {
  const value = values[name]
  if (value === undefined) throw new Error(`The event has no ${name}.`)
  return value
}
