import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  inTemporaryFolder,
  type Measurement,
  row,
  runLimn,
  type Size,
  timeAlternating,
  timed,
} from './measure.ts'

const rowsBySize: Record<Size, number> = { tiny: 20, normal: 10_000, full: 10_000 }

/** Where the pictures of a project are written. */
type Form = 'manifest' | 'csv' | 'posts'

type Times = Record<'plan' | 'edited' | 'cold', readonly number[]>

/**
 * `limn plan` of pictures that come from rows of data, compared with the same pictures written in
 * the manifest.
 */
export const data: Measurement = {
  name: 'data',
  async run(size, onProgress) {
    const count = rowsBySize[size]
    const runs = size === 'tiny' ? 1 : 5
    onProgress(`a manifest of ${count} assets`)
    const written = await timePlans('manifest', count, runs)
    const sources = { csv: 'lines of a CSV file', posts: 'Markdown posts' } as const
    const rows: ReturnType<typeof row>[] = []
    for (const [form, what] of Object.entries(sources)) {
      onProgress(`${count} ${what}`)
      const times = await timePlans(form as Form, count, runs)
      const labels = { plan: 'nothing to do', edited: 'one row edited', cold: 'first plan' }
      for (const [key, label] of Object.entries(labels)) {
        rows.push(
          row({
            what: `${label}, ${count} ${what}`,
            limn: times[key as keyof Times],
            peer: 'the same assets in images.yaml',
            other: written[key as keyof Times],
            unit: 'ms',
            bar: null,
          }),
        )
      }
    }
    return rows
  },
}

async function timePlans(form: Form, count: number, runs: number): Promise<Times> {
  return inTemporaryFolder(async (root) => {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    let title = 0
    const edit = (): void => {
      title++
      for (const [path, text] of filesOf(form, count, title)) write(path, text)
    }
    for (const [path, text] of filesOf(form, count)) write(path, text)
    const cold = await timed(() => runLimn(['plan'], root))
    await runLimn(['plan'], root)
    const times = await timeAlternating(runs, {
      plan: () => runLimn(['plan'], root),
      edited: async () => {
        edit()
        return timed(() => runLimn(['plan'], root))
      },
      // Reads the edited file once more, so that the next run starts without changes.
      again: () => runLimn(['plan'], root),
    })
    rmSync(join(root, 'node_modules'), { recursive: true, force: true })
    return { ...times, cold: [cold, await timed(() => runLimn(['plan'], root))] }
  })
}

/** Returns the files of a project; with `edit`, only the one of which a title changes. */
function filesOf(form: Form, count: number, edit = 0): [path: string, text: string][] {
  const middle = Math.floor(count / 2)
  const titles = Array.from({ length: count }, (_, number) =>
    number === middle && edit > 0 ? `Title ${number}, edit ${edit}` : `Title ${number}`,
  )
  if (form === 'manifest') {
    const entries = titles.map(
      (title, number) =>
        `  card/p${number}: { prompt: "A card: ${title}", alt: "${title}", outputs: [og] }\n`,
    )
    return [['images.yaml', `version: 1\nprovider: openai\nassets:\n${entries.join('')}`]]
  }
  const from = form === 'csv' ? 'titles.csv' : 'posts/*.md'
  const manifest = `version: 1\nprovider: openai\nassets:\n  card: { matrix: { from: '${from}' }, prompt: 'A card: {{title}}', alt: '{{title}}', outputs: [og] }\n`
  const files: [string, string][] = edit > 0 ? [] : [['images.yaml', manifest]]
  if (form === 'csv') {
    const lines = titles.map((title, number) => `p${number},"${title}"\n`)
    return [...files, ['titles.csv', `slug,title\n${lines.join('')}`]]
  }
  const posts = titles.map((title, number): [string, string] => [
    `posts/p${number}.md`,
    `---\ntitle: "${title}"\n---\n`,
  ])
  return [...files, ...(edit > 0 ? [posts[middle]!] : posts)]
}
