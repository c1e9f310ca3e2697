import { existsSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { decodeText } from '../../disk/decode-text.ts'
import { existsInside, listInside, maxBytes, readInside } from '../../disk/read-inside.ts'
import { isObject } from '../../is-object.ts'
import { type Framework, frameworks } from './frameworks.ts'
import { detectManager, type Manager } from './package-manager.ts'

/** What `limn init` finds in a project. It runs nothing of it. */
export type ProjectFacts = {
  /** Absolute folder of the manifest. */
  root: string
  /** `package.json` of the root; `undefined` if there is none that can be read. */
  pkg: { text: string; value: Readonly<Record<string, unknown>> } | undefined
  manager: Manager
  /** What the project is made with; `undefined` if it uses no Vite. */
  framework: Framework | undefined
  /** Name of the config that gets the plugin; it may not exist yet. */
  config: string | undefined
  /** The ranges of versions that `package.json` asks for, by package. */
  dependencies: Readonly<Record<string, string>>
  isTypeScript: boolean
  /** Absolute folder of the git repository; `undefined` if there is none. */
  repository: string | undefined
  /** The `.env` files that contain the key of OpenAI. Their values are not kept. */
  keyFiles: readonly string[]
  /** Folders with pictures, with how many they contain, the fullest first. */
  pictures: readonly { folder: string; count: number }[]
  /** Packages of this workspace that use Vite, if this is its root. */
  apps: readonly string[]
}

/** Finds what a project is made of. */
export function detectProject(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): ProjectFacts {
  const text = readText(root, 'package.json')
  const value = text === undefined ? undefined : parsePackage(text)
  const pkg = text === undefined || value === undefined ? undefined : { text, value }
  const dependencies = value === undefined ? {} : dependenciesOf(value)
  const framework = frameworks.find((candidate) => isUsed(root, candidate, dependencies))
  const repository = ancestors(root).find((folder) => existsSync(join(folder, '.git')))
  const isTypeScript = ['tsconfig.json', 'tsconfig.app.json'].some((name) => has(root, name))
  return {
    root,
    pkg,
    manager: detectManager(ancestors(root), value, env),
    framework,
    config: framework && configOf(root, framework, { value, isTypeScript }),
    dependencies,
    isTypeScript,
    repository,
    keyFiles: ['.env', '.env.local'].filter((name) =>
      /^(?:export\s+)?OPENAI_API_KEY\s*=/m.test(readText(root, name) ?? ''),
    ),
    pictures: findPictures(root),
    apps: framework === undefined ? appsOf(root) : [],
  }
}

function isUsed(
  root: string,
  { dependency, config }: Framework,
  dependencies: Readonly<Record<string, string>>,
): boolean {
  const isThere = existingConfig(root, config) !== undefined
  const isInstalled = Object.hasOwn(dependencies, dependency)
  if (config !== 'vite.config') return isThere || isInstalled
  // Others depend on Vite only for their tests: a new config needs a page that Vite serves.
  const isVite = isThere || (Object.hasOwn(dependencies, 'vite') && has(root, 'index.html'))
  return isVite && (isInstalled || dependency === 'vite')
}

/** Names of configs in the order in which Vite looks for them. */
const ENDINGS = ['js', 'mjs', 'ts', 'cjs', 'mts', 'cts']

function existingConfig(root: string, name: string): string | undefined {
  return ENDINGS.map((ending) => `${name}.${ending}`).find((file) => has(root, file))
}

/** Returns the config of a framework: named in a script, existing, or the one to create. */
function configOf(
  root: string,
  { config }: Framework,
  { value, isTypeScript }: { value: unknown; isTypeScript: boolean },
): string {
  const scripts = isObject(value) && isObject(value['scripts']) ? value['scripts'] : {}
  for (const script of Object.values(scripts)) {
    const [, named] = /\bvite\b.*?\s(?:--config|-c)[ =]([\w./-]+)/.exec(String(script)) ?? []
    if (named !== undefined && config === 'vite.config' && has(root, named)) return named
  }
  const isModule = isObject(value) && value['type'] === 'module'
  return (
    existingConfig(root, config) ?? `${config}.${isTypeScript ? 'ts' : isModule ? 'js' : 'mjs'}`
  )
}

function parsePackage(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function dependenciesOf(value: Readonly<Record<string, unknown>>): Record<string, string> {
  const found: Record<string, string> = {}
  for (const key of ['dependencies', 'devDependencies', 'peerDependencies']) {
    const part = value[key]
    if (!isObject(part)) continue
    for (const [name, range] of Object.entries(part)) found[name] = String(range)
  }
  return found
}

/** `8` for `^8.3.0`; `undefined` for a range without a number, such as `catalog:`. */
export function majorOf(range: string | undefined): number | undefined {
  const [, major] = /^(?:npm:[^@]*@)?[\^~>=v\s]*(\d+)(?:\.|$|\s)/.exec(range ?? '') ?? []
  return major === undefined ? undefined : Number(major)
}

/** Lists a folder and its ancestors, the lowest first. */
function ancestors(folder: string): string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...ancestors(dirname(folder))]
}

