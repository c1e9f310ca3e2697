import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startImageServer } from '../fixtures/openai-server/index.ts'
import { inTemporaryFolder, type Measurement, row, runScript, type Size } from './measure.ts'

type Limits = { count: number; imagesPerMinute: number; burst: number; latencyMs: number }

const limitsBySize: Record<Size, Limits> = {
  tiny: { count: 3, imagesPerMinute: 600, burst: 2, latencyMs: 10 },
  normal: { count: 25, imagesPerMinute: 60, burst: 5, latencyMs: 2000 },
  full: { count: 25, imagesPerMinute: 60, burst: 5, latencyMs: 2000 },
}
const runsBySize: Record<Size, number> = { tiny: 1, normal: 3, full: 3 }

/** Pictures from a server that limits their rate, compared with the least time that it allows. */
export const pace: Measurement = {
  name: 'pace',
  async run(size, onProgress) {
    const limits = limitsBySize[size]
    const { count, imagesPerMinute, burst, latencyMs } = limits
    onProgress(`${count} pictures at ${imagesPerMinute} a minute`)
    const times: number[] = []
    for (let run = 0; run < runsBySize[size]; run++) times.push(await generateOnce(limits))
    return [
      row({
        what: `${count} pictures at ${imagesPerMinute} a minute, ${burst} at once, ${latencyMs / 1000} s each`,
        limn: times,
        peer: 'least time',
        other: ((count - burst) * 60_000) / imagesPerMinute + latencyMs,
        unit: 'ms',
        bar: size === 'tiny' ? null : { atMost: 1.1 },
      }),
    ]
  },
}

/** Generates from a server of its own, whose bucket is full. @returns the time, ms */
async function generateOnce({ count, ...limits }: Limits): Promise<number> {
  const server = await startImageServer(limits)
  const env = { OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: server.baseURL }
  try {
    return await inTemporaryFolder(async (root) => {
      writeFileSync(join(root, 'images.yaml'), manifestOf(count))
      const { ms, generated } = await runScript<{ ms: number; generated: number }>(
        'generate.ts',
        [root],
        env,
      )
      if (generated !== count) throw new Error(`Expected ${count} pictures, got ${generated}.`)
      return ms
    })
  } finally {
    await server.close()
  }
}

function manifestOf(count: number): string {
  const assets = Array.from(
    { length: count },
    (_, number) => `  picture-${number}: { prompt: Picture ${number}, alt: A }\n`,
  )
  return `version: 1\nprovider: openai\ndefaults: { model: dall-e-2, size: 256x256, outputs: [{ name: s, width: 128, height: 128, formats: [webp] }] }\nassets:\n${assets.join('')}`
}
