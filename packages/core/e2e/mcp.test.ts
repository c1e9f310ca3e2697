import sharp from 'sharp'
import { expect, test } from 'vitest'
import { startMcp } from './mcp-client.ts'
import { createTestProject, type TestProject, type TestProjectOptions } from './test-project.ts'

const manifest = `version: 1
provider: openai
# Our look: do not change it without the design team.
styles:
  ours: { prepend: Flat vector illustration of, append: in teal and sand }
defaults:
  quality: low
  outputs: [{ name: s, width: 64, height: 64, formats: [webp] }]

assets:
  about: # the team page
    prompt: A lighthouse
    style: ours
    alt: A lighthouse
`

const createBlog = (
  text = manifest,
  options: Partial<TestProjectOptions> = {},
): Promise<TestProject> =>
  createTestProject({ files: { 'images.yaml': text }, server: true, ...options })

test('gives the blog a hero in our style, under ten cents', async () => {
  const project = await createBlog()
  const mcp = await startMcp(project, ['--max-cost', '0.10'])
  const { tools } = await mcp.client.listTools()
  expect(tools.map(({ name }) => name)).toEqual([
    'list',
    'show',
    'add',
    'edit',
    'plan',
    'generate',
    'pick',
    'examine',
    'report',
  ])
  expect(await mcp.call('list')).toMatchObject({
    data: { assets: [{ name: 'about', state: 'new' }], total: 1, next: null },
  })
  expect((await mcp.call('show', { name: 'about' })).data).toMatchObject({
    knownStyles: expect.arrayContaining(['ours']),
    path: null,
  })
  const added = await mcp.call('add', {
    name: 'blog/hero',
    prompt: 'A desk with a notebook: morning light #calm',
    alt: 'A desk',
    style: ['ours'],
  })
  expect(added.data).toMatchObject({ file: 'images.yaml', others: [], steps: 1 })
  const price = added.data['usd'] as number
  expect(price).toBeGreaterThan(0)
  expect(project.text('images.yaml')).toBe(
    `${manifest}  blog/hero:\n    prompt: "A desk with a notebook: morning light #calm"\n    style: [ours]\n    alt: A desk\n`,
  )
  const plan = await mcp.call('plan', { names: ['blog/hero'] })
  expect(plan.data).toMatchObject({ usd: price, sessionLeftUsd: 0.1, steps: [{ usd: price }] })
  const reports: number[] = []
  const made = await mcp.call(
    'generate',
    { names: ['blog/hero'], maxUsd: 0.1 },
    { onprogress: ({ progress }) => reports.push(progress) },
  )
  expect(made.data).toMatchObject({ generated: 1, failed: [], pictures: [{ name: 'blog/hero' }] })
  const spent = made.data['usd'] as number
  expect(spent).toBeGreaterThan(0)
  expect(made.data['sessionLeftUsd']).toBeCloseTo(0.1 - spent, 6)
  expect(made.texts[0]).toMatch(/This call cost \$.* is left of what this server may spend/)
  expect(reports).toEqual([...reports].sort((a, b) => a - b))
  expect(reports.length).toBeGreaterThan(1)
  const shown = await mcp.call('show', { name: 'blog/hero' })
  expect(shown.data).toMatchObject({ state: 'generated', path: 'images/blog/hero.png' })
  const { width, height } = await sharp(shown.pictures[0]!.bytes).metadata()
  expect(Math.max(width, height)).toBe(512)
  expect(shown.pictures[0]!.mime).toBe('image/webp')
  expect(project.server.requests).toHaveLength(1)
  expect((await mcp.call('generate', { names: ['blog/hero'] })).data).toMatchObject({ usd: 0 })
  expect(project.server.requests).toHaveLength(1)
  for (const line of mcp.stdout.trimEnd().split('\n')) {
    expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' })
  }
  expect(await mcp.leave()).toBe(0)
  project.expectNoKey(mcp.stdout, mcp.stderr)
})
