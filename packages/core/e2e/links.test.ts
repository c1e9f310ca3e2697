import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { skipWaitsInTest } from './skip-waits.ts'
import { createTestProject, smallManifest, stepsOf, type TestProject } from './test-project.ts'

type LinkServer = {
  /** Status of every answer; `hang` for no answer. */
  status: number | 'hang'
  /** Paths that answer 503 whatever the status is. */
  down: Set<string>
  readonly fetched: string[]
  url(path: string): string
}

/** Starts a server of pictures. */
async function startLinkServer(): Promise<LinkServer> {
  const picture = await sharp({
    create: { width: 816, height: 816, channels: 3, background: 'teal' },
  })
    .png()
    .toBuffer()
  const server = createServer((request, response) => {
    links.fetched.push(request.url!)
    if (links.status === 'hang') return
    response.statusCode = links.down.has(request.url!) ? 503 : links.status
    // Bytes after the end of a PNG make each picture another one.
    response.end(
      response.statusCode === 200 ? Buffer.concat([picture, Buffer.from(request.url!)]) : '',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const links: LinkServer = {
    status: 200,
    down: new Set(),
    fetched: [],
    url: (path) => `http://127.0.0.1:${port}${path}`,
  }
  return links
}

async function createSite(
  manifest = smallManifest({ hero: 'A lighthouse' }),
  paths: readonly string[] = ['/a.png?signature=x%2By'],
): Promise<{ links: LinkServer; project: TestProject }> {
  skipWaitsInTest()
  const links = await startLinkServer()
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  const text = JSON.stringify({
    data: paths.map((path) => ({ url: links.url(path) })),
    usage: { input_tokens: 10, output_tokens: 100 },
  })
  project.server.answer(() => ({
    kind: 'body',
    status: 200,
    contentType: 'application/json',
    text,
  }))
  return { links, project }
}

const recordsOf = ({ list }: TestProject): string[] =>
  list('.limn').filter((path) => path.endsWith('.links'))

test('fetches a picture in the next run if its link was down, and pays once', async () => {
  const { links, project } = await createSite()
  links.status = 503
  expect((await project.generate()).failed).toMatchObject([
    { asset: 'hero', error: { code: 'provider/bad-answer', link: 'down' } },
  ])
  const [record] = recordsOf(project)
  expect(project.text(record!)).toContain('/a.png?signature=x%2By')
  project.expectNoKey()

  links.status = 200
  const second = await project.generate()
  expect(second).toMatchObject({ recovered: 1, generated: 0, failed: [], requested: [], usd: 0 })
  expect(project.lock().assets['hero']!.made).toMatchObject({
    provider: 'openai',
    usd: expect.any(Number),
    usage: { outputTokens: 100 },
  })
  expect(recordsOf(project)).toEqual([])
  expect(project.list('.limn/journal')).toEqual([])
})

test('says that a picture is paid for, at no price, until its link was fetched', async () => {
  const { links, project } = await createSite()
  links.status = 503
  await project.generate()
  const plan = await project.cli(['plan'])
  expect(plan.stdout).toMatch(/hero +linked: already paid for, still to be fetched +\$0\n/)
  expect(plan.stdout).toContain('Plan: 1 linked.')
  expect(await project.plan()).toMatchObject({ usd: 0, steps: [{ kind: 'keep' }] })
  const list = await project.cli(['list'])
  expect(list.stdout).toMatch(/hero +linked .* already paid for/)
  expect(list.stdout).toContain('Run `limn generate`, which fetches it at no cost.')
  const check = await project.cli(['check'])
  expect(check).toMatchObject({ code: 1 })
  expect(check.stderr).toContain('Run `limn generate`, which fetches it at no cost.')
  links.status = 200
  await project.generate()
  expect((await project.cli(['check'])).code).toBe(0)
})

test('requests nothing again while the link is down, unless the asset is forced by name', async () => {
  const { links, project } = await createSite()
  links.status = 500
  await project.generate()
  const second = await project.cli(['generate', '--yes'])
  expect(second.code).toBe(1)
  expect(second.stderr).toMatch(/returned 500\..*\n\s+→ Run the command again later/)
  expect(project.server.requests).toHaveLength(1)
  expect(recordsOf(project)).toHaveLength(1)
  await project.generate({ names: ['hero'], force: true })
  expect(project.server.requests).toHaveLength(2)
})

test.each([403, 404, 410])(
  'keeps a link that answers %i, and requests the picture again only after it was tried twice',
  async (status) => {
    const { links, project } = await createSite()
    links.status = status
    const first = await project.cli(['generate', '--yes'])
    expect(first.stderr).toContain('The picture may have been billed.')
    const second = await project.generate()
    expect(second.failed).toMatchObject([
      { error: { message: expect.stringContaining('The link is no longer valid.') } },
    ])
    expect(second.requested).toEqual([])
    expect(recordsOf(project)).toEqual([expect.stringMatching(/^\.limn\/rejected\//)])
    links.status = 200
    expect(await project.generate()).toMatchObject({ generated: 1, requested: ['A lighthouse'] })
  },
)

test('fetches a picture if the process was killed while it fetched it', async () => {
  const { links, project } = await createSite()
  links.status = 'hang'
  const run = project.start(['generate', '--yes'])
  while (links.fetched.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  run.kill('SIGKILL')
  await run.done
  links.status = 200
  expect(await project.generate()).toMatchObject({ recovered: 1, requested: [], failed: [] })
  expect(project.server.requests).toHaveLength(1)
})

test('keeps the pictures that arrived, and the link of the one that did not', async () => {
  const manifest = smallManifest({ hero: 'A lighthouse' }).replace(
    'alt: hero',
    'alt: hero\n    candidates: 2',
  )
  const { links, project } = await createSite(manifest, ['/one.png', '/two.png'])
  links.down.add('/two.png')
  expect((await project.generate()).failed).toEqual([])
  const records = recordsOf(project)
  expect(records).not.toEqual([])
  for (const record of records) {
    expect(project.text(record)).toContain('/two.png')
    expect(project.text(record)).not.toContain('/one.png')
  }
  links.down.clear()
  await project.generate()
  expect(recordsOf(project)).toEqual([])
})

test.each([
  [2, ['/b.png']],
  [3, ['/a.png', '/c.png']],
  [4, ['/d.png']],
])('requests no picture of %d again whose link is down: %j', async (count, down) => {
  const paths = ['/a.png', '/b.png', '/c.png', '/d.png'].slice(0, count)
  const manifest = smallManifest({ hero: 'A lighthouse' }).replace(
    'alt: hero',
    `alt: hero\n    candidates: ${count}`,
  )
  const { links, project } = await createSite(manifest, paths)
  for (const path of down) links.down.add(path)
  await project.generate()
  expect(project.server.requests).toHaveLength(1)
})

test('keeps no link that it refuses to fetch', async () => {
  const { links, project } = await createSite(undefined, [])
  const text = JSON.stringify({ data: [{ url: 'http://' }] })
  project.server.answer(() => ({
    kind: 'body',
    status: 200,
    contentType: 'application/json',
    text,
  }))
  await project.generate()
  expect(recordsOf(project)).toEqual([])
  expect(links.fetched).toEqual([])
})

test('rejects a damaged record rather than paying twice', async () => {
  const { links, project } = await createSite()
  links.status = 503
  await project.generate()
  project.write(recordsOf(project)[0]!, '{"version":1}')
  await expect(project.generate()).rejects.toMatchObject({ code: 'store/failed' })
  expect(project.server.requests).toHaveLength(1)
  expect(stepsOf(await project.plan())).toEqual(['keep hero'])
})
