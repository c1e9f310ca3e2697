import { isInOutputs } from './describe-path.ts'
import { knownKeysAt } from './known-keys.ts'
import type { Path } from './path.ts'

/** A part of the manifest, a path into it, and what to do with a key that belongs there. */
type Part = { path: Path; advise: (key: string, from: Path) => string }

/** Where a key can belong, the part that most people mean first. */
const parts: readonly Part[] = [
  { path: [], advise: () => 'Write it at the top of the manifest, without indentation.' },
  {
    path: ['defaults'],
    advise: (key) => `Write it in an asset, or for all assets: \`defaults: { ${key}: … }\`.`,
  },
  {
    path: ['assets', '*'],
    advise: (key, from) =>
      `\`${key}\` is a key of assets: write it in each asset${from[0] === 'defaults' ? ", as `defaults` can't set it" : ''}.`,
  },
  {
    path: ['assets', '*', 'outputs', 0],
    advise: (key) => `Write it in an output: \`outputs: [{ preset: og, ${key}: … }]\`.`,
  },
  {
    path: ['styles', '*'],
    advise: (key) => `Write it in a style: \`styles: { brand: { ${key}: … } }\`.`,
  },
]

/**
 * Returns where to write a key that another part of the manifest has; `undefined` for any other
 * key.
 *
 * @param path path of the map that has the key
 */
export function explainMisplacedKey(key: string, path: Path): string | undefined {
  const here = partOf(path)
  if (here === undefined) return undefined
  const part = parts.find((each) => each !== here && knownKeysAt(each.path).includes(key))
  return part?.advise(key, path)
}

function partOf(path: Path): Part | undefined {
  if (isInOutputs(path)) return parts.find((part) => isInOutputs(part.path))
  return parts.find(
    (part) =>
      part.path.length === path.length && part.path[0] === path[0] && !isInOutputs(part.path),
  )
}
