import { z } from 'zod'
import { LimnError } from '../../../errors.ts'
import { explainStep } from '../../../plan/describe-step.ts'
import { stateWord } from '../../../plan/states.ts'
import { readEditable } from '../../sheet/read-editable.ts'
import { shownPicture } from '../../sheet/shown-picture.ts'
import { show } from '../../show.ts'
import { PREVIEW_EDGE, previewFile } from '../preview.ts'
import { nameInput } from '../schemas.ts'
import { defineTool, type McpTool } from '../tool.ts'

/** Most files and candidates in one reply. */
const MAX_FILES = 50
/** Most styles, and most presets. */
const MAX_NAMES = 100

/** Shows one asset: a small preview, and where its files are. */
export const showTool: McpTool = defineTool({
  name: 'show',
  title: 'Show a picture',
  description: `Shows one asset: prompt, styles, state, files, and a preview of at most ${PREVIEW_EDGE} px. Clients that can't show pictures can open the file at \`path\`. Free.`,
  isReadOnly: true,
  input: z.strictObject({
    name: nameInput,
    candidate: z.int().min(1).max(1000).optional().describe('Preview this candidate instead.'),
    preview: z.boolean().default(true).describe('Whether to return the preview.'),
  }),
  output: z.object({
    root: z.string().describe('Folder of the project; paths are relative to it.'),
    name: z.string(),
    state: z.string(),
    why: z.string(),
    path: z.string().nullable().describe('File of the shown picture; null if there is none yet.'),
    prompt: z.string().describe('The final prompt, styles included.'),
    ownPrompt: z.string().describe('The prompt without the text of styles: what `edit` changes.'),
    styles: z.array(z.string()),
    knownStyles: z.array(z.string()).describe('Styles that `edit` and `add` can name.'),
    knownOutputs: z.array(z.string()).describe('Presets that `add` can name.'),
    alt: z.string(),
    model: z.string(),
    size: z.string(),
    quality: z.string(),
    usd: z.number().nullable().describe('What the picture has cost, USD; null if unknown.'),
    candidates: z.array(z.string()).describe('Paths of the candidates, from number 1.'),
    files: z.array(z.string()).describe('Derived files.'),
    moreFiles: z.int().describe('Number of files that are left out.'),
  }),
  async run({ name, candidate, preview }, { project, signal }) {
    const { paths } = project
    const planned = await project.planWithSnapshot()
    const { asset, entry, step, candidates } = await show(planned, { name, paths })
    const written = readEditable(paths.root, planned.snapshot.manifest, asset)
    const picture = shownPicture(asset, planned.snapshot)
    const ownPath = picture.kind === 'file' ? picture.path : null
    const path = candidate === undefined ? ownPath : findCandidate(name, candidates, candidate)
    const pictures = preview && path !== null ? [await previewFile(paths.root, path, signal)] : []
    const files = asset.outputs.map(({ file }) => file)
    return {
      summary: path === null ? 'There is no picture yet.' : 'The file of the picture is at `path`.',
      data: {
        root: paths.root,
        name,
        state: stateWord(step, entry?.master.state),
        why: step === undefined ? '' : explainStep(step),
        path,
        prompt: asset.prompt,
        ownPrompt: asset.ownPrompt,
        styles: written.styles,
        knownStyles: written.knownStyles.slice(0, MAX_NAMES),
        knownOutputs: written.knownPresets.slice(0, MAX_NAMES),
        alt: asset.alt,
        model: asset.model,
        size: asset.size,
        quality: asset.quality,
        usd: entry?.made.usd ?? null,
        candidates: candidates.slice(0, MAX_FILES),
        files: files.slice(0, MAX_FILES),
        moreFiles: Math.max(0, files.length - MAX_FILES),
      },
      pictures,
    }
  },
})

/** Returns the path of a candidate. @throws LimnError `asset/no-candidate` */
function findCandidate(name: string, candidates: readonly string[], number: number): string {
  const path = candidates.find((each) => numberOf(each) === number)
  if (path !== undefined) return path
  throw new LimnError('asset/no-candidate', `"${name}" has no candidate ${number}.`, {
    hint:
      candidates.length === 0
        ? 'It has none: leave out `candidate`.'
        : `Choose one of ${candidates.map(numberOf).join(', ')}.`,
  })
}

/** `…/3.png` is candidate 3. */
function numberOf(path: string): number {
  return Number.parseInt(path.slice(path.lastIndexOf('/') + 1), 10)
}
