import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { sha256 } from '../digest.ts'
import { removeEmptyFolders } from '../disk/remove-empty-folders.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { hashRequest } from '../identity/request.ts'
import { writeLock } from '../lock/file.ts'
import { type LockedMaster, type LockEntry, masterPaths, withEntries } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { unknownAsset } from '../manifest/select-assets.ts'
import { createPlan } from '../plan/create-plan.ts'
import { currentRequest } from '../plan/current-request.ts'
import { unaskedOutputs } from '../plan/plan-outputs.ts'
import { listCandidates } from '../store/candidates.ts'
import { backUpMaster, moveAsset, writeMaster, removeFile } from '../store/masters.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { runAsSingleWriter } from '../store/single-writer.ts'
import type { Look, Snapshot } from './snapshot.ts'

/** What people do to their pictures by hand. */
export type Upkeep = {
  /** Takes a picture that a person edited or brought as the master of an asset. */
  adopt(name: string, file?: string): Promise<string>
  /**
   * Makes candidate `number`, from 1, the master. @returns its path @throws LimnError
   * `asset/unknown`, `asset/no-candidate`
   */
  pick(name: string, number: number): Promise<string>
  /**
   * Keeps an asset's picture whatever the manifest says, or lets it follow again. @throws LimnError
   * `asset/unknown`, `asset/no-master`
   */
  pin(name: string, pinned: boolean): Promise<void>
  /**
   * Renames an asset in the file where it stands, whose comments and order stay, then in lock and
   * on the disk.
   *
   * @throws LimnError `asset/unknown`, `asset/exists`; ManifestError where the new name is none
   */
  rename(from: string, to: string, onEvent?: OnEvent): Promise<void>
  /**
   * Removes masters, outputs and lock entries that nothing asks for. With `dryRun` it only tells
   * which.
   */
  prune(options?: { dryRun?: boolean }): Promise<Pruned>
}

/** What `prune` takes away. */
export type Pruned = {
  /** Names of assets whose entry leaves the lock. */
  assets: string[]
  /** Files that are there before and not after, relative to the root. */
  files: string[]
}

export type UpkeepOptions = {
  /** Folder that files on the command line are relative to. Absolute. */
  cwd: string
  paths: ProjectPaths
  look: () => Promise<Look>
}

