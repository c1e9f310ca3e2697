import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startImageServer } from '../fixtures/openai-server/index.ts'
import { inFolder, type Measurement, row, runScript, type Size } from './measure.ts'

const assetsBySize: Record<Size, number> = { tiny: 3, normal: 200, full: 200 }
const IN_FLIGHT = 20

/** Pictures that each take a second at the server: how far from the least time that the line allows. */
export const generate: Measurement = {
  name: 'generate',
  async run(size, note) {
    const count = assetsBySize[size]
    const latencyMs = size === 'tiny' ? 10 : 1000
    const server = await startImageServer({ latencyMs })
    try {
      return await inFolder(async (root) => {
        const assets = Array.from({ length: count }, (_, number) => `  picture-${number}: { prompt: Picture ${number}, alt: A }\n`)
        writeFileSync(join(root, 'images.yaml'), `version: 1\nprovider: openai\nlimits: { inFlight: ${IN_FLIGHT} }\ndefaults: { model: dall-e-2, size: 256x256, outputs: [{ name: s, width: 128, height: 128, formats: [webp] }] }\nassets:\n${assets.join('')}`)
        note(`${count} pictures, ${IN_FLIGHT} at a time`)
        const { ms } = await runScript<{ ms: number }>('generate.ts', [root], { OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: server.baseURL })
        return [row({ what: `${count} pictures generated and cut, at most ${server.maxInFlight} at a time`, limn: ms, peer: 'the least that the server allows', other: Math.ceil(count / IN_FLIGHT) * latencyMs, unit: 'ms', bar: size === 'tiny' ? null : { atMost: 1.1 } })]
      })
    } finally {
      await server.close()
    }
  },
}
