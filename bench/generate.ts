import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startImageServer } from '../fixtures/openai-server/index.ts'
import { inFolder, type Measurement, row, runScript, sideBySide, type Size } from './measure.ts'

const assetsBySize: Record<Size, number> = { tiny: 3, normal: 200, full: 200 }
const IN_FLIGHT = 20

/** Pictures that each take a second at the server, beside a bare loop of the same requests. */
export const generate: Measurement = {
  name: 'generate',
  async run(size, note) {
    const count = assetsBySize[size]
    const server = await startImageServer({ latencyMs: size === 'tiny' ? 10 : 1000 })
    const env = { OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: server.baseURL }
    try {
      return await inFolder(async (root) => {
        const assets = Array.from(
          { length: count },
          (_, number) => `  picture-${number}: { prompt: Picture ${number}, alt: A }\n`,
        )
        writeFileSync(
          join(root, 'images.yaml'),
          `version: 1\nprovider: openai\nlimits: { inFlight: ${IN_FLIGHT} }\ndefaults: { model: dall-e-2, size: 256x256, outputs: [{ name: s, width: 128, height: 128, formats: [webp] }] }\nassets:\n${assets.join('')}`,
        )
        note(`${count} pictures, ${IN_FLIGHT} at a time`)
        const times = await sideBySide(size === 'tiny' ? 1 : 3, {
          loop: async () =>
            (
              await runScript<{ ms: number }>(
                'request-loop.ts',
                [String(count), String(IN_FLIGHT)],
                env,
              )
            ).ms,
          limn: async () => {
            for (const made of ['images', 'images.lock', '.limn', 'node_modules']) {
              rmSync(join(root, made), { recursive: true, force: true })
            }
            const { ms, generated, derived } = await runScript<{
              ms: number
              generated: number
              derived: number
            }>('generate.ts', [root], env)
            if (generated !== count || derived !== count) {
              throw new Error(
                `${generated} pictures were generated and ${derived} cut, and not ${count}`,
              )
            }
            return ms
          },
        })
        return [
          row({
            what: `${count} pictures of a second each generated and cut, ${server.maxInFlight} at a time`,
            limn: times.limn,
            peer: 'a bare loop of requests',
            other: times.loop,
            unit: 'ms',
            bar: size === 'tiny' ? null : { atMost: 1.1 },
          }),
        ]
      })
    } finally {
      await server.close()
    }
  },
}
