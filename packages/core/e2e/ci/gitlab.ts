import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Machine } from './machine.ts'

type Job = {
  stage: string
  script: string[]
  before_script?: string[]
  after_script?: string[]
  parallel?: number
  artifacts?: { paths: string[] }
  rules?: { if?: string; when?: string }[]
}

export type Pipeline = { stages: string[]; default?: { before_script?: string[] } } & Record<
  string,
  unknown
>

/** The documented keys, of which the recipe may use any. */
const KEYS = {
  pipeline: 'stages default include variables workflow',
  default:
    'after_script artifacts before_script cache hooks id_tokens image interruptible retry services tags timeout',
  job: 'after_script allow_failure artifacts before_script cache coverage dependencies environment except extends image inherit interruptible needs only parallel release resource_group retry rules script secrets services stage start_in tags timeout trigger variables when',
  artifacts: 'paths exclude expire_in expose_as name public access reports untracked when',
  rule: 'if changes exists allow_failure needs variables when interruptible',
} as const

/** Parses a pipeline. Throws for keys that GitLab does not document. */
export function parsePipeline(text: string): { pipeline: Pipeline; jobs: Record<string, Job> } {
  const pipeline = parse(text) as Pipeline
  const jobs = Object.fromEntries(
    Object.entries(pipeline).filter(([name]) => !KEYS.pipeline.split(' ').includes(name)),
  ) as Record<string, Job>
  requireKeys('default', pipeline.default ?? {})
  for (const job of Object.values(jobs)) {
    requireKeys('job', job)
    requireKeys('artifacts', job.artifacts ?? {})
    for (const rule of job.rules ?? []) requireKeys('rule', rule)
    if (!pipeline.stages.includes(job.stage)) throw new Error(`There is no stage ${job.stage}.`)
    if (!Array.isArray(job.script)) throw new Error('A job needs a script.')
  }
  return { pipeline, jobs }
}

function requireKeys(kind: keyof typeof KEYS, value: object): void {
  const unknown = Object.keys(value).filter((key) => !KEYS[kind].split(' ').includes(key))
  if (unknown.length > 0) throw new Error(`A ${kind} of GitLab has no key ${unknown.join(', ')}.`)
}

/** What a pipeline runs with. */
export type Trigger = {
  /** A repository without a working tree that the jobs clone, and its branch. */
  origin: string
  branch: string
  machine: Machine
  /** An empty folder for workspaces and artifacts. */
  folder: string
  env: Readonly<Record<string, string>>
}

/** Runs some jobs of a pipeline, stage by stage. A job fetches the artifacts of earlier stages. */
export async function runJobs(
  { pipeline, jobs }: ReturnType<typeof parsePipeline>,
  names: readonly string[],
  trigger: Trigger,
): Promise<Record<string, { ok: boolean; output: string }>> {
  const results: Record<string, { ok: boolean; output: string }> = {}
  const artifacts = join(trigger.folder, 'artifacts')
  const sorted = names.toSorted(
    (a, b) => pipeline.stages.indexOf(jobs[a]!.stage) - pipeline.stages.indexOf(jobs[b]!.stage),
  )
  for (const name of sorted) {
    const job = { before_script: pipeline.default?.before_script ?? [], ...jobs[name]! }
    const before = existsSync(artifacts)
    for (let index = 1; index <= (job.parallel ?? 1); index++) {
      const id = job.parallel === undefined ? name : `${name} ${index}/${job.parallel}`
      const workspace = join(trigger.folder, id.replaceAll('/', ' of '))
      await checkOut(trigger, workspace)
      // Jobs of one stage do not see the artifacts of each other.
      if (before && job.parallel === undefined) cpSync(artifacts, workspace, { recursive: true })
      results[id] = await runJob(job, { trigger, workspace, index })
      for (const path of job.artifacts?.paths ?? []) {
        const source = join(workspace, path)
        mkdirSync(artifacts, { recursive: true })
        if (existsSync(source)) cpSync(source, join(artifacts, path), { recursive: true })
      }
    }
  }
  return results
}

async function checkOut(
  { origin, branch, machine, env }: Trigger,
  workspace: string,
): Promise<void> {
  mkdirSync(workspace, { recursive: true })
  const script = `git clone --quiet "file://${origin}" . && git checkout --quiet --detach "origin/${branch}"`
  const { code, output } = await machine.run(script, workspace, env)
  if (code !== 0) throw new Error(output)
}

async function runJob(
  job: Job & { before_script: string[] },
  { trigger, workspace, index }: { trigger: Trigger; workspace: string; index: number },
): Promise<{ ok: boolean; output: string }> {
  const env = {
    ...trigger.env,
    CI_NODE_INDEX: String(index),
    CI_NODE_TOTAL: String(job.parallel ?? 1),
  }
  const run = (lines: readonly string[]): ReturnType<Machine['run']> =>
    trigger.machine.run(lines.join('\n'), workspace, env)
  const { code, output } = await run([...job.before_script, ...job.script])
  const after = await run(job.after_script ?? [])
  return { ok: code === 0, output: output + after.output }
}
