import { projectPaths } from '../../store/paths.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { diffLines } from '../text-diff.ts'
import { applyChanges } from './apply.ts'
import { detectProject, type ProjectFacts } from './detect.ts'
import { PLUGIN_PACKAGE } from './frameworks.ts'
import { type FileChange, propose, type Proposal } from './propose.ts'
import { findSchema } from './starter.ts'

export { installCommand } from './package-manager.ts'
export { schemaLine } from './starter.ts'
export { prepareUndo, type Undo } from './undo.ts'
export type { FileChange } from './propose.ts'

/** What `limn init` found and would do. Nothing is written before `apply`. */
export type Init = Proposal & {
  paths: ProjectPaths
  facts: ProjectFacts
  /** Path of the installed JSON Schema of the manifest, relative to the root. */
  schema: string | undefined
  /** The packages of Limn that `package.json` lacks; none if there is no `package.json`. */
  missing: readonly string[]
  /** Writes all changes, or none. @throws LimnError `store/…` */
  apply(): Promise<void>
}

/**
 * Finds what a project is made of, and proposes what it lacks: a manifest, the plugin in its Vite
 * config, and so on.
 */
export async function prepareInit({
  cwd,
  manifest,
  env,
  ci,
  agents,
}: {
  cwd: string
  manifest: string | undefined
  env: Readonly<Record<string, string | undefined>>
  /** Whether to propose a CI workflow too. */
  ci: boolean
  /** Whether to create AGENTS.md with the line for coding agents. Default: only add it to one. */
  agents: boolean
}): Promise<Init> {
  const paths = projectPaths(cwd, manifest)
  const facts = detectProject(paths.root, env)
  const proposal = await propose(facts, paths, { ci, agents })
  return {
    ...proposal,
    paths,
    facts,
    schema: findSchema(paths.root),
    missing: missingPackages(facts),
    apply: () => applyChanges(paths, proposal.changes),
  }
}

function missingPackages({ pkg, framework, dependencies }: ProjectFacts): string[] {
  if (pkg === undefined) return []
  const needed = ['@limn/core', ...(framework === undefined ? [] : [PLUGIN_PACKAGE])]
  return needed.filter((name) => !Object.hasOwn(dependencies, name))
}

/** A file before and after; `null` if it does not exist. */
export type Difference = Pick<FileChange, 'path' | 'before'> & { after: string | null }

/** Formats a change as the lines of a unified diff. */
export function formatDiff({ path, before, after }: Difference): string[] {
  const names = [
    before === null ? '--- /dev/null' : `--- a/${path}`,
    after === null ? '+++ /dev/null' : `+++ b/${path}`,
  ]
  if (before !== null && after !== null) return [...names, ...changedLines(before, after)]
  const lines = (before ?? after ?? '').replace(/\r?\n$/, '').split(/\r?\n/)
  return before === null
    ? [...names, `@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`)]
    : [...names, `@@ -1,${lines.length} +0,0 @@`, ...lines.map((line) => `-${line}`)]
}

/** Compares two texts; a line break at the end of both is no line. */
function changedLines(before: string, after: string): string[] {
  const isEnded = before.endsWith('\n') && after.endsWith('\n')
  const [old, now] = isEnded ? [before.slice(0, -1), after.slice(0, -1)] : [before, after]
  return diffLines(old, now).split('\n')
}
