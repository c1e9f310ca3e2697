import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createTestProject, KEY } from '../test-project.ts'
import { expectComplete, manyManifest, manyPrompts, smallPicture } from './many.ts'

const promptByName = manyPrompts(60)

test('pays once for each of 60 pictures when two commands and a dev server start together', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manyManifest(60), 'index.html': '<!doctype html><title>site</title>' },
    server: true,
  })
  project.server.answer(() => smallPicture(400))
  const dev = spawn(
    process.execPath,
    [fileURLToPath(new URL('dev-server.ts', import.meta.url)), project.root],
    {
      env: {
        PATH: process.env['PATH'],
        OPENAI_API_KEY: KEY,
        OPENAI_BASE_URL: project.server.baseURL,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let said = ''
  for (const stream of [dev.stdout, dev.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  }
  const gone = once(dev, 'close')
  onTestFinished(async () => {
    dev.kill('SIGKILL')
    await gone
  })
  const runs = [project.start(['generate']), project.start(['generate'])]
  const results = await Promise.all(runs.map(({ done }) => done))
  expect(results.map(({ code }) => code)).toEqual([0, 0])
  while (!said.includes('ready')) await sleep(20)
  dev.kill('SIGTERM')
  await gone
  expect(said).not.toMatch(/error/i)
  // Whichever process waited, each picture was requested once.
  expect(project.server.requests.map(({ body }) => String(body['prompt'])).sort()).toEqual(
    Object.values(promptByName).sort(),
  )
  await project.generate()
  expectComplete(project, promptByName)
  expect(project.server.requests).toHaveLength(60)
})

test('reads while another process writes', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manyManifest(60) },
    server: true,
  })
  project.server.answer(() => smallPicture(600_000))
  const writer = project.start(['generate'])
  while (project.server.inFlight < 12) await sleep(10)
  for (const args of [['plan', '-v'], ['list'], ['check', '-v'], ['generate', '--dry-run', '-v']]) {
    const { stdout, stderr } = await project.cliProcess(args)
    expect(stdout + stderr, args.join(' ')).toContain('boats/p7')
    expect(stdout, args.join(' ')).not.toContain('waiting')
  }
  writer.kill('SIGKILL')
})
