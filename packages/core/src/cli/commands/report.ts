import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { count } from '../../count.ts'
import { LimnError } from '../../errors.ts'
import { formatBytes, parseBytes } from '../../project/byte-text.ts'
import { type MadeReport, makeReport, REPORT_MARK } from '../../project/report/report.ts'
import { writeDocument } from '../../project/write-document.ts'
import type { CommandContext } from '../command.ts'
import { openBrowser } from '../open-browser.ts'
import { openProjectFor } from '../open-project.ts'
import { textOption } from '../project-options.ts'

const FILE = 'limn-report.html'
const MAX_SIZE = '10MB'

/** Runs `limn report`: writes the contact sheet as one HTML file. */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, cwd, env, signal } = context
  const file = textOption(options, 'out') ?? FILE
  const maxSize = textOption(options, 'max-size') ?? MAX_SIZE
  const project = openProjectFor(context)
  const made = await makeReport(project, {
    ...parseSelection(context),
    maxBytes: parseBytes('max-size', maxSize),
    onProgress: (done, total) => output.status(`Reading pictures: ${done} of ${total}`),
    signal,
  })
  output.status(undefined)
  const path = resolve(cwd, file)
  await writeDocument(path, made.html, {
    mark: REPORT_MARK,
    option: 'out',
    root: project.paths.root,
  })
  const bytes = Buffer.byteLength(made.html)
  const { html: _, embedded, ...facts } = made
  const { pictures: __, ...pictures } = embedded
  output.event({ type: 'wrote', file, bytes, ...facts, ...pictures })
  for (const line of describe(made, { file, bytes })) output.line(line)
  if (options['open'] === true) openBrowser(pathToFileURL(path).href, env)
  return 0
}

/** @throws LimnError `usage` */
function parseSelection({ options }: CommandContext): { onlyChanged: boolean; base?: string } {
  const only = textOption(options, 'only')
  const base = textOption(options, 'base')
  if (only !== undefined && only !== 'changed') {
    throw new LimnError('usage', `--only does not know "${only}".`, {
      hint: 'Write --only changed.',
    })
  }
  if (base !== undefined && only === undefined) {
    throw new LimnError('usage', '--base has an effect only with --only changed.', {
      hint: 'Add --only changed, or leave out --base.',
    })
  }
  return { onlyChanged: only === 'changed', ...(base === undefined ? {} : { base }) }
}

function describe(
  { assets, embedded: { edges, withoutThumb, large } }: MadeReport,
  { file, bytes }: { file: string; bytes: number },
): string[] {
  const sizes = [
    ...(edges.thumb === 0 ? [] : [`thumbnails of ${edges.thumb} px`]),
    ...(large === 0 ? [] : [`${count(large, 'larger picture')} of ${edges.large} px`]),
  ]
  const without =
    withoutThumb === 0
      ? []
      : [`${count(withoutThumb, 'asset')} without a thumbnail: --max-size allows more.`]
  return [
    `Wrote ${file}: ${count(assets, 'asset')}, ${formatBytes(bytes)}${sizes.length === 0 ? '' : ` (${sizes.join(', ')})`}.`,
    ...without,
  ]
}
