import { basename, join } from 'node:path'
import { maxBytes, readTextInside, statInside } from '../../disk/read-inside.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { agentsLine, SKILL_PATH } from '../agents-line.ts'
import { findTypesFile } from '../types-file/types-file.ts'
import { type ProjectFacts, majorOf } from './detect.ts'
import type { EditedConfig } from './edit-config.ts'
import { PLUGIN_PACKAGE } from './frameworks.ts'
import { findSchema, starterManifest } from './starter.ts'
import { createWorkflow } from './workflow.ts'

/** A file that `limn init` creates or changes. */
export type FileChange = {
  /** Absolute folder that the file must stay in: the root, or that of the git repository. */
  folder: string
  /** Relative to `folder`, with `/`. */
  path: string
  /** Its text; `null` if it does not exist. */
  before: string | null
  after: string
}

/** What `limn init` would do. */
export type Proposal = {
  changes: readonly FileChange[]
  /** What a person should know or do, one sentence or two each. */
  notes: readonly string[]
  /** Lines to paste into a config that is left alone. */
  paste: readonly string[]
}

/** Proposes what a project lacks. A project that is set up lacks nothing. */
export async function propose(
  facts: ProjectFacts,
  paths: ProjectPaths,
  { ci, agents }: { ci: boolean; agents: boolean },
): Promise<Proposal> {
  const plugin = await proposePlugin(facts, paths)
  const changes = [
    change(
      facts.root,
      paths.shownManifest,
      (text) => text ?? starterManifest(findSchema(facts.root)),
    ),
    ...plugin.changes,
    facts.framework && (await proposeInclude(facts)),
    await proposeScripts(facts),
    ...(facts.repository === undefined ? [] : proposeGitFiles(facts, paths)),
    proposeAgentsLine(facts, agents),
    ci ? proposeWorkflow(facts) : undefined,
  ].filter((entry) => entry !== undefined)
  return { changes, notes: plugin.notes, paste: plugin.paste }
}

/**
 * Proposes a change of a file. Returns `undefined` if the text stays as it is, or if the file can't
 * be edited: a link, a folder, or bytes that are no UTF-8.
 */
function change(
  folder: string,
  path: string,
  edit: (text: string | undefined) => string | undefined,
): FileChange | undefined {
  const stats = statInside(folder, join(folder, path))
  let before: string | undefined
  if (stats !== undefined) {
    if (!stats.isFile()) return undefined
    try {
      before = readTextInside(folder, join(folder, path), maxBytes.text)
    } catch {
      return undefined
    }
    if (before.includes('\uFFFD')) return undefined
  }
  const after = edit(before)
  if (after === undefined || after === before) return undefined
  return { folder, path, before: before ?? null, after }
}

async function proposePlugin(facts: ProjectFacts, paths: ProjectPaths): Promise<Proposal> {
  const { framework, config, root } = facts
  if (framework === undefined || config === undefined) {
    return { changes: [], notes: noVite(facts), paste: [] }
  }
  const major = majorOf(facts.dependencies['vite'])
  if (major !== undefined && major < 7) {
    const note = `${PLUGIN_PACKAGE} requires Vite 7 or 8, but package.json asks for Vite ${major}. Update Vite, then run \`limn init\` again.`
    return { changes: [], notes: [note], paste: [] }
  }
  const options = pluginOptions(facts, paths)
  const { addPlugin } = await import('./edit-config.ts')
  let result: EditedConfig | undefined
  const edited = change(root, config, (text) => {
    if (text === undefined) return newConfig(options)
    result = addPlugin(text, { path: config, keys: framework.keys, options })
    return result.kind === 'edited' ? result.text : undefined
  })
  if (edited !== undefined) return { changes: [edited], notes: [], paste: [] }
  if (result?.kind === 'present') return { changes: [], notes: [], paste: [] }
  const reason = result?.kind === 'refused' ? result.reason : 'it is not a regular text file'
  return {
    changes: [],
    notes: [`${config} is left as it is, because ${reason}. Add these lines yourself:`],
    paste: pastedLines(framework.keys, options),
  }
}

function noVite({ apps, pkg }: ProjectFacts): string[] {
  if (apps.length > 0) {
    const shown = apps.slice(0, 5)
    const list = shown.map((app) => `\`limn init -C ${app}\``).join(' or ')
    return [`This is the root of a workspace. For the pictures of one app, run ${list} instead.`]
  }
  if (pkg === undefined) return []
  return [
    'This project does not use Vite. To write the files into a folder, set `out: public/images` in the manifest.',
  ]
}

/** Returns options as code: where the manifest is, if the plugin would not find it. */
function pluginOptions(facts: ProjectFacts, paths: ProjectPaths): string {
  const folder = viteFolder(facts)
  if (folder === '' && paths.shownManifest === 'images.yaml') return ''
  const path = `${folder === '' ? '' : '../'}${paths.shownManifest}`
  return `{ manifest: '${path.replaceAll(/['\\]/g, '\\$&')}' }`
}

