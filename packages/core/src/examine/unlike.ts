import type { Verdict } from '../lock/verdict.ts'
import { formatShare } from './not-blank.ts'
import { compareHashes, type PerceptualHash } from './perceptual-hash.ts'

/** Tests that a picture is no near duplicate of another asset's picture. */
export function testUnlike(hash: PerceptualHash, name: string, other: PerceptualHash): Verdict {
  const { structure, colour } = compareHashes(hash, other)
  const passed = structure > 1 || colour > 1
  return {
    test: 'unlike',
    of: name,
    passed,
    reason: passed
      ? `The picture differs from ${name} in its ${structure > 1 ? 'structure' : 'colours'}.`
      : `The picture is a near duplicate of ${name}: ${formatShare(structure / 4)} of its structure differs; more than ${formatShare(1 / 4)} is expected.`,
  }
}
