import { readFacts } from './read-facts.ts'

/** Reads the size of an upright picture (px) from its bytes; `undefined` if it is no picture. */
export async function readSize(
  bytes: Uint8Array,
): Promise<{ width: number; height: number } | undefined> {
  return readFacts(bytes).then(
    ({ width, height }) => ({ width, height }),
    () => undefined,
  )
}