/** Returns the folder that Vite runs in, relative to the root: that of Nuxt 4 is `app`. */
function viteFolder({ root, framework, dependencies }: ProjectFacts): '' | 'app' {
  if (framework?.name !== 'Nuxt' || majorOf(dependencies['nuxt']) === 3) return ''
  return statInside(root, join(root, 'app'))?.isDirectory() === true ? 'app' : ''
}

function newConfig(options: string): string {
  return `import limn from '${PLUGIN_PACKAGE}'\nimport { defineConfig } from 'vite'\n\nexport default defineConfig({\n  plugins: [limn(${options})],\n})\n`
}

function pastedLines(keys: readonly string[], options: string): string[] {
  const value = keys.reduceRight((inner, key) => `{ ${key}: ${inner} }`, `[limn(${options})]`)
  return [`import limn from '${PLUGIN_PACKAGE}'`, value.slice(2, -2)]
}

/** Makes the tsconfig cover the file with the types of the pictures. */
async function proposeInclude(facts: ProjectFacts): Promise<FileChange | undefined> {
  const { root, isTypeScript } = facts
  if (!isTypeScript || viteFolder(facts) !== '') return undefined
  const app = 'tsconfig.app.json'
  const name = statInside(root, join(root, app)) === undefined ? 'tsconfig.json' : app
  const file = findTypesFile(root)
  const { addItem } = await import('./edit-json.ts')
  return change(root, name, (text = '') => {
    const [, list] = /"include"\s*:\s*\[([^\]]*)\]/.exec(text) ?? []
    const entries = [...(list ?? '').matchAll(/"([^"]*)"/g)].map(([, entry]) => entry!)
    if (list === undefined || entries.some((entry) => covers(entry, file))) return undefined
    return addItem(text, 'include', file)
  })
}

/** Whether an entry of `include` covers a file, as far as common entries show. */
function covers(entry: string, file: string): boolean {
  const path = entry.replace(/^\.\//, '')
  if (path === file || /^(?:\.|\*\*?|\*\*\/\*)?(?:\.d)?(?:\.ts)?$/.test(path)) return true
  return file.startsWith('src/') && /^src(?:\/|$)/.test(path)
}

async function proposeScripts({ root, pkg }: ProjectFacts): Promise<FileChange | undefined> {
  if (pkg === undefined) return undefined
  const { addEntries } = await import('./edit-json.ts')
  return change(root, 'package.json', (text = '') =>
    /"[^"\n]*\blimn (?:generate|check|plan)\b[^"\n]*"/.test(text)
      ? undefined
      : addEntries(text, 'scripts', { pictures: 'limn generate', 'pictures:check': 'limn check' }),
  )
}

function proposeGitFiles(
  { root, repository }: ProjectFacts,
  paths: ProjectPaths,
): (FileChange | undefined)[] {
  const lock = basename(paths.lock)
  return [
    change(root, '.gitattributes', (text) =>
      addLines(text, {
        comment: '# Limn writes these files: Git keeps their bytes.',
        lines: [`/${lock} text eol=lf linguist-generated`, `/${paths.masters}/** -text`],
      }),
    ),
    change(root, '.gitignore', (text) =>
      // `.limn` also ignores itself: a folder in a repository needs no file of its own.
      /^\/?\.limn\/?\s*$/m.test(text ?? '') || (text === undefined && root !== repository)
        ? undefined
        : addLines(text, {
            comment: '# Limn: received pictures and the history of this machine',
            lines: ['.limn/'],
          }),
    ),
  ]
}

/** Appends the lines that a text lacks, below a comment, with its line breaks. */
function addLines(
  text: string | undefined,
  { comment, lines }: { comment: string; lines: readonly string[] },
): string | undefined {
  const existing = new Set((text ?? '').split(/\r?\n/).map((line) => line.trim()))
  const missing = lines.filter((line) => !existing.has(line))
  if (missing.length === 0) return undefined
  const eol = text?.includes('\r\n') === true ? '\r\n' : '\n'
  const gap = text === undefined || text === '' ? '' : text.endsWith('\n') ? eol : eol + eol
  return `${text ?? ''}${gap}${[comment, ...missing].join(eol)}${eol}`
}

/** Adds the line for coding agents to AGENTS.md, which is created only if `isWanted`. */
function proposeAgentsLine({ root, pkg }: ProjectFacts, isWanted: boolean): FileChange | undefined {
  if (pkg === undefined && !isWanted) return undefined
  return change(root, 'AGENTS.md', (text) => {
    if (text === undefined && !isWanted) return undefined
    if (text?.includes(SKILL_PATH) === true) return undefined
    const eol = text?.includes('\r\n') === true ? '\r\n' : '\n'
    const before =
      text === undefined || text === '' || text.endsWith('\n') ? (text ?? '') : text + eol
    const isAfterList = /(?:^|\n)[-*] [^\n]*\n$/.test(before)
    const gap = before === '' || isAfterList || before.endsWith(eol + eol) ? '' : eol
    return `${before}${gap}${agentsLine}${eol}`
  })
}

function proposeWorkflow(facts: ProjectFacts): FileChange | undefined {
  const workflow = createWorkflow(facts)
  if (workflow === undefined) return undefined
  return change(facts.repository ?? facts.root, workflow.path, (text) => text ?? workflow.text)
}
