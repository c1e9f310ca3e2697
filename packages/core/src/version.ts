import { fs } from './disk/node-builtins.ts'

/** Returns the version of this package. */
export function limnVersion(): string {
  return readPackage().version
}

/** Returns the range of Node versions that this package requires: `>=24`. */
export function requiredNode(): string {
  return readPackage().engines.node
}

function readPackage(): { version: string; engines: { node: string } } {
  return JSON.parse(
    fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as ReturnType<typeof readPackage>
}

/**
 * Version of everything that Limn caches between runs: parsed manifests and plans. It is raised
 * whenever the same files would resolve to another manifest or plan, which invalidates older
 * entries.
 */
export const CACHE_VERSION = 17