/** The upkeep of one project. */
export function createUpkeep({ cwd, paths, look }: UpkeepOptions): Upkeep {
  return { adopt, pick, pin, rename, prune }

  async function adopt(name: string, file?: string): Promise<string> {
    // A manifest with mistakes is told of before anything is written.
    await look()
    return runAsSingleWriter({ paths }, async () => {
      const { manifest, lock, inventory, index } = await look()
      const [asset] = manifest.assets.filter((candidate) => candidate.name === name)
      if (asset === undefined) throw unknownAsset(name, manifest)
      if (asset.source !== null) {
        throw new LimnError(
          'asset/no-master',
          `"${name}" is cut from ${asset.source.path}: that file is its picture.`,
          { hint: 'Change that file, or name another as its `source`.' },
        )
      }
      const standing = masterPaths(paths.masters, name).find((path) => inventory.masters.has(path))
      if (file === undefined && standing === undefined) {
        throw new LimnError(
          'asset/no-master',
          `There is no ${paths.masters}/${name}.png to adopt.`,
          { hint: `Put it there, or name a file: limn adopt ${name} FILE.` },
        )
      }
      const { bytes, extension, master } = await readMaster(
        file === undefined ? join(paths.root, standing!) : resolve(cwd, file),
        file ?? standing!,
      )
      const path =
        file === undefined ? standing! : await writeMaster(paths, { asset: name, bytes, extension })
      index.record(path, master.sha256)
      index.save()
      const entry: LockEntry = {
        request: currentRequest(asset, { manifest, lock, inventory }),
        master: { path, ...master, state: 'adopted' },
        made: { provider: 'adopted', at: new Date().toISOString() },
        outputs: outputsUnder(master, lock.assets.get(name)),
      }
      await writeLock(paths.lock, withEntries(lock, [[name, entry]]))
      return path
    })
  }

  async function pick(name: string, number: number): Promise<string> {
    return runAsSingleWriter({ paths }, async () => {
      const { manifest, lock, index } = await look()
      const entry = lock.assets.get(name)
      if (entry === undefined || entry.request.operation === 'source') {
        if (!manifest.assets.some((asset) => asset.name === name)) {
          throw unknownAsset(name, manifest)
        }
        throw new LimnError('asset/no-candidate', `"${name}" has no candidates.`, {
          hint: howToGetCandidates(name, manifest),
        })
      }
      const candidates = listCandidates(paths, {
        asset: name,
        requestHash: hashRequest(entry.request),
      })
      const file = candidates.get(number)
      if (file === undefined) {
        const known =
          candidates.size === 0 ? 'has no candidates on this machine' : `has no candidate ${number}`
        throw new LimnError('asset/no-candidate', `"${name}" ${known}.`, {
          hint:
            candidates.size === 0
              ? howToGetCandidates(name, manifest)
              : `There are ${[...candidates.keys()].join(', ')}.`,
        })
      }
      const { bytes, master } = await readMaster(file, relative(paths.root, file))
      const path = await writeMaster(paths, {
        asset: name,
        bytes,
        extension: extname(file).slice(1),
      })
      index.record(path, master.sha256)
      index.save()
      await writeLock(
        paths.lock,
        withEntries(lock, [
          [
            name,
            {
              ...entry,
              master: { path, ...master, state: 'generated' },
              made: { ...entry.made, picked: number },
              outputs: outputsUnder(master, entry),
            },
          ],
        ]),
      )
      return path
    })
  }

  async function pin(name: string, pinned: boolean): Promise<void> {
    await runAsSingleWriter({ paths }, async () => {
      const { manifest, lock } = await look()
      const entry = lock.assets.get(name)
      if (entry === undefined && manifest.assets.some((asset) => asset.name === name)) {
        throw new LimnError('asset/no-master', `"${name}" has no picture yet.`, {
          hint: 'Run `limn generate` first.',
        })
      }
      if (entry === undefined) throw unknownAsset(name, manifest)
      const state = pinned ? 'pinned' : entry.made.provider === 'adopted' ? 'adopted' : 'generated'
      await writeLock(
        paths.lock,
        withEntries(lock, [[name, { ...entry, master: { ...entry.master, state } }]]),
      )
    })
  }

  async function rename(from: string, to: string, onEvent: OnEvent = () => {}): Promise<void> {
    const { manifest } = await look()
    const part = manifest.assets.find(({ name, key }) => name === from && key !== from)
    if (part !== undefined) {
      throw new LimnError(
        'asset/unknown',
        `"${from}" is one of the pictures of "${part.key}": its name comes from its values.`,
        { hint: `Rename "${part.key}", or change the value in the manifest.` },
      )
    }
    if (!manifest.assets.some(({ key }) => key === from)) throw unknownAsset(from, manifest)
    if (manifest.assets.some(({ name }) => name === to)) {
      throw new LimnError('asset/exists', `There is a picture named "${to}" already.`, {
        hint: 'Choose another name.',
      })
    }
    const { renameAsset } = await import('../manifest/rename-asset.ts')
    await runAsSingleWriter({ paths, onWait: () => onEvent({ type: 'waiting' }) }, async () => {
      const files = manifest.files.map((file) => ({
        path: join(paths.root, file),
        before: readFileSync(join(paths.root, file), 'utf8'),
      }))
      for (const { path, before } of files) {
        const { text } = renameAsset(before, from, to)
        if (text !== before) await writeFileAtomic(path, text)
      }
      const renamed = await look().catch(async (error: unknown) => {
        // A name that can't be one leaves the manifest as it was.
        for (const { path, before } of files) await writeFileAtomic(path, before)
        throw error
      })
      await moveEntries(renamed, from, to, onEvent)
    })
  }

  /** Moves what the lock has under a name, and below it, to another. */
  async function moveEntries(
    { manifest, lock }: Snapshot,
    from: string,
    to: string,
    onEvent: OnEvent,
  ): Promise<void> {
    const wanted = new Set(manifest.assets.map(({ name }) => name))
    const changes: [string, LockEntry | undefined][] = []
    for (const [name, entry] of lock.assets) {
      const next = `${to}${name.slice(from.length)}`
      if (
        (name !== from && !name.startsWith(`${from}/`)) ||
        wanted.has(name) ||
        !wanted.has(next) ||
        lock.assets.has(next)
      ) {
        continue
      }
      const moved = await moveAsset({ paths, out: manifest.out, from: name, to: next, entry })
      changes.push([name, undefined], [next, moved])
      onEvent({ type: 'moved', asset: next, from: name, path: moved.master.path })
    }
    if (changes.length > 0) await writeLock(paths.lock, withEntries(lock, changes))
  }

  async function prune({ dryRun = false }: { dryRun?: boolean } = {}): Promise<Pruned> {
    const isThere = (path: string): boolean => existsSync(join(paths.root, path))
    const seen = await look()
    if (dryRun) {
      const { assets, files } = findUnasked(seen)
      return { assets, files: files.filter(isThere) }
    }
    return runAsSingleWriter({ paths }, async () => {
      const snapshot = await look()
      const { manifest, lock } = snapshot
      const { changes, assets, files: unasked } = findUnasked(snapshot)
      if (changes.length === 0) return { assets: [], files: [] }
      // A removed master can still be had back: it goes where replaced ones go.
      for (const [name, entry] of changes) {
        if (entry !== undefined || lock.assets.get(name)!.request.operation === 'source') continue
        await backUpMaster(paths, {
          asset: name,
          file: join(paths.root, lock.assets.get(name)!.master.path),
        })
      }
      const files = unasked.filter(isThere)
      // The lock comes last: what it names still, the next prune finds again.
      for (const path of files) {
        const file = join(paths.root, path)
        await removeFile(file)
        for (const top of [paths.masters, manifest.out ?? paths.masters]) {
          await removeEmptyFolders(join(paths.root, top), dirname(file))
        }
      }
      await writeLock(paths.lock, withEntries(lock, changes))
      return { assets, files }
    })
  }
}

