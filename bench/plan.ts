import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  inTemporaryFolder,
  type Measurement,
  type Row,
  row,
  runLimn,
  runProgram,
  type Size,
  timeAlternating,
} from './measure.ts'
import { createTree, middleFile, PROMPT } from './tree.ts'

const assetsBySize: Record<Size, number> = { tiny: 20, normal: 10_000, full: 10_000 }

/**
 * `limn plan` with nothing to do and after an edit of one prompt, compared with `git status` in the
 * same tree.
 */
export const plan: Measurement = {
  name: 'plan',
  async run(size, onProgress) {
    const assets = assetsBySize[size]
    const rows: Row[] = []
    for (const out of [true, false]) {
      const place = out ? 'in the tree' : 'only in the cache'
      onProgress(`a tree of ${assets} assets, outputs ${place}`)
      const times = await timePlans({ assets, out, runs: size === 'tiny' ? 1 : 10 })
      const tree = `${assets} assets × 5 outputs${out ? '' : ' (no out:)'}`
      const compare = (what: string, limn: readonly number[], atMost: number): Row =>
        row({
          what: `${what}, ${tree}`,
          limn,
          peer: 'git status',
          other: times.git,
          unit: 'ms',
          bar: out ? { atMost } : null,
        })
      rows.push(compare('nothing to do', times.plan, 0.9))
      rows.push(compare('one prompt edited', times.edited, 3))
    }
    return rows
  },
}

async function timePlans({
  assets,
  out,
  runs,
}: {
  assets: number
  out: boolean
  runs: number
}): Promise<Record<'git' | 'plan' | 'edited', number[]>> {
  return inTemporaryFolder(async (root) => {
    await createTree({ root, assets, out, git: true })
    // Two runs: Limn caches a plan only once the stamps of its files are stable.
    for (let run = 0; run < 2; run++) await runLimn(['plan'], root)
    const edit = createEdit(root, middleFile(assets))
    return timeAlternating(runs, {
      git: () => runProgram('git', ['status'], { cwd: root }),
      plan: () => runLimn(['plan'], root),
      edited: async () => {
        edit()
        const started = performance.now()
        await runLimn(['plan'], root)
        return performance.now() - started
      },
      // Reads the edited file once more, so that the next run starts without changes.
      again: () => runLimn(['plan'], root),
    })
  })
}

/** Returns a function that edits a prompt in the middle of a manifest, and reverts it the next time. */
export function createEdit(root: string, file: string): () => void {
  const path = join(root, file)
  const text = readFileSync(path, 'utf8')
  const middle = text.indexOf(PROMPT, Math.floor(text.length / 2))
  const edited = `${text.slice(0, middle)}${text.slice(middle).replace('dawn', 'dusk')}`
  let isEdited = false
  return () => {
    isEdited = !isEdited
    writeFileSync(path, isEdited ? edited : text)
  }
}
