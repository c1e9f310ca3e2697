import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename, dirname } from 'node:path'
import {
  cloneTree,
  direntOf,
  type DiskState,
  type Entries,
  type Entry,
  failure,
  type File,
  type Folder,
  now,
  stateOf,
  statsOf,
  syncAll,
  syncedTree,
} from './disk-tree.ts'
import { patch } from './patch.ts'

/*
 * A disk in memory with the semantics of a crash, mounted below a path: while it is mounted, the
 * functions of `node:fs` that Limn uses work on it for paths below, and on the real disk for others.
 *
 * Each file knows which content was synced, and each folder which entries were. `crashStates` lists
 * what a crash at this moment may leave behind.
 */

/** A change of the disk: the only moments at which a crash makes a difference. */
type DiskStep = { action: string; path: string }

export type MemoryDisk = {
  readonly state: DiskState
  /** Replaces everything by a state, as if it was on the disk for long. */
  restore(state: DiskState): void
  /** Lists the different states that a crash may leave: of the process, or of the whole machine. */
  crashStates(): { name: string; state: DiskState }[]
  /** Called before each change. */
  onStep: (step: DiskStep) => void
  /** Called after each asynchronous change, which resolves when the promise does. */
  onDone: (step: DiskStep) => Promise<void>
}

const ROOT_FLAGS = fs.constants.O_CREAT

