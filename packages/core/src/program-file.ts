/**
 * Returns the URL of a file at the root of this package, such as one that the build writes. In a
 * clone it may be missing.
 */
export function packageFile(name: string): URL {
  return new URL(`../${name}`, import.meta.url)
}

/** A module that runs in a process or thread of its own, below `src`. */
export type Program =
  | 'pictures/picture-process'
  | 'derive/overlay/overlay-process'
  | 'providers/local/worker'
  | 'disk/stamp-worker'

/**
 * Returns the URL of a program, from source or from the build. The build merges modules into chunks
 * at the root of `dist`, so only a module at the root of `src` can tell where another file is.
 */
export function programUrl(program: Program): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return new URL(`./${program}.${extension}`, import.meta.url)
}