/**
 * What a lock has and nothing asks for: its entries as they would be without that, and the files,
 * relative to the root.
 */
function findUnasked(snapshot: Snapshot): Pruned & { changes: [string, LockEntry | undefined][] } {
  const { manifest, lock } = snapshot
  const assetByName = new Map(manifest.assets.map((asset) => [asset.name, asset]))
  // What a renamed asset will take over is asked for still.
  const renamed = new Set(
    createPlan(snapshot).steps.flatMap((step) => (step.kind === 'move' ? [step.from] : [])),
  )
  const changes: [string, LockEntry | undefined][] = []
  const files: string[] = []
  for (const [name, entry] of lock.assets) {
    if (renamed.has(name)) continue
    const asset = assetByName.get(name)
    const unasked = asset === undefined ? Object.keys(entry.outputs) : unaskedOutputs(asset, entry)
    if (asset !== undefined && unasked.length === 0) continue
    // A source is the user's own file.
    if (asset === undefined && entry.request.operation !== 'source') files.push(entry.master.path)
    if (manifest.out !== null) {
      files.push(...unasked.map((file) => `${manifest.out}/${name}/${file}`))
    }
    const outputs = Object.fromEntries(
      Object.entries(entry.outputs).filter(([file]) => !unasked.includes(file)),
    )
    changes.push([name, asset === undefined ? undefined : { ...entry, outputs }])
  }
  return {
    changes,
    assets: changes.flatMap(([name, entry]) => (entry === undefined ? [name] : [])),
    files,
  }
}

/** What to do where an asset has no candidates to pick from. */
function howToGetCandidates(name: string, { assets }: Manifest): string {
  const isAsked = assets.some((asset) => asset.name === name && asset.candidates > 1)
  return isAsked
    ? `Run \`limn generate ${name}\`, with --force where it has a picture; those of a draft are picked with --profile draft.`
    : 'Write `candidates: 4` at it, then run `limn generate`.'
}

/**
 * The outputs of an entry once a person has put this master there: none of them is cut from another
 * one.
 */
function outputsUnder(
  { sha256: digest }: Pick<LockedMaster, 'sha256'>,
  entry: LockEntry | undefined,
): LockEntry['outputs'] {
  if (entry === undefined || entry.master.sha256 === digest) return entry?.outputs ?? {}
  return Object.fromEntries(
    Object.entries(entry.outputs).map(([file, output]) => [file, { ...output, recipe: null }]),
  )
}

/**
 * A picture that is about to become a master, with the facts that the lock keeps; `shownPath` is
 * the file as messages name it. @throws LimnError `picture/unreadable`
 */
async function readMaster(
  file: string,
  shownPath: string,
): Promise<{ bytes: Uint8Array; extension: string; master: Omit<LockedMaster, 'path' | 'state'> }> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new LimnError('picture/unreadable', `${shownPath} can't be read.`, {
      hint: 'Check the path.',
      cause: error,
    })
  })
  const derive = await import('../pictures/read-master.ts')
  const picture = await derive.readMaster(bytes).catch((error: unknown) => {
    if (!(error instanceof LimnError) || error.code !== 'picture/unreadable') throw error
    throw new LimnError(
      'picture/unreadable',
      `${shownPath} is no picture, or is damaged. ${error.message}`,
      {
        hint: 'Name a whole picture: PNG, JPEG, WebP, AVIF, GIF, TIFF or SVG.',
        cause: error.cause,
      },
    )
  })
  return {
    bytes: picture.bytes,
    extension: picture.extension,
    master: { sha256: sha256(picture.bytes), ...(await derive.computeMasterFacts(picture)) },
  }
}
