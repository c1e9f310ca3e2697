import { resolve } from 'node:path'
import { formatBytes, parseBytes } from '../../project/byte-text.ts'
import type { Compared } from '../../project/compare/compare.ts'
import type { Policies } from '../../project/compare/policies.ts'
import { listFailures, parseFailOn } from '../../project/compare/policies.ts'
import type { CommandContext } from '../command.ts'
import { compareLines } from '../compare-lines.ts'
import { openProjectFor } from '../open-project.ts'
import { textOption } from '../project-options.ts'

/** Most bytes of previews in a document by default. */
const MAX_SIZE = '10MB'

/**
 * Runs `limn compare BASE [HEAD]`: reads git objects and files, writes only the documents that it
 * is asked for. Returns 1 if the comparison breaks a policy.
 */
export async function run(context: CommandContext): Promise<number> {
  const { args, output, options, signal } = context
  const policies = parsePolicies(context)
  const html = textOption(options, 'html')
  const maxSize = parseBytes('max-size', textOption(options, 'max-size') ?? MAX_SIZE)
  const project = openProjectFor(context)
  const { root } = project.paths
  const compared = await project.compare({
    base: args[0]!,
    head: args[1],
    withPreviews: html !== undefined,
    onProgress: (done, total) => output.status(`Comparing pictures: ${done} of ${total}`),
    signal,
  })
  output.status(undefined)
  const { comparison } = compared
  const failures = listFailures(comparison, policies)
  output.event({ type: 'compared', ...comparison, failures })
  const isPrinted = await printOrWriteMarkdown(compared, { failures, root, context })
  if (!isPrinted) for (const line of compareLines(comparison, output)) output.line(line)
  if (html !== undefined) {
    const written = await writeHtml(compared, { failures, root, context, maxSize, file: html })
    if (!isPrinted) output.line(written)
  }
  for (const failure of failures) output.problem(`✗ ${failure}`)
  return failures.length === 0 ? 0 : 1
}

/** @throws LimnError `usage` */
function parsePolicies({ options }: CommandContext): Policies {
  const maxBytes = textOption(options, 'max-bytes')
  const failOn = textOption(options, 'fail-on')
  return {
    maxBytes: maxBytes === undefined ? undefined : parseBytes('max-bytes', maxBytes),
    failOn: failOn === undefined ? [] : parseFailOn(failOn),
  }
}

/** What the documents of a comparison need. */
type Writing = {
  failures: readonly string[]
  /** Of the project, absolute. */
  root: string
  context: CommandContext
}

/** @returns whether standard output has the Markdown, and must have nothing else */
async function printOrWriteMarkdown(
  { comparison }: Compared,
  { failures, root, context: { cwd, options, output } }: Writing,
): Promise<boolean> {
  const file = textOption(options, 'markdown')
  if (file === undefined) return false
  const { formatMarkdown, MARKDOWN_MARK } = await import('../../project/compare/format-markdown.ts')
  const text = formatMarkdown(comparison, failures)
  if (file === '-') {
    for (const line of text.trimEnd().split('\n')) output.data(line)
    return true
  }
  const { writeDocument } = await import('../../project/write-document.ts')
  await writeDocument(resolve(cwd, file), text, { mark: MARKDOWN_MARK, option: 'markdown', root })
  return false
}

/** @returns what to print */
async function writeHtml(
  { comparison, previewsByAsset }: Compared,
  {
    failures,
    root,
    context: { cwd, output },
    maxSize,
    file,
  }: Writing & { maxSize: number; file: string },
): Promise<string> {
  const [{ formatHtml, HTML_MARK }, { createBudget }, { writeDocument }] = await Promise.all([
    import('../../project/compare/html/format-html.ts'),
    import('../../project/previews.ts'),
    import('../../project/write-document.ts'),
  ])
  const budget = createBudget(maxSize)
  const text = formatHtml(comparison, { previewsByAsset, budget, failures })
  await writeDocument(resolve(cwd, file), text, { mark: HTML_MARK, option: 'html', root })
  const bytes = Buffer.byteLength(text)
  output.event({ type: 'wrote', file, bytes, withoutPreview: budget.refused })
  const refused = budget.refused === 0 ? '' : `, ${budget.refused} without a preview (--max-size)`
  return `Wrote ${file} (${formatBytes(bytes)}${refused}).`
}
