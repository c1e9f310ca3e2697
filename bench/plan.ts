import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  inFolder,
  type Measurement,
  type Row,
  row,
  runLimn,
  runProgram,
  sideBySide,
  type Size,
} from './measure.ts'
import { createTree, middleFile, PROMPT } from './tree.ts'

const assetsBySize: Record<Size, number> = { tiny: 20, normal: 10_000, full: 10_000 }

/**
 * `limn plan` where nothing is to be done, and where one prompt was edited, beside `git status`
 * over the same tree.
 */
export const plan: Measurement = {
  name: 'plan',
  async run(size, note) {
    const assets = assetsBySize[size]
    const turns = size === 'tiny' ? 1 : 10
    const rows: Row[] = []
    for (const out of [true, false]) {
      note(
        `a tree of ${assets} assets, ${out ? 'finished files in the tree' : 'finished files in the cache alone'}`,
      )
      await inFolder(async (root) => {
        await createTree({ root, assets, out, git: true })
        // Twice: a plan is remembered only once the files it was worked out from are at rest.
        for (let time = 0; time < 2; time++) await runLimn(['plan'], root)
        const edit = createEdit(root, middleFile(assets))
        const times = await sideBySide(turns, {
          git: () => runProgram('git', ['status'], { cwd: root }),
          plan: () => runLimn(['plan'], root),
          edited: async () => {
            edit()
            const started = performance.now()
            await runLimn(['plan'], root)
            return performance.now() - started
          },
          // What was edited is read once more, so that the next turn begins with nothing changed.
          again: () => runLimn(['plan'], root),
        })
        const tree = `${assets} assets × 5 ${out ? '' : '(no out:) '}`.trim()
        rows.push(
          row({
            what: `nothing to do, ${tree}`,
            limn: times.plan,
            peer: 'git status',
            other: times.git,
            unit: 'ms',
            bar: out ? { atMost: 1 } : null,
          }),
        )
        rows.push(
          row({
            what: `one prompt edited, ${tree}`,
            limn: times.edited,
            peer: 'git status',
            other: times.git,
            unit: 'ms',
            bar: out ? { atMost: 3 } : null,
          }),
        )
      })
    }
    return rows
  },
}

/** Edits one prompt in the middle of a manifest's file, to and fro. */
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