/** Folders in which projects keep pictures, and how deep and how many entries are read. */
const PICTURE_FOLDERS = ['public', 'src', 'app', 'assets', 'static', 'images', 'img']
const PICTURE = new Set(['.png', '.jpg', '.jpeg', '.webp', '.avif', '.gif'])
const MOST_ENTRIES = 20_000
const DEEPEST = 6

function findPictures(root: string): { folder: string; count: number }[] {
  const countByFolder = new Map<string, number>()
  let entries = 0
  const visit = (folder: string, depth: number): void => {
    if (depth > DEEPEST || entries > MOST_ENTRIES) return
    for (const entry of listOrNothing(root, folder)) {
      entries++
      if (entry.isDirectory()) {
        if (!/^(?:\.|node_modules$)/.test(entry.name)) visit(join(folder, entry.name), depth + 1)
      } else if (entry.isFile() && PICTURE.has(extname(entry.name).toLowerCase())) {
        const name = relative(root, folder).replaceAll('\\', '/')
        countByFolder.set(name, (countByFolder.get(name) ?? 0) + 1)
      }
    }
  }
  for (const name of PICTURE_FOLDERS) visit(join(root, name), 1)
  return [...countByFolder]
    .map(([folder, count]) => ({ folder, count }))
    .sort((a, b) => b.count - a.count)
}

function listOrNothing(root: string, folder: string): ReturnType<typeof listInside> {
  try {
    return listInside(root, folder)
  } catch {
    return []
  }
}

/** Finds the packages of a workspace that use Vite, two folders deep. */
function appsOf(root: string): string[] {
  const isWorkspace =
    has(root, 'pnpm-workspace.yaml') || /"workspaces"/.test(readText(root, 'package.json') ?? '')
  if (!isWorkspace) return []
  const below = (folder: string): string[] =>
    listOrNothing(root, folder).flatMap((entry) =>
      entry.isDirectory() && !/^(?:\.|node_modules$)/.test(entry.name)
        ? [join(folder, entry.name)]
        : [],
    )
  const folders = below(root).flatMap((folder) => [folder, ...below(folder)])
  return folders
    .filter((folder) =>
      frameworks.some(({ config }) => existingConfig(folder, config) !== undefined),
    )
    .map((folder) => relative(root, folder).replaceAll('\\', '/'))
    .sort()
}

function has(root: string, name: string): boolean {
  return existsInside(root, join(root, name))
}

/** Returns a file's text; `undefined` if there is none that can be read. */
export function readText(root: string, name: string): string | undefined {
  try {
    return decodeText(readInside(root, join(root, name), maxBytes.text))
  } catch {
    return undefined
  }
}
