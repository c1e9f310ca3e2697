import { z } from 'zod'
import { count } from '../../../count.ts'
import { listAssets } from '../../list.ts'
import { pageInput, pageOutput, takePage } from '../paging.ts'
import { defineTool, type McpTool } from '../tool.ts'

/** Longest reason in a list, characters: `plan` and `show` return all of it. */
const MAX_WHY = 300

/** Lists the assets with their state. */
export const listTool: McpTool = defineTool({
  name: 'list',
  title: 'List the pictures',
  description:
    'Lists the assets of the manifest with their state (new, stale, generated, …). Free. Returns pages.',
  isReadOnly: true,
  input: z.strictObject({
    ...pageInput,
    state: z.string().max(40).optional().describe('Only assets in this state: new, stale, …'),
  }),
  output: z.object({
    root: z.string().describe('Folder of the project. Paths in all replies are relative to it.'),
    assets: z.array(
      z.object({
        name: z.string(),
        state: z.string(),
        size: z.string().describe('WIDTHxHEIGHT of the picture, px.'),
        files: z.int().describe('Number of files that are derived from the picture.'),
        why: z.string().describe('Why it is not up to date; empty if it is.'),
      }),
    ),
    ...pageOutput,
  }),
  async run({ state, ...selection }, { project }) {
    const all = listAssets(await project.check()).filter(
      (asset) => state === undefined || asset.state === state,
    )
    const { page, ...rest } = takePage(all, selection)
    const assets = page.map(({ outputs, why, ...asset }) => ({
      ...asset,
      files: outputs,
      why: why.length > MAX_WHY ? `${why.slice(0, MAX_WHY)}…` : why,
    }))
    return {
      summary: `${assets.length} of ${count(rest.total, 'asset')}.`,
      data: { root: project.paths.root, assets, ...rest },
    }
  },
})
