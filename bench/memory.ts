import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { inFolder, limnBin, type Measurement, row, runProgram, type Size } from './measure.ts'

const assetsBySize: Record<Size, number> = { tiny: 2, normal: 200, full: 2000 }
const MOST_MB = 400

/** Peak memory of `limn generate` over masters of 4 MB each, generated and cut. */
export const memory: Measurement = {
  name: 'memory',
  async run(size, note) {
    const count = assetsBySize[size]
    const edge = size === 'tiny' ? 1024 : 1184
    const picture = await sharp({
      create: {
        width: edge,
        height: edge,
        channels: 3,
        background: '#808080',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .png()
      .toBuffer()
    const answer = JSON.stringify({ created: 0, data: [{ b64_json: picture.toString('base64') }] })
    const server = createServer((request, response) => {
      request
        .resume()
        .on('end', () => response.setHeader('content-type', 'application/json').end(answer))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      return await inFolder(async (root) => {
        const assets = Array.from(
          { length: count },
          (_, number) => `  picture-${number}: { prompt: Picture ${number}, alt: A }\n`,
        )
        writeFileSync(
          join(root, 'images.yaml'),
          `version: 1\nprovider: openai\ndefaults: { model: gpt-image-2.5-flare, size: ${edge}x${edge}, outputs: [{ name: s, width: 640, height: 640, formats: [webp, jpeg] }] }\nassets:\n${assets.join('')}`,
        )
        note(`${count} masters of ${(picture.length / 1e6).toFixed(1)} MB`)
        const told = join(root, 'memory.json')
        const reporter = new URL('scripts/report-memory.ts', import.meta.url)
        await runProgram(
          process.execPath,
          ['--no-warnings', `--import=${reporter}`, limnBin, 'generate', '--yes', '--quiet'],
          {
            cwd: root,
            env: {
              MEMORY_FILE: told,
              OPENAI_API_KEY: 'sk-bench',
              OPENAI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
            },
          },
        )
        const { mb } = JSON.parse(readFileSync(told, 'utf8')) as { mb: number }
        return [
          row({
            what: `peak memory, ${count} masters of ${(picture.length / 1e6).toFixed(1)} MB`,
            limn: mb,
            peer: 'the bar',
            other: MOST_MB,
            unit: 'MB',
            bar: { atMost: 1 },
          }),
        ]
      })
    } finally {
      server.closeAllConnections()
      server.close()
    }
  },
}
