import { z } from 'zod'
import { count } from '../../../count.ts'
import { nameInput } from '../schemas.ts'
import { defineTool, type McpTool } from '../tool.ts'

/** Makes another candidate the master, and derives its files. */
export const pickTool: McpTool = defineTool({
  name: 'pick',
  title: 'Pick a candidate',
  description:
    'Makes another candidate of an asset its picture, and derives its files. Free. `show` previews candidates.',
  isReadOnly: false,
  input: z.strictObject({
    name: nameInput,
    candidate: z.int().min(1).max(1000).describe('Number of the candidate, from 1.'),
  }),
  output: z.object({
    path: z.string().describe('File of the picture.'),
    derived: z.int().describe('Files that were derived.'),
  }),
  async run({ name, candidate }, { project, signal, quit }) {
    const path = await project.pick(name, candidate)
    const { derived } = await project.generate({ names: [name], freeOnly: true, signal, quit })
    return {
      summary: `Candidate ${candidate} is the picture now. ${count(derived, 'file')} derived.`,
      data: { path, derived },
    }
  },
})