/** Mounts a new disk at an absolute path. @returns the disk, and a function that unmounts it */
export function mountMemoryDisk(mount: string): { disk: MemoryDisk; unmount: () => void } {
  let nextId = 1
  let root = newFolder()
  /** The entries of all folders after each change since the last sync: a crash may leave any. */
  let trees: Entries[] = []
  const handles = new Map<number, { file: Entry; position: number }>()
  let nextHandle = 1_000_000

  function newFolder(): Folder {
    return { kind: 'folder', id: nextId++, entries: new Map(), synced: new Map(), mtimeMs: now() }
  }
  const isOurs = (path: unknown): path is string =>
    typeof path === 'string' && (path === mount || path.startsWith(`${mount}/`))

  function find(path: string): Entry | undefined {
    let entry: Entry | undefined = root
    for (const name of path.slice(mount.length).split('/').filter(Boolean)) {
      if (entry?.kind === 'file') throw failure('ENOTDIR', path)
      entry = entry?.entries.get(name)
    }
    return entry
  }
  function require(path: string): Entry {
    const entry = find(path)
    if (entry === undefined) throw failure('ENOENT', path)
    return entry
  }
  function folderOf(path: string): Folder {
    const entry = require(dirname(path))
    if (entry.kind === 'file') throw failure('ENOTDIR', path)
    return entry
  }
  const changed = (): void => void trees.push(cloneTree(root.entries))

  /** The changes, without the waiting. */
  const change = {
    create(path: string, { exclusive = false } = {}): File {
      const existing = find(path)
      if (existing !== undefined) {
        if (exclusive) throw failure('EEXIST', path)
        if (existing.kind === 'folder') throw failure('EISDIR', path)
        return existing
      }
      const file: File = {
        kind: 'file',
        id: nextId++,
        bytes: Buffer.alloc(0),
        synced: undefined,
        mtimeMs: now(),
      }
      folderOf(path).entries.set(basename(path), file)
      changed()
      return file
    },
    write(file: File, bytes: Buffer): void {
      Object.assign(file, { bytes, mtimeMs: now() })
    },
    sync(entry: Entry): void {
      if (entry.kind === 'file') entry.synced = entry.bytes
      else entry.synced = new Map(entry.entries)
      // A sync also commits all earlier changes of folders, on disks that keep their order.
      trees = [cloneTree(root.entries)]
    },
    rename(from: string, to: string): void {
      const entry = require(from)
      const target = find(to)
      if (target?.kind === 'folder' && (entry.kind === 'file' || target.entries.size > 0)) {
        throw failure(entry.kind === 'file' ? 'EISDIR' : 'ENOTEMPTY', to)
      }
      if (target?.kind === 'file' && entry.kind === 'folder') throw failure('ENOTDIR', to)
      const folder = folderOf(to)
      folderOf(from).entries.delete(basename(from))
      folder.entries.set(basename(to), entry)
      changed()
    },
    link(from: string, to: string): void {
      if (find(to) !== undefined) throw failure('EEXIST', to)
      folderOf(to).entries.set(basename(to), require(from))
      changed()
    },
    remove(path: string, { force = false, recursive = false }: fs.RmOptions = {}): void {
      const entry = find(path)
      if (entry === undefined) {
        if (force) return
        throw failure('ENOENT', path)
      }
      if (entry.kind === 'folder' && !recursive) throw failure('EISDIR', path)
      folderOf(path).entries.delete(basename(path))
      changed()
    },
    removeFolder(path: string): void {
      const entry = require(path)
      if (entry.kind === 'file') throw failure('ENOTDIR', path)
      if (entry.entries.size > 0) throw failure('ENOTEMPTY', path)
      folderOf(path).entries.delete(basename(path))
      changed()
    },
    /** @returns the topmost folder that it creates */
    makeFolder(path: string): string | undefined {
      if (find(path) !== undefined) return undefined
      const top = change.makeFolder(dirname(path))
      folderOf(path).entries.set(basename(path), newFolder())
      changed()
      return top ?? path
    },
  }

  const disk: MemoryDisk = {
    onStep: () => {},
    onDone: () => Promise.resolve(),
    get state() {
      return stateOf(root.entries, mount, ({ bytes }) => bytes)
    },
    restore(state) {
      root = newFolder()
      trees = []
      for (const [path, bytes] of state) {
        change.makeFolder(bytes === null ? path : dirname(path))
        if (bytes !== null) change.write(change.create(path), bytes)
      }
      syncAll(root)
      trees = [cloneTree(root.entries)]
    },
    crashStates() {
      const states = [{ name: 'the process dies', state: disk.state }]
      const torn = ({ bytes, synced = Buffer.alloc(0) }: File): Buffer =>
        bytes.subarray(0, (synced.length + bytes.length) >> 1)
      for (const [index, tree] of trees.entries()) {
        const suffix = `, ${trees.length - 1 - index} changes are lost`
        states.push(
          { name: `power fails${suffix}`, state: stateOf(tree, mount, ({ bytes }) => bytes) },
          {
            name: `power fails, unsynced content is torn${suffix}`,
            state: stateOf(tree, mount, torn),
          },
          {
            name: `power fails, unsynced content is lost${suffix}`,
            state: stateOf(tree, mount, ({ synced }) => synced ?? Buffer.alloc(0)),
          },
        )
      }
      states.push({
        name: 'power fails, only what was synced is left',
        state: stateOf(syncedTree(root), mount, ({ synced }) => synced ?? Buffer.alloc(0)),
      })
      return states
    },
  }

  const step = async <T>(action: string, path: string, work: () => T): Promise<T> => {
    disk.onStep({ action, path })
    const result = work()
    await disk.onDone({ action, path })
    return result
  }
  const stepSync = <T>(action: string, path: string, work: () => T): T => {
    disk.onStep({ action, path })
    return work()
  }

  const sync = {
    existsSync: (path: string): boolean => find(path) !== undefined,
    statSync: (path: string, options?: fs.StatSyncOptions) => statIfExists(path, options),
    lstatSync: (path: string, options?: fs.StatSyncOptions) => statIfExists(path, options),
    realpathSync: (path: string): string => (require(path), path.replace(/\/+$/, '')),
    readdirSync(path: string, options: { withFileTypes?: boolean; recursive?: boolean } = {}) {
      const list = (folder: string): unknown[] => {
        const entry = require(folder)
        if (entry.kind === 'file') throw failure('ENOTDIR', folder)
        return [...entry.entries].flatMap(([name, child]) => [
          options.withFileTypes === true ? direntOf(folder, name, child) : name,
          ...(options.recursive === true && child.kind === 'folder'
            ? list(`${folder}/${name}`)
            : []),
        ])
      }
      return list(path)
    },
    readFileSync(path: string, encoding?: BufferEncoding | { encoding?: BufferEncoding }) {
      const entry = require(path)
      if (entry.kind === 'folder') throw failure('EISDIR', path)
      const name = typeof encoding === 'string' ? encoding : encoding?.encoding
      return name === undefined ? Buffer.from(entry.bytes) : entry.bytes.toString(name)
    },
    openSync(path: string, flags: number | string = 'r'): number {
      const creates = typeof flags === 'number' ? (flags & ROOT_FLAGS) !== 0 : flags !== 'r'
      const create = (): File => change.create(path, { exclusive: flags === 'wx' })
      const isNew = creates && find(path) === undefined
      const file = isNew ? stepSync('create', path, create) : creates ? create() : require(path)
      handles.set(nextHandle, { file, position: 0 })
      return nextHandle++
    },
    writeFileSync(path: string, data: string | Uint8Array, options?: { flag?: string }): void {
      const create = (): File => change.create(path, { exclusive: options?.flag === 'wx' })
      const file = stepSync('create', path, create)
      stepSync('write', path, () => change.write(file, Buffer.from(data as Uint8Array)))
    },
    renameSync(from: string, to: string): void {
      stepSync('rename', to, () => change.rename(from, to))
    },
    rmSync(path: string, options?: fs.RmOptions): void {
      stepSync('remove', path, () => change.remove(path, options))
    },
    mkdirSync(path: string): string | undefined {
      if (find(path) !== undefined) return undefined
      return stepSync('make folder', path, () => change.makeFolder(path))
    },
  }

  function statIfExists(path: string, options?: fs.StatSyncOptions): fs.Stats | undefined {
    const entry = find(path)
    if (entry !== undefined) return statsOf(entry)
    if (options?.throwIfNoEntry === false) return undefined
    throw failure('ENOENT', path)
  }

  const byHandle = {
    closeSync: (handle: number): void => void handles.delete(handle),
    fstatSync: (handle: number): fs.Stats => statsOf(handles.get(handle)!.file),
    readSync(handle: number, into: Uint8Array, offset: number, length: number): number {
      const open = handles.get(handle)!
      const { bytes } = open.file as File
      const read = bytes.copy(into, offset, open.position, open.position + length)
      open.position += read
      return read
    },
    writeSync(handle: number, text: string): number {
      const file = handles.get(handle)!.file as File
      const bytes = Buffer.concat([file.bytes, Buffer.from(text)])
      stepSync('append', '', () => change.write(file, bytes))
      return text.length
    },
  }

  function handleOf(entry: Entry, path: string): unknown {
    const file = entry as File
    const write = (bytes: Buffer): Promise<void> =>
      step('write', path, () => change.write(file, bytes))
    const syncEntry = (): Promise<void> => step('sync', path, () => change.sync(entry))
    return {
      writeFile: (data: string | Uint8Array) => write(Buffer.from(data as Uint8Array)),
      appendFile: (data: string) => write(Buffer.concat([file.bytes, Buffer.from(data)])),
      sync: syncEntry,
      datasync: syncEntry,
      stat: () => Promise.resolve(statsOf(entry)),
      read(buffer: Buffer, offset: number, length: number, position: number) {
        const bytesRead = file.bytes.copy(buffer, offset, position, position + length)
        return Promise.resolve({ bytesRead, buffer })
      },
      close: () => Promise.resolve(),
    }
  }

  const promises = {
    async mkdir(path: string) {
      if (find(path) !== undefined) return undefined
      return step('make folder', path, () => change.makeFolder(path))
    },
    async open(path: string, flags: number | string = 'r') {
      const creates = typeof flags === 'number' ? (flags & ROOT_FLAGS) !== 0 : flags !== 'r'
      if (!creates) return handleOf(require(path), path)
      const create = (): File => change.create(path, { exclusive: flags === 'wx' })
      return handleOf(
        find(path) === undefined ? await step('create', path, create) : create(),
        path,
      )
    },
    rename: (from: string, to: string) => step('rename', to, () => change.rename(from, to)),
    async rm(path: string, options?: fs.RmOptions) {
      if (find(path) === undefined) return change.remove(path, options)
      return step('remove', path, () => change.remove(path, options))
    },
    async rmdir(path: string) {
      if (find(path) === undefined) throw failure('ENOENT', path)
      return step('remove folder', path, () => change.removeFolder(path))
    },
    async writeFile(path: string, data: string, options?: { flag?: string }) {
      const create = (): File => change.create(path, { exclusive: options?.flag === 'wx' })
      const file = await step('create', path, create)
      return step('write', path, () => change.write(file, Buffer.from(data)))
    },
    link: (from: string, to: string) => step('link', to, () => change.link(from, to)),
    async utimes(path: string, _: unknown, at: Date) {
      require(path).mtimeMs = at.getTime()
      return Promise.resolve()
    },
    async access(path: string) {
      require(path)
      return Promise.resolve()
    },
    async statfs() {
      return Promise.resolve({ bavail: 1e9, bsize: 4096, blocks: 2e9 })
    },
  }

  const unpatch = [
    patch(fs as never, sync, isOurs),
    patch(fs.promises as never, promises, isOurs),
    patch(fs as never, byHandle, (handle) => typeof handle === 'number' && handle >= 1_000_000),
  ]
  syncBuiltinESMExports()
  return {
    disk,
    unmount() {
      for (const undo of unpatch) undo()
      syncBuiltinESMExports()
    },
  }
}
