import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { inFolder, median, type Measurement, row, runLimn, type Size, timed } from './measure.ts'
import { createEdit } from './plan.ts'
import { createTree, middleFile } from './tree.ts'

const sizes: Record<Size, number[]> = {
  tiny: [5, 50],
  normal: [1000, 10_000],
  full: [1000, 10_000, 100_000],
}

/**
 * How `limn plan` grows with the manifest: each size ten times the one before. The largest stands
 * in several files that the manifest includes.
 */
export const growth: Measurement = {
  name: 'growth',
  async run(size, note) {
    const turns = size === 'tiny' ? 1 : 5
    const times: { assets: number; cold: number; plan: number; edited: number }[] = []
    for (const assets of sizes[size]) {
      note(`a tree of ${assets} assets`)
      await inFolder(async (root) => {
        await createTree({ root, assets, out: true, git: false })
        rmSync(join(root, 'node_modules'), { recursive: true })
        const cold = await timed(() => runLimn(['plan'], root))
        await runLimn(['plan'], root)
        const plan = median(await repeat(turns, () => timed(() => runLimn(['plan'], root))))
        const edit = createEdit(root, middleFile(assets))
        const edited = await repeat(turns, () => {
          edit()
          return timed(() => runLimn(['plan'], root))
        })
        times.push({ assets, cold, plan, edited: median(edited) })
      })
    }
    return times.slice(1).flatMap((larger, index) => {
      const smaller = times[index]!
      const figures = (what: string, limn: number, other: number): Parameters<typeof row>[0] => ({
        what: `${what}, ${larger.assets} assets`,
        limn,
        peer: `${smaller.assets} assets`,
        other,
        unit: 'ms',
        bar: { atMost: 12 },
      })
      return [
        row(figures('nothing to do', larger.plan, smaller.plan)),
        row(figures('one prompt edited', larger.edited, smaller.edited)),
        row(figures('first plan, no cache', larger.cold, smaller.cold)),
      ]
    })
  },
}

async function repeat<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let time = 0; time < times; time++) results.push(await work())
  return results
}
