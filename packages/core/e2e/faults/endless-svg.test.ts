import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Fault } from '../../../../fixtures/openai-server/index.ts'
import { createTestProject, smallManifest } from '../test-project.ts'

const endless = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><filter id="f"><feMorphology operator="erode" radius="300"/><feTurbulence numOctaves="99999" baseFrequency="0.7"/></filter>${'<circle r="900" filter="url(#f)"/>'.repeat(99)}</svg>`

/** Makes timers of 20 s and more that much shorter in this test. */
function shortenTimers(factor: number): void {
  const real = globalThis.setTimeout
  const shortened = (work: () => void, ms = 0, ...args: []): NodeJS.Timeout =>
    real(work, ms >= 20_000 ? ms / factor : ms, ...args)
  globalThis.setTimeout = Object.assign(shortened, real) as typeof real
  onTestFinished(() => void (globalThis.setTimeout = real))
}

test('gives up an SVG that renders forever, keeps its file, and finishes the other pictures', async () => {
  const fault: Fault = { kind: 'image', bytes: Buffer.from(endless) }
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse', mug: 'A mug', team: 'People' }) },
    server: true,
  })
  project.server.next(fault)
  shortenTimers(10)
  const { failed, generated } = await project.generate()
  expect(generated).toBe(2)
  expect(failed).toMatchObject([
    {
      error: {
        code: 'provider/bad-answer',
        hint: expect.stringContaining('.limn/rejected'),
        cause: {
          code: 'picture/unreadable',
          message: expect.stringContaining('rendering the SVG takes more than 20 s'),
        },
      },
    },
  ])
  expect(Object.keys(project.lock().assets)).toHaveLength(2)
  expect(readdirSync(join(project.root, '.limn/rejected'))).not.toEqual([])
})

test('ends its renderer with the command', async () => {
  const project = await createTestProject({
    files: {
      'images.yaml':
        'version: 1\nassets:\n  mark: { source: ./mark.svg, alt: x, outputs: [{ width: 64, height: 64, formats: [png] }] }\n',
      'mark.svg':
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>',
    },
  })
  // The test waits for the end of the command and of everything that holds its output.
  expect(await project.cliProcess(['generate'])).toMatchObject({ code: 0 })
  await project.expectUpToDate()
})
