import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startImageServer } from '../fixtures/openai-server/index.ts'
import {
  inTemporaryFolder,
  type Measurement,
  row,
  runScript,
  type Size,
  timeAlternating,
} from './measure.ts'

const assetsBySize: Record<Size, number> = { tiny: 3, normal: 200, full: 200 }
const IN_FLIGHT = 20

type Environment = Readonly<Record<string, string>>

/** Pictures that the server takes a second each for, compared with a bare loop of the requests. */
export const generate: Measurement = {
  name: 'generate',
  async run(size, onProgress) {
    const count = assetsBySize[size]
    const server = await startImageServer({ latencyMs: size === 'tiny' ? 10 : 1000 })
    const env = { OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: server.baseURL }
    try {
      const times = await inTemporaryFolder(async (root) => {
        writeFileSync(join(root, 'images.yaml'), manifestOf(count))
        onProgress(`${count} pictures, ${IN_FLIGHT} at a time`)
        return timeAlternating(size === 'tiny' ? 1 : 3, {
          loop: () => runRequestLoop(count, env),
          limn: () => generateWithLimn(root, count, env),
        })
      })
      return [
        row({
          what: `${count} pictures generated at 1 s each and cut, ${server.maxInFlight} at a time`,
          limn: times.limn,
          peer: 'bare request loop',
          other: times.loop,
          unit: 'ms',
          bar: size === 'tiny' ? null : { atMost: 1.07 },
        }),
      ]
    } finally {
      await server.close()
    }
  },
}

function manifestOf(count: number): string {
  const assets = Array.from(
    { length: count },
    (_, number) => `  picture-${number}: { prompt: Picture ${number}, alt: A }\n`,
  )
  return `version: 1\nprovider: openai\nlimits: { inFlight: ${IN_FLIGHT} }\ndefaults: { model: dall-e-2, size: 256x256, outputs: [{ name: s, width: 128, height: 128, formats: [webp] }] }\nassets:\n${assets.join('')}`
}

async function runRequestLoop(count: number, env: Environment): Promise<number> {
  const args = [String(count), String(IN_FLIGHT)]
  return (await runScript<{ ms: number }>('request-loop.ts', args, env)).ms
}

/** Generates all pictures again. @returns the time, ms @throws Error if a picture is missing */
async function generateWithLimn(root: string, count: number, env: Environment): Promise<number> {
  for (const path of ['images', 'images.lock', '.limn', 'node_modules']) {
    rmSync(join(root, path), { recursive: true, force: true })
  }
  const { ms, generated, derived } = await runScript<{
    ms: number
    generated: number
    derived: number
  }>('generate.ts', [root], env)
  if (generated !== count || derived !== count) {
    throw new Error(
      `Expected ${count} pictures, got ${generated} generated and ${derived} cut ones.`,
    )
  }
  return ms
}
