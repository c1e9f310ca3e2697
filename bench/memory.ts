import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { inTemporaryFolder, type Measurement, row, type Size } from './measure.ts'
import { measurePeak } from './peak-memory.ts'

const assetsBySize: Record<Size, number> = { tiny: 2, normal: 200, full: 2000 }
const MAX_MB = 400

/** Peak memory of `limn generate` for masters of 4 MB each, generated and cut. */
export const memory: Measurement = {
  name: 'memory',
  async run(size, onProgress) {
    const count = assetsBySize[size]
    const edge = size === 'tiny' ? 1024 : 1184
    const picture = await createNoise(edge)
    const masters = `${count} masters of ${(picture.length / 1e6).toFixed(1)} MB`
    const server = await startServer(picture)
    try {
      const mb = await inTemporaryFolder(async (root) => {
        writeFileSync(join(root, 'images.yaml'), manifestOf(count, edge))
        onProgress(masters)
        return measurePeak(['generate', '--yes', '--quiet'], root, {
          OPENAI_API_KEY: 'sk-bench',
          OPENAI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
        })
      })
      return [
        row({
          what: `peak memory, ${masters}`,
          limn: mb,
          peer: 'target',
          other: MAX_MB,
          unit: 'MB',
          bar: { atMost: 1 },
        }),
      ]
    } finally {
      server.closeAllConnections()
      server.close()
    }
  },
}

/** Creates a square PNG of noise, which hardly compresses. */
async function createNoise(edge: number): Promise<Buffer> {
  return sharp({
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
}

/** Starts a server that answers every request with the same picture. */
async function startServer(picture: Buffer): Promise<Server> {
  const answer = JSON.stringify({ created: 0, data: [{ b64_json: picture.toString('base64') }] })
  const server = createServer((request, response) => {
    request
      .resume()
      .on('end', () => response.setHeader('content-type', 'application/json').end(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function manifestOf(count: number, edge: number): string {
  const assets = Array.from(
    { length: count },
    (_, number) => `  picture-${number}: { prompt: Picture ${number}, alt: A }\n`,
  )
  return `version: 1\nprovider: openai\ndefaults: { model: gpt-image-2.5-flare, size: ${edge}x${edge}, outputs: [{ name: s, width: 640, height: 640, formats: [webp, jpeg] }] }\nassets:\n${assets.join('')}`
}
