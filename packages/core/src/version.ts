import { fs } from './disk/node-builtins.ts'

/** Returns the version of this package. */
export function limnVersion(): string {
  const file = new URL('../package.json', import.meta.url)
  return (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version
}

/**
 * Version of everything that Limn caches between runs: parsed manifests and plans. It is raised
 * whenever the same files would resolve to another manifest or plan, which invalidates older
 * entries.
 */
export const CACHE_VERSION = 23
