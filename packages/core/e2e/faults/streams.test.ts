import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { CliProcess, CliResult } from '../cli-process.ts'
import { createTestProject, KEY, smallManifest, type TestProject } from '../test-project.ts'
import { listLeftovers } from './many.ts'

/** A request that the test answers as a stream. */
type Stream = {
  prompt: string
  /** Sends a partial. */
  sendPartial(): void
  /** Sends the final picture, and ends the stream. */
  finish(): void
  /** Sends half of the final picture, then breaks the connection. */
  cut(): void
  /** Resolves when the client has closed the connection. */
  left: Promise<unknown>
}

let picture: string
beforeAll(async () => {
  picture = (
    await sharp({ create: { width: 816, height: 816, channels: 3, background: 'teal' } })
      .png()
      .toBuffer()
  ).toString('base64')
})

function createStream(prompt: string, response: ServerResponse): Stream {
  const event = (type: string, more: object): string =>
    `event: image_generation.${type}\ndata: ${JSON.stringify({ type: `image_generation.${type}`, b64_json: picture, ...more })}\n\n`
  const finished = event('completed', {
    usage: {
      input_tokens: 10,
      output_tokens: 100,
      total_tokens: 110,
      input_tokens_details: { text_tokens: 10, image_tokens: 0 },
    },
  })
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  return {
    prompt,
    sendPartial: () => void response.write(event('partial_image', { partial_image_index: 0 })),
    finish: () => void response.end(finished),
    cut: () =>
      void response.write(finished.slice(0, finished.length / 2), () => response.destroy()),
    left: once(response, 'close'),
  }
}

type Site = {
  project: TestProject
  streams: Stream[]
  /** Waits until that many streams were requested in total. */ opened(
    count: number,
    run: CliProcess,
  ): Promise<void>
  find(prompt: string): Stream
}

/** Creates a project with three pictures whose streams have each sent a partial. */
async function openSite(): Promise<Site> {
  const streams: Stream[] = []
  const server = createServer((request, response) => {
    void json(request).then((body) =>
      streams.push(createStream((body as { prompt: string }).prompt, response)),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const manifest = smallManifest(
    { a: 'A hill', b: 'A lake', c: 'A tree' },
    'provider: openai\nlimits: { inFlight: 3 }',
  ).replace('defaults: {', 'defaults: { partials: 1,')
  const project = await createTestProject({
    files: { 'images.yaml': manifest },
    env: {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    },
  })
  const opened = async (count: number, run: CliProcess): Promise<void> => {
    const ends: CliResult[] = []
    void run.done.then((result) => ends.push(result))
    while (streams.length < count && ends.length === 0) await sleep(10)
    expect(streams, ends[0]?.stderr).toHaveLength(count)
  }
  return {
    project,
    streams,
    opened,
    find: (prompt) => streams.findLast((stream) => stream.prompt === prompt)!,
  }
}

/** Starts a command, and sends it one Ctrl-C when every stream has sent its partial. */
async function interrupt({ project, streams, opened }: Site): Promise<CliProcess> {
  const run = project.start(['generate'])
  await opened(3, run)
  for (const stream of streams) stream.sendPartial()
  run.kill('SIGINT')
  await run.printed(/Stopping/)
  return run
}

/** Runs the command again after an interruption, and asserts that it requests only these pictures. */
async function goOn({ project, streams, opened }: Site, prompts: string[]): Promise<void> {
  const before = streams.length
  const run = project.start(['generate'])
  await opened(before + prompts.length, run)
  for (const stream of streams.slice(before)) stream.finish()
  expect(await run.done).toMatchObject({ code: 0 })
  expect(
    streams
      .slice(before)
      .map(({ prompt }) => prompt)
      .sort(),
  ).toEqual(prompts)
  expect(Object.keys(project.lock().assets)).toEqual(['a', 'b', 'c'])
  expect(listLeftovers(project.root)).toEqual([])
}

test('reports a stream that breaks after a Ctrl-C, keeps the others, and pays for that one again', async () => {
  const site = await openSite()
  const { project, find } = site
  const run = await interrupt(site)
  find('A lake').cut()
  await run.printed(/✗ b: /)
  for (const prompt of ['A hill', 'A tree']) find(prompt).finish()
  const { code, stdout, stderr } = await run.done
  expect(code).toBe(130)
  expect(stderr).toMatch(/✗ b: The connection broke .*billed.*\n\s+→ /)
  expect(stderr).not.toMatch(/bug|\n\s+at /)
  expect(stdout).toContain('Run the command again to continue.')
  expect(project.list('images')).toEqual(['images/a.png', 'images/c.png'])
  expect(Object.keys(project.lock().assets)).toEqual(['a', 'c'])
  expect(listLeftovers(project.root)).toEqual([])
  await goOn(site, ['A lake'])
})

test('abandons streams at the second Ctrl-C, keeps the finished one, and installs no partial', async () => {
  const site = await openSite()
  const { project, find } = site
  const run = await interrupt(site)
  find('A hill').finish()
  await run.printed(/✓ images\/a\.png/)
  run.kill('SIGINT')
  await Promise.all([find('A lake').left, find('A tree').left])
  const { code, stderr } = await run.done
  expect(code).toBe(130)
  expect(stderr).not.toMatch(/bug|\n\s+at /)
  expect(project.list('images')).toEqual(['images/a.png'])
  expect(
    project.list('.limn/journal').filter((path) => path.endsWith('.picture')).length,
  ).toBeLessThanOrEqual(1)
  await goOn(site, ['A lake', 'A tree'])
})
