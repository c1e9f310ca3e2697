import { inTemporaryFolder, type Measurement, row, runLimn, type Size, timed } from './measure.ts'
import { measurePeak } from './peak-memory.ts'
import { createTree } from './tree.ts'

const assetsBySize: Record<Size, number> = { tiny: 20, normal: 100_000, full: 100_000 }

const MAX_FIRST_MS = 10_000
const MAX_REPEATED_MS = 1000
const MAX_MB = 600

/** `limn plan` of the largest project that Limn is made for, compared with targets. */
export const large: Measurement = {
  name: 'large',
  async run(size, onProgress) {
    const assets = assetsBySize[size]
    const runs = size === 'tiny' ? 1 : 5
    return inTemporaryFolder(async (root) => {
      onProgress(`a tree of ${assets} assets`)
      await createTree({ root, assets, out: false, git: false })
      const plan = (): Promise<number> => timed(() => runLimn(['plan'], root))
      let mb = 0
      const first = await timed(async () => {
        mb = await measurePeak(['plan'], root)
      })
      // Limn caches a plan only once the stamps of its files are stable.
      await plan()
      const repeated: number[] = []
      while (repeated.length < runs) repeated.push(await plan())
      const tree = `${assets} assets × 5 outputs (no out:)`
      const compare = (what: string, limn: number | number[], unit: 'ms' | 'MB', target: number) =>
        row({
          what: `${what}, ${tree}`,
          limn,
          peer: 'target',
          other: target,
          unit,
          bar: { atMost: 1 },
        })
      return [
        compare('first plan, no cache', first, 'ms', MAX_FIRST_MS),
        compare('peak memory of the first plan', mb, 'MB', MAX_MB),
        compare('nothing to do', repeated, 'ms', MAX_REPEATED_MS),
      ]
    })
  },
}
