import { expect, test } from 'vitest'
import { LimnError } from '../errors.ts'
import type { Step } from '../plan/plan.ts'
import { createWorld } from '../plan/testing.ts'
import { runSteps } from './run-steps.ts'

const { manifest } = createWorld(`version: 1
provider: openai
assets:
  hill: { prompt: A hill, alt: A }
  lake: { prompt: A lake, alt: B }
  night: { edit: { image: hill }, prompt: At night, alt: C }
`)
const assetByName = new Map(manifest.assets.map((asset) => [asset.name, asset]))

function generate(asset: string, batch?: true): Step {
  const rest = { reasons: [], request: {} as never, usd: 0, images: 1 }
  return { kind: 'generate', asset, ...rest, ...(batch === undefined ? {} : { batch }) }
}

/** Runs steps. @returns what happened, in order */
async function runLogged(
  steps: readonly Step[],
  failing: readonly string[] = [],
): Promise<string[]> {
  const log: string[] = []
  await runSteps(steps, {
    assetByName,
    execute: async ({ asset }) => {
      log.push(`start ${asset}`)
      await new Promise((resolve) => setImmediate(resolve))
      if (failing.includes(asset)) throw new LimnError('provider/server', 'No.')
      log.push(`end ${asset}`)
    },
    openBatches: async () => {
      log.push('open batches')
      return async (batched) => void log.push(`send ${batched.map(({ asset }) => asset).join()}`)
    },
    reportFailure: (asset, error) => void log.push(`fail ${asset}: ${(error as Error).message}`),
  })
  return log
}

test('starts an asset once its inputs are made, and all others at once', async () => {
  const log = await runLogged([generate('night'), generate('hill'), generate('lake')])
  expect(log.slice(0, 2).sort()).toEqual(['start hill', 'start lake'])
  expect(log.indexOf('start night')).toBeGreaterThan(log.indexOf('end hill'))
  expect(log).toHaveLength(6)
})

test('fails an asset whose input failed, and nothing else', async () => {
  const log = await runLogged([generate('night'), generate('hill'), generate('lake')], ['hill'])
  expect(log).toContain('end lake')
  expect(log.filter((line) => line.startsWith('fail'))).toEqual([
    'fail hill: No.',
    'fail night: Its input picture "hill" is not available.',
  ])
  expect(log).not.toContain('start night')
})

test('opens batches before anything else, and sends them after the steps that request nothing', async () => {
  const derive: Step = { kind: 'derive', asset: 'hill', reasons: [], outputs: [] }
  const log = await runLogged([generate('night', true), generate('lake'), derive])
  expect(log[0]).toBe('open batches')
  expect(log.indexOf('send night')).toBeGreaterThan(log.indexOf('end hill'))
  expect(log).toContain('end lake')
  expect(log).not.toContain('start night')
})

test('skips steps that are only reported', async () => {
  expect(
    await runLogged([
      { kind: 'keep', asset: 'hill', reasons: [] },
      { kind: 'prune', asset: 'old', reasons: [] },
    ]),
  ).toEqual([])
})
