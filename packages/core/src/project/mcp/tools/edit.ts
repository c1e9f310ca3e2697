import { z } from 'zod'
import { count } from '../../../count.ts'
import { LimnError } from '../../../errors.ts'
import { formatUsd } from '../../../models/cost.ts'
import type { PreviewedEdit } from '../../edit-asset.ts'
import { nameInput, roundUsd } from '../schemas.ts'
import { defineTool, type McpTool, type ToolAnswer } from '../tool.ts'

const promptInput = z.string().min(1).max(32_000)
const altInput = z.string().max(2000)
const namesInput = z.array(z.string().min(1).max(200)).max(50)

const editOutput = z.object({
  file: z.string().nullable().describe('The manifest file that was written; null if none was.'),
  diff: z.string().describe('The changed lines.'),
  others: z.array(z.string()).describe('Other assets that the edit changes.'),
  steps: z.int().describe('What `generate` would do because of it.'),
  usd: z.number().nullable().describe('Its price at most, USD; null if unknown.'),
})

/** Changes prompt, styles or alt text of an asset in the manifest. */
export const editTool: McpTool = defineTool({
  name: 'edit',
  title: 'Edit prompt, style or alt text',
  description:
    'Changes prompt, styles or alt text of an asset in the manifest. Everything else in the file stays, comments included. Free; the reply has the price of the pictures that become stale.',
  isReadOnly: false,
  input: z.strictObject({
    name: nameInput,
    prompt: promptInput.optional().describe('The new prompt, without the text of styles.'),
    style: namesInput.optional().describe('Names of styles; an empty list removes them.'),
    alt: altInput.optional().describe('The new alt text.'),
    dryRun: z.boolean().default(false).describe('Return diff and price, and write nothing.'),
  }),
  output: editOutput,
  async run({ name, style, dryRun, ...texts }, { project }) {
    const edit = { ...texts, styles: style }
    if (Object.values(edit).every((value) => value === undefined)) {
      throw new LimnError('usage', 'The edit has no change.', {
        hint: 'Set `prompt`, `style` or `alt`.',
      })
    }
    const preview = await project.previewEdit(name, edit)
    requireValid(preview)
    if (dryRun) return answer(preview, null)
    return answer(preview, await project.edit(name, edit, preview.digest))
  },
})

/** Adds an asset to the manifest. */
export const addTool: McpTool = defineTool({
  name: 'add',
  title: 'Add a picture',
  description:
    'Adds an asset to `assets` in the manifest: its name, prompt, alt text, styles and outputs. Free; the reply has the price of its picture.',
  isReadOnly: false,
  input: z.strictObject({
    name: nameInput.describe('Name of the new asset: hero, product/mug.'),
    prompt: promptInput.describe('What the picture shows.'),
    alt: altInput.describe('Alt text: what the picture shows, in one sentence for people.'),
    style: namesInput.optional().describe('Names of styles that the picture uses. Default: none.'),
    outputs: namesInput
      .optional()
      .describe('Presets of its files: hero, og. Default: that of the manifest.'),
    dryRun: z.boolean().default(false).describe('Return diff and price, and write nothing.'),
  }),
  output: editOutput,
  async run({ dryRun, style, ...entry }, { project }) {
    const asset = { ...entry, styles: style }
    const preview = await project.previewAdd(asset)
    requireValid(preview)
    if (dryRun) return answer(preview, null)
    return answer(preview, await project.add(asset, preview.digest))
  },
})

/** @throws LimnError `manifest/not-editable` with the mistakes that the manifest would have */
function requireValid({ mistakes }: PreviewedEdit): void {
  if (mistakes.length === 0) return
  const [first, ...others] = mistakes
  const more = others.length === 0 ? '' : ` (${count(others.length, 'more mistake')})`
  throw new LimnError(
    'manifest/not-editable',
    `The manifest would be invalid: ${first!.message}${more}`,
    { hint: first!.hint ?? 'Change the edit. Nothing was written.' },
  )
}

function answer(
  { diff, others, steps, usd }: PreviewedEdit,
  file: string | null,
): ToolAnswer<z.input<typeof editOutput>> {
  const price = usd === null ? 'an unknown price' : formatUsd(usd)
  const work = steps.filter(({ kind }) => kind !== 'keep').length
  return {
    summary: `${file === null ? 'Nothing was written' : 'The manifest was edited'}. \`generate\` has ${count(work, 'step')} because of it, for at most ${price}.`,
    data: {
      file,
      diff,
      others: others.slice(0, 50),
      steps: work,
      usd: usd === null ? null : roundUsd(usd),
    },
  }
}
