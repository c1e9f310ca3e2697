import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sha256 } from '../packages/core/src/digest.ts'
import { hashRecipe } from '../packages/core/src/identity/recipe.ts'
import { requestOf } from '../packages/core/src/identity/request.ts'
import { writeLock } from '../packages/core/src/lock/file.ts'
import type { LockEntry } from '../packages/core/src/lock/lock.ts'
import { readManifest } from '../packages/core/src/manifest/read.ts'
import { cacheName } from '../packages/core/src/plan/plan-outputs.ts'
import { projectPaths } from '../packages/core/src/store/paths.ts'
import { runProgram } from './measure.ts'

export type TreeOptions = {
  root: string
  /** Pictures in the manifest; each has five outputs. */
  assets: number
  /** Whether finished files lie in `out:`, and so in the git tree, or in the cache alone. */
  out: boolean
  /** Whether it is a git repository with everything in one commit. */
  git: boolean
}

/** Assets in one file: a manifest has at most 4 MB. */
const PER_FILE = 25_000
const PER_FOLDER = 100

/** The name of an asset: a hundred to a folder, as in a shop or a year's campaigns. */
export function assetName(number: number): string {
  return `campaign-${String(Math.floor(number / PER_FOLDER)).padStart(4, '0')}/picture-${String(number % PER_FOLDER).padStart(2, '0')}`
}

/** The file in which the middle one of so many assets stands. */
export function middleFile(assets: number): string {
  return assets <= PER_FILE ? 'images.yaml' : partFile(Math.floor(assets / 2 / PER_FILE))
}

function partFile(part: number): string {
  return `more/part-${part}.yaml`
}

/** What is written before the number in every prompt. */
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
 * Writes a project in which nothing is to be done: manifest, lock, masters and outputs. The
 * pictures are a few bytes each, as nothing that is measured on it opens one.
 */
export async function createTree(options: TreeOptions): Promise<void> {
  const { root, out, git } = options
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
  const entries = new Map<string, LockEntry>()
  for (const asset of manifest.assets) {
    const bytes = `master of ${asset.name}`
    const path = `${paths.masters}/${asset.name}.png`
    write(join(root, path), bytes)
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
      const recipe = hashRecipe(master.sha256, output)
      const file = `${asset.name} ${output.file}`
      write(
        out
          ? join(root, manifest.out!, asset.name, output.file)
          : join(paths.outputs, cacheName(recipe, output)),
        file,
      )
      return [
        output.file,
        {
          recipe,
          sha256: sha256(file),
          bytes: file.length,
          width: output.width,
          height: output.height,
        },
      ] as const
    })
    entries.set(asset.name, {
      request: requestOf(asset),
      master,
      made: {
        provider: 'local',
        at: '2026-11-22T10:00:00.000Z',
        ownPrompt: asset.ownPrompt,
        usd: 0,
      },
      outputs: Object.fromEntries(outputs),
    })
  }
  await writeLock(paths.lock, { encoder: null, assets: entries, extra: {} })
  if (!git) return
  write(join(root, '.gitignore'), 'node_modules/\n.limn/\n')
  await runProgram('git', ['init', '--quiet'], { cwd: root })
  await runProgram('git', ['add', '.'], { cwd: root })
  await runProgram(
    'git',
    [
      '-c',
      'user.name=bench',
      '-c',
      'user.email=bench@example.org',
      'commit',
      '--quiet',
      '--message',
      'tree',
    ],
    { cwd: root },
  )
}

function createWriter(): (path: string, content: string) => void {
  const made = new Set<string>()
  return (path, content) => {
    const folder = dirname(path)
    if (made.size !== made.add(folder).size) mkdirSync(folder, { recursive: true })
    writeFileSync(path, content)
  }
}
