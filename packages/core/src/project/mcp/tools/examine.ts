import { z } from 'zod'
import { count } from '../../../count.ts'
import { maxBytes, readInside } from '../../../disk/read-inside.ts'
import type { Asset } from '../../../manifest/manifest.ts'
import { stateWord } from '../../../plan/states.ts'
import { mainSteps } from '../../../plan/steps.ts'
import type { CheckResult } from '../../check.ts'
import { findAsset } from '../../find-asset.ts'
import { shownPicture } from '../../sheet/shown-picture.ts'
import { nameInput } from '../schemas.ts'
import { defineTool, type McpTool } from '../tool.ts'

const examined = z.object({
  name: z.string(),
  state: z.string(),
  path: z.string().nullable(),
  format: z.string().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  transparent: z.number().nullable().describe('Share of pixels that are not opaque, 0 to 1.'),
  files: z.array(
    z.object({
      file: z.string(),
      width: z.int(),
      height: z.int(),
      bytes: z.int().nullable().describe('null if it is not derived yet.'),
    }),
  ),
  problems: z.array(z.string()).describe('What is wrong with it; empty if nothing is.'),
})
type Examined = z.input<typeof examined>

/** Measures pictures: size, transparency, files, and what `limn check` finds. */
export const examineTool: McpTool = defineTool({
  name: 'examine',
  title: 'Examine pictures',
  description:
    'Measures pictures: format, size, transparency, their files, and the problems that `limn check` finds. It does not judge what a picture shows: use `show` for that. Free.',
  isReadOnly: true,
  input: z.strictObject({ names: z.array(nameInput).min(1).max(20) }),
  output: z.object({ pictures: z.array(examined) }),
  async run({ names }, { project, signal }) {
    const checked = await project.check()
    const pictures: Examined[] = []
    for (const name of names) {
      signal.throwIfAborted()
      const asset = findAsset(checked.snapshot, name)
      pictures.push(await examine(asset, checked, { root: project.paths.root, signal }))
    }
    const problems = pictures.reduce((sum, picture) => sum + picture.problems.length, 0)
    return {
      summary: `${count(pictures.length, 'picture')} examined, ${count(problems, 'problem')} found.`,
      data: { pictures },
    }
  },
})

type Place = { root: string; signal: AbortSignal }

async function examine(
  asset: Asset,
  { snapshot, plan, faults }: CheckResult,
  place: Place,
): Promise<Examined> {
  const { name } = asset
  const entry = snapshot.lock.assets.get(name)
  const step = mainSteps(plan.steps).get(name)
  const picture = shownPicture(asset, snapshot)
  const path = picture.kind === 'file' ? picture.path : null
  const facts = path === null ? noFacts : await measure(path, place)
  const { format, width, height, transparent } = facts
  return {
    name,
    state: stateWord(step, entry?.master.state),
    path,
    format,
    width,
    height,
    transparent,
    files: asset.outputs
      .slice(0, 50)
      .map((output) => ({
        file: output.file,
        width: entry?.outputs[output.file]?.width ?? output.width,
        height: entry?.outputs[output.file]?.height ?? output.height,
        bytes: entry?.outputs[output.file]?.bytes ?? null,
      })),
    problems: [
      ...faults.filter((fault) => fault.asset === name).map(({ message }) => message),
      ...findProblems(asset, facts),
    ],
  }
}

type Facts = Pick<Examined, 'format' | 'width' | 'height' | 'transparent'>

const noFacts: Facts = { format: null, width: null, height: null, transparent: null }

async function measure(path: string, { root, signal }: Place): Promise<Facts> {
  const { decode, inspectPicture } = await import('../../../pictures/decode.ts')
  const bytes = readInside(root, path, maxBytes.picture)
  const { format, width, height } = await inspectPicture(bytes)
  const { data, channels } = await decode(bytes, { signal })
  if (channels === 3) return { format, width, height, transparent: 0 }
  let clear = 0
  for (let at = 3; at < data.length; at += 4) if (data[at]! < 255) clear++
  return { format, width, height, transparent: Math.round((clear / (data.length / 4)) * 1e4) / 1e4 }
}

/** Compares a picture with what the manifest requests. */
function findProblems({ source, background, size }: Asset, facts: Facts): string[] {
  if (source !== null || facts.width === null) return []
  const got = `${facts.width}x${facts.height}`
  return [
    ...(background === 'transparent' && facts.transparent === 0
      ? ['The manifest requests a transparent background, but every pixel is opaque.']
      : []),
    ...(/^\d+x\d+$/.test(size) && size !== got
      ? [`The manifest requests ${size} px, but the picture has ${got} px.`]
      : []),
  ]
}
