import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { canonicalJson, pictureDigest, sha256 } from '../../digest.ts'
import { createRepository, type TestRepository } from '../../git/testing.ts'
import { hashRecipe } from '../../identity/recipe.ts'
import { requestOf } from '../../identity/request.ts'
import { formatLock } from '../../lock/codec.ts'
import type { LockEntry, MasterRecord } from '../../lock/lock.ts'
import type { Asset } from '../../manifest/manifest.ts'
import { openProject, type Project } from '../project.ts'
import type { Compared, CompareOptions } from './compare.ts'

/** Fields of the record of how a picture was made; `undefined` removes one. */
type MadeFields = { [Field in keyof MasterRecord]?: MasterRecord[Field] | undefined }

/** A project in a repository. Its pictures are plain colours, so that no model draws them. */
export type ComparedProject = TestRepository & {
  project: Project
  read(path: string): Buffer
  /** Replaces text in the manifest. */
  edit(from: string, to: string): void
  /** Does what a run of `limn generate` and `limn prune` would do, and commits it. */
  generate(made?: MadeFields): Promise<string>
  compare(options?: Partial<CompareOptions>): Promise<Compared>
}

/** The default manifest: three assets with one output each. */
export const manifest = `version: 1
provider: local
defaults: { size: 256x256, outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
  cup: { prompt: A cup of tea on a table, alt: A cup }
  hero: { prompt: A lighthouse at dusk, alt: A lighthouse }
  product/mug: { prompt: A red mug, alt: A mug }
`

/** Creates a project with a first commit on `main`. */
export async function createComparedProject(
  text: string = manifest,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<ComparedProject> {
  const repository = createRepository()
  const { folder, write, commit } = repository
  const project = openProject({ cwd: folder })
  const read = (path: string): Buffer => readFileSync(join(folder, path))
  write('.gitignore', 'node_modules\n.limn\n')
  for (const [path, content] of Object.entries(files)) write(path, content)
  write('images.yaml', text)

  async function generate(made: MadeFields = {}): Promise<string> {
    const { manifest, lock } = await project.snapshot()
    const assets = new Map<string, LockEntry>()
    for (const asset of manifest.assets) {
      if (asset.source !== null) continue
      const request = requestOf(asset)
      const known = [...lock.assets.values()].find(
        (entry) => canonicalJson(entry.request) === canonicalJson(request),
      )
      const bytes = known === undefined ? await paint(asset) : read(known.master.path)
      const path = `images/${asset.name}.png`
      write(path, bytes)
      assets.set(asset.name, entryOf(asset, { bytes, path, made: { ...known?.made, ...made } }))
    }
    for (const [name, { master }] of lock.assets) {
      if (!assets.has(name)) rmSync(join(folder, master.path), { force: true })
    }
    write('images.lock', formatLock({ encoder: 'test', assets, extra: {} }))
    return commit()
  }

  await generate()
  return {
    ...repository,
    project,
    read,
    generate,
    edit(from, to) {
      const old = read('images.yaml').toString()
      if (!old.includes(from)) throw new Error(`The manifest does not contain ${from}.`)
      write('images.yaml', old.replace(from, to))
    },
    compare: (options) => project.compare({ base: 'main', ...options }),
  }
}

/** Paints a picture in a colour that depends on the prompt; a "cut-out" has a transparent half. */
async function paint({ prompt, size }: Asset): Promise<Buffer> {
  const [width, height] = size.split('x').map(Number) as [number, number]
  const half = prompt.includes('cut-out') ? width / 2 : 0
  const background = `#${sha256(prompt).slice(0, 6)}`
  const create = { width: width - half, height, channels: 4 as const, background }
  const extend = { left: half, background: '#0000' }
  return sharp({ create }).extend(extend).png().toBuffer()
}

type Made = { bytes: Buffer; path: string; made: MadeFields }

function entryOf(asset: Asset, { bytes, path, made }: Made): LockEntry {
  const [width, height] = asset.size.split('x').map(Number) as [number, number]
  const master = { path, sha256: pictureDigest(bytes), bytes: bytes.length, width, height }
  const outputs = asset.outputs.map((output) => {
    const recipe = hashRecipe(master, output)
    const { width, height, quality } = output
    const size = width * height * (quality ?? 100)
    return [output.file, { recipe, sha256: sha256(recipe), bytes: size, width, height }] as const
  })
  return {
    request: requestOf(asset),
    master: { ...master, thumbhash: '', state: 'generated' },
    made: { provider: 'openai', at: '2026-11-30T10:00:00.000Z', ...made } as MasterRecord,
    outputs: Object.fromEntries(outputs),
  }
}
