import { rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  inTemporaryFolder,
  type Measurement,
  row,
  runLimn,
  type Size,
  timed,
  type Values,
} from './measure.ts'
import { createEdit } from './plan.ts'
import { createTree, middleFile } from './tree.ts'

const sizes: Record<Size, number[]> = {
  tiny: [5, 50],
  normal: [1000, 10_000],
  full: [1000, 10_000, 100_000],
}

/** Times of `limn plan`, ms. */
type PlanTimes = { assets: number; cold: number; plan: number[]; edited: number[] }

/**
 * Growth of the time of `limn plan` with the manifest: each size is ten times the previous one. The
 * largest manifest is split into several included files.
 */
export const growth: Measurement = {
  name: 'growth',
  async run(size, onProgress) {
    const times: PlanTimes[] = []
    for (const assets of sizes[size]) {
      onProgress(`a tree of ${assets} assets`)
      times.push(await timePlans(assets, size === 'tiny' ? 1 : 5))
    }
    return times.slice(1).flatMap((larger, index) => {
      const smaller = times[index]!
      const values = (what: string, limn: Values, other: Values): Parameters<typeof row>[0] => ({
        what: `${what}, ${larger.assets} assets`,
        limn,
        peer: `${smaller.assets} assets`,
        other,
        unit: 'ms',
        bar: { atMost: 12 },
      })
      return [
        row(values('nothing to do', larger.plan, smaller.plan)),
        row(values('one prompt edited', larger.edited, smaller.edited)),
        row(values('first plan, no cache', larger.cold, smaller.cold)),
      ]
    })
  },
}

async function timePlans(assets: number, runs: number): Promise<PlanTimes> {
  return inTemporaryFolder(async (root) => {
    await createTree({ root, assets, out: true, git: false })
    rmSync(join(root, 'node_modules'), { recursive: true })
    const cold = await timed(() => runLimn(['plan'], root))
    await runLimn(['plan'], root)
    const plan = await repeat(runs, () => timed(() => runLimn(['plan'], root)))
    const edit = createEdit(root, middleFile(assets))
    const edited = await repeat(runs, () => {
      edit()
      return timed(() => runLimn(['plan'], root))
    })
    return { assets, cold, plan, edited }
  })
}

async function repeat<T>(times: number, task: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let time = 0; time < times; time++) results.push(await task())
  return results
}
