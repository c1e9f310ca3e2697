import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sha256 } from '../packages/core/src/digest.ts'
import { hashRecipe } from '../packages/core/src/identity/recipe.ts'
import { requestOf } from '../packages/core/src/identity/request.ts'
import { writeLock } from '../packages/core/src/lock/file.ts'
import type { LockEntry } from '../packages/core/src/lock/lock.ts'
import type { Asset } from '../packages/core/src/manifest/manifest.ts'
import { readManifest } from '../packages/core/src/manifest/read.ts'
import { cacheName } from '../packages/core/src/plan/plan-outputs.ts'
import { type ProjectPaths, projectPaths } from '../packages/core/src/store/paths.ts'
import { runProgram } from './measure.ts'

type TreeOptions = {
  root: string
  /** Number of assets; each has five outputs. */
  assets: number
  /** Whether outputs are in `out:`, and so in the git tree, or only in the cache. */
  out: boolean
  /** Whether to create a git repository with everything in one commit. */
  git: boolean
}

/** Maximum number of assets in one file: a manifest has at most 4 MB. */
const PER_FILE = 25_000
const PER_FOLDER = 100

/** Returns the name of an asset: a hundred per folder, as in a shop or a year's campaigns. */
function assetName(number: number): string {
  return `campaign-${String(Math.floor(number / PER_FOLDER)).padStart(4, '0')}/picture-${String(number % PER_FOLDER).padStart(2, '0')}`
}

/** Returns the manifest file that contains the middle asset. */
export function middleFile(assets: number): string {
  return assets <= PER_FILE ? 'images.yaml' : partFile(Math.floor(assets / 2 / PER_FILE))
}

function partFile(part: number): string {
  return `more/part-${part}.yaml`
}

/** The start of every prompt, before its number. */
export const PROMPT = 'A lighthouse at dawn over a calm sea, number '

function manifestFiles({ assets, out }: TreeOptions): Record<string, string> {
  const head = `version: 1\nprovider: local\n${out ? 'out: public/pictures\n' : ''}presets:\n  teaser: { width: 640, height: 360, formats: [avif, webp], quality: 70 }\ndefaults:\n  outputs: [og, { preset: teaser, widths: [320, 640] }]\n`
  const entry = (number: number): string =>
    `  ${assetName(number)}:\n    prompt: ${PROMPT}${number}\n    alt: A lighthouse, number ${number}\n`
  const entries = (from: number, to: number): string =>
    `assets:\n${Array.from({ length: to - from }, (_, index) => entry(from + index)).join('')}`
  if (assets <= PER_FILE) return { 'images.yaml': head + entries(0, assets) }
  const parts = Array.from(
    { length: Math.ceil(assets / PER_FILE) },
    (_, part): [string, string] => [
      partFile(part),
      `version: 1\n${entries(part * PER_FILE, Math.min(assets, (part + 1) * PER_FILE))}`,
    ],
  )
  return {
    'images.yaml': head.replace('\n', '\ninclude: [more/*.yaml]\n'),
    ...Object.fromEntries(parts),
  }
}

/**
 * Writes a project with nothing to do: manifest, lockfile, masters and outputs. The pictures are a
 * few bytes each, as no measurement on the project opens one.
 */
export async function createTree(options: TreeOptions): Promise<void> {
  const { root, git } = options
  const paths = projectPaths(root)
  const write = createWriter()
  for (const [file, text] of Object.entries(manifestFiles(options))) write(join(root, file), text)
  const { manifest, diagnostics } = await readManifest({
    path: paths.manifest,
    shownPath: paths.shownManifest,
    cacheDir: paths.cache,
    provider: undefined,
    profile: undefined,
  })
  if (manifest === undefined) throw new Error(diagnostics[0]!.message)
  const entries = new Map(
    manifest.assets.map((asset) => [
      asset.name,
      writeAsset(asset, { paths, out: manifest.out, write }),
    ]),
  )
  await writeLock(paths.lock, { encoder: null, assets: entries, extra: {} })
  if (!git) return
  write(join(root, '.gitignore'), 'node_modules/\n.limn/\n')
  await commitAll(root)
}

type Write = (path: string, content: string) => void

/** Writes an asset's master and outputs. @returns its lockfile entry */
function writeAsset(
  asset: Asset,
  { paths, out, write }: { paths: ProjectPaths; out: string | null; write: Write },
): LockEntry {
  const bytes = `master of ${asset.name}`
  const path = `${paths.masters}/${asset.name}.png`
  write(join(paths.root, path), bytes)
  const master = {
    path,
    sha256: sha256(bytes),
    bytes: bytes.length,
    width: 1536,
    height: 864,
    thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
    state: 'generated' as const,
  }
  const outputs = asset.outputs.map((output) => {
    const { file, width, height } = output
    const recipe = hashRecipe(master, output)
    const content = `${asset.name} ${file}`
    write(
      out === null
        ? join(paths.outputs, cacheName(recipe, output))
        : join(paths.root, out, asset.name, file),
      content,
    )
    return [file, { recipe, sha256: sha256(content), bytes: content.length, width, height }]
  })
  return {
    request: requestOf(asset),
    master,
    made: { provider: 'local', at: '2026-11-22T10:00:00.000Z', ownPrompt: asset.ownPrompt, usd: 0 },
    outputs: Object.fromEntries(outputs) as LockEntry['outputs'],
  }
}

async function commitAll(root: string): Promise<void> {
  const git = (...args: string[]): Promise<string> => runProgram('git', args, { cwd: root })
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org']
  await git('init', '--quiet')
  await git('add', '.')
  await git(...identity, 'commit', '--quiet', '--message', 'tree')
}

/** Returns a function that writes a file, and creates each folder only once. */
function createWriter(): Write {
  const made = new Set<string>()
  return (path, content) => {
    const folder = dirname(path)
    if (made.size !== made.add(folder).size) mkdirSync(folder, { recursive: true })
    writeFileSync(path, content)
  }
}
