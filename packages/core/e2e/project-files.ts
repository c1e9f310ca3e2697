import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'

/** The parsed JSON of a lockfile. */
export type LockJson = {
  assets: Record<
    string,
    {
      request: Record<string, string>
      master: { path: string; sha256: string; state: string; width: number; height: number }
      made: Record<string, unknown>
      outputs: Record<string, { sha256: string; width: number; height: number }>
    }
  >
}

/** Access to the files of a test project. Paths are relative to its root. */
export type ProjectFiles = {
  write(path: string, content: string | Uint8Array): void
  /** Replaces text in the manifest, and asserts that it occurs there. */
  edit(from: string, to: string): void
  bytes(path: string): Buffer
  text(path: string): string
  has(path: string): boolean
  /** Lists the files in a folder, sorted. Default: the whole project except `.limn` and the cache. */
  list(folder?: string): string[]
  lock(): LockJson
}

export function createProjectFiles(root: string): ProjectFiles {
  const at = (path: string): string => join(root, path)
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), content)
  }
  const text = (path: string): string => readFileSync(at(path), 'utf8')
  const list = (folder = ''): string[] => {
    const entries = existsSync(at(folder))
      ? readdirSync(at(folder), { recursive: true, withFileTypes: true })
      : []
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    return paths.filter((path) => folder !== '' || !/^(\.limn|node_modules)\//.test(path)).sort()
  }
  return {
    write,
    edit(from, to) {
      expect(text('images.yaml')).toContain(from)
      write('images.yaml', text('images.yaml').replace(from, to))
    },
    bytes: (path) => readFileSync(at(path)),
    text,
    has: (path) => list().includes(path),
    list,
    lock: () => JSON.parse(text('images.lock')) as LockJson,
  }
}

/** Asserts that neither the files below a folder nor some values contain a key. */
export function expectWithoutKey(root: string, key: string, values: readonly unknown[]): void {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  for (const { parentPath, name } of files) {
    const hasKey = readFileSync(join(parentPath, name)).includes(key)
    expect(hasKey, `${name} contains the key`).toBe(false)
  }
  const texts = JSON.stringify(values, (_, value: unknown) =>
    value instanceof Error ? `${value.stack} ${String(value.cause)}` : value,
  )
  expect(texts).not.toContain(key)
}
