import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sha256 } from '../packages/core/src/digest.ts'
import { writeLock } from '../packages/core/src/lock/file.ts'
import type { LockEntry } from '../packages/core/src/lock/lock.ts'
import { readManifest } from '../packages/core/src/manifest/read.ts'
import { cacheName } from '../packages/core/src/plan/plan.ts'
import { hashRecipe } from '../packages/core/src/plan/recipe.ts'
import { requestOf } from '../packages/core/src/plan/request.ts'
import { projectPaths } from '../packages/core/src/store/paths.ts'

export type TreeOptions = {
  root: string
  /** Pictures in the manifest; each has five outputs. */
  assets: number
  /** Whether finished files lie in `out:`, in the git tree, or in the cache alone. */
  out: boolean
}

const PER_FOLDER = 100

/** The name of an asset: a hundred to a folder, as in a shop or a year's campaigns. */
export function assetName(number: number): string {
  return `campaign-${String(Math.floor(number / PER_FOLDER)).padStart(4, '0')}/picture-${String(number % PER_FOLDER).padStart(2, '0')}`
}

/** A manifest of so many assets; `prompts` replaces those of single ones by number. */
export function manifestText({ assets, out }: Omit<TreeOptions, 'root'>, prompts: ReadonlyMap<number, string> = new Map()): string {
  const blocks = Array.from({ length: assets }, (_, number) => {
    const prompt = prompts.get(number) ?? `A lighthouse at dawn over a calm sea, number ${number}`
    return `  ${assetName(number)}:\n    prompt: ${prompt}\n    alt: A lighthouse at dawn, number ${number}\n    outputs: [og, { preset: teaser, widths: [320, 640] }]\n`
  })
  return `version: 1\nprovider: local\n${out ? 'out: public/pictures\n' : ''}presets:\n  teaser: { width: 640, height: 360, formats: [avif, webp], quality: 70 }\nassets:\n${blocks.join('')}`
}

/** Writes a project in which nothing is to be done: manifest, lock, masters and outputs. The pictures are a few bytes each: nothing here opens them. */
export async function createTree(options: TreeOptions): Promise<void> {
  const paths = projectPaths(options.root)
  const write = createWriter()
  write(paths.manifest, manifestText(options))
  const { manifest } = await readManifest({ path: paths.manifest, shownPath: paths.shownManifest, cacheDir: paths.cache })
  const entries = new Map<string, LockEntry>()
  for (const asset of manifest!.assets) {
    const bytes = `master of ${asset.name}`
    const path = `${paths.masters}/${asset.name}.png`
    write(join(options.root, path), bytes)
    const master = { path, sha256: sha256(bytes), bytes: bytes.length, width: 1536, height: 864, thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI', state: 'generated' as const }
    const outputs = asset.outputs.map((output) => {
      const recipe = hashRecipe(master.sha256, output)
      const file = `${asset.name} ${output.file}`
      write(options.out ? join(options.root, manifest!.out!, asset.name, output.file) : join(paths.outputs, cacheName(recipe, output)), file)
      return [output.file, { recipe, sha256: sha256(file), bytes: file.length, width: output.width, height: output.height }] as const
    })
    entries.set(asset.name, { request: requestOf(asset), master, made: { provider: 'local', at: '2026-11-22T10:00:00.000Z', ownPrompt: asset.ownPrompt, usd: 0 }, outputs: Object.fromEntries(outputs) })
  }
  await writeLock(paths.lock, { encoder: 'sharp 0.35.5, libvips 8.18.7', assets: entries, extra: {} })
  write(join(options.root, '.gitignore'), 'node_modules/\n.limn/\n')
  git(options.root, 'init', '--quiet')
  git(options.root, 'add', '.')
  git(options.root, '-c', 'user.name=bench', '-c', 'user.email=bench@example.org', 'commit', '--quiet', '--message', 'tree')
}

/** Runs git in a folder. @throws Error where it fails */
export function git(cwd: string, ...args: string[]): void {
  const { status, stderr } = spawnSync('git', args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
}

function createWriter(): (path: string, content: string) => void {
  const made = new Set<string>()
  return (path, content) => {
    const folder = dirname(path)
    if (made.size !== made.add(folder).size) mkdirSync(folder, { recursive: true })
    writeFileSync(path, content)
  }
}
