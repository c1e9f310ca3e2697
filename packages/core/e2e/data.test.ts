import { renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openProject } from '../src/index.ts'
import { createTestProject, type TestProject } from './test-project.ts'

const post = (title: string, rest = ''): string => `---\ntitle: ${title}\n${rest}---\nBody\n`

const cards = (from: string, size = 'width: 64, height: 32'): string => `version: 1
provider: openai
out: public/images
assets:
  card:
    matrix: { from: '${from}' }
    prompt: 'A card: {{title}}'
    alt: '{{title}}'
    outputs: [{ name: s, ${size}, formats: [png] }]
`

/** Returns the steps of a plan, as `kind asset`. */
async function stepsOf({ plan }: TestProject): Promise<string[]> {
  return (await plan()).steps.map(({ kind, asset }) => `${kind} ${asset}`)
}

describe('a card for each post', () => {
  test('follows the posts: new, changed, renamed and removed ones, and no others', async () => {
    const posts = Object.fromEntries(
      ['one', 'two', 'three'].map((name) => [`posts/${name}.md`, post(`Post ${name}`)]),
    )
    const project = await createTestProject({
      files: { 'images.yaml': cards('posts/**/*.md'), ...posts },
      server: true,
    })
    const { root, generate, write, list } = project
    const first = await generate()
    expect(first.requested).toEqual(['A card: Post one', 'A card: Post three', 'A card: Post two'])

    write('posts/one.md', `${post('Post one')}A new body\n`)
    expect(await stepsOf(project)).toEqual([])
    write('posts/one.md', post('Post one').replaceAll('\n', '\r\n'))
    expect(await stepsOf(project)).toEqual([])

    renameSync(join(root, 'posts/one.md'), join(root, 'posts/uno.md'))
    expect(await stepsOf(project)).toEqual(['move card/uno'])
    expect((await generate()).requested).toEqual([])

    write('posts/2026/four.md', post('Post four'))
    write('posts/two.md', post('Post 2', 'slug: ignored\n'))
    rmSync(join(root, 'posts/three.md'))
    const steps = ['generate card/four', 'generate card/two', 'prune card/three']
    expect((await stepsOf(project)).sort()).toEqual(steps)
    expect((await generate()).requested).toEqual(['A card: Post 2', 'A card: Post four'])
    const files = list().filter((path) => path.startsWith('public/images/'))
    expect(files).toEqual(expect.arrayContaining(['public/images/card/uno/s.png']))
  })

  test('is an output of one picture, with a single request', async () => {
    const names = Array.from({ length: 300 }, (_, number) => `post-${number}`)
    const project = await createTestProject({
      files: {
        'images.yaml': `version: 1
provider: openai
out: public/images
assets:
  card:
    prompt: A desk with a notebook
    alt: A desk
    outputs: [{ name: og, width: 16, height: 8, formats: [png], each: { from: 'posts/*.md' } }]
`,
        ...Object.fromEntries(names.map((name) => [`posts/${name}.md`, post(name)])),
      },
      server: true,
    })
    const { root, generate, list } = project
    const files = (): string[] => list().filter((path) => path.startsWith('public/images/'))
    expect((await generate()).requested).toEqual(['A desk with a notebook'])
    expect(files()).toHaveLength(300)

    renameSync(join(root, 'posts/post-7.md'), join(root, 'posts/seven.md'))
    rmSync(join(root, 'posts/post-8.md'))
    expect(await stepsOf(project)).toEqual(['derive card', 'prune card'])
    expect((await generate()).requested).toEqual([])
    expect(files()).toContain('public/images/card/og-seven.png')
  })
})

/** Plans until the plan is cached, which does not happen while files are fresh. */
async function planUntilCached(root: string): Promise<void> {
  const memory = join(root, 'node_modules/.cache/limn/images.yaml.plan.json')
  for (let before = -1; ;) {
    await openProject({ cwd: root }).plan()
    const { mtimeMs } = statSync(memory, { throwIfNoEntry: false }) ?? { mtimeMs: -1 }
    if (mtimeMs >= 0 && mtimeMs === before) return
    before = mtimeMs
    await wait(100)
  }
}

test('a cached plan follows changed, new and removed data files', async () => {
  const entry = (key: string, from: string): string =>
    `  ${key}: { matrix: { from: '${from}' }, prompt: '{{title}}', alt: '{{title}}', outputs: [og] }\n`
  const project = await createTestProject({
    files: {
      'images.yaml': `version: 1\nassets:\n${entry('csv', 'x.csv')}${entry('deep', 'deep/**/*.json')}${entry('flat', 'flat/*.md')}`,
      'x.csv': 'slug,title\na,A\n',
      'deep/folder/x.json': '{"a":{"title":"B"}}',
      'flat/a.md': post('C'),
      'flat/b.md': post('D'),
    },
  })
  const { root, write } = project
  await planUntilCached(root)
  const changes: Readonly<Record<string, () => void>> = {
    'csv/b': () => write('x.csv', 'slug,title\na,A\nb,B\n'),
    'deep/new': () => write('deep/folder/of/its/own/x.json', '{"new":{"title":"New"}}'),
    'flat/c': () => renameSync(join(root, 'flat/b.md'), join(root, 'flat/c.md')),
  }
  for (const [added, change] of Object.entries(changes)) {
    change()
    const { plan } = await openProject({ cwd: root }).plan()
    expect(plan.steps.map(({ asset }) => asset)).toContain(added)
    expect(plan).toEqual(
      JSON.parse(JSON.stringify((await project.project.planWithSnapshot()).plan)),
    )
    await planUntilCached(root)
  }
  rmSync(join(root, 'x.csv'))
  await expect(openProject({ cwd: root }).plan()).rejects.toMatchObject({
    diagnostics: [{ message: 'There is no file x.csv.' }],
  })
})

test('commands that edit an asset name the row that it comes from', async () => {
  const { cli, project } = await createTestProject({
    files: { 'images.yaml': cards('x.csv'), 'x.csv': 'title,slug\nA,a\nB,b\n' },
  })
  expect((await cli(['show', 'card/a'])).stdout).toMatch(/data +x\.csv:2:1/)
  const renamed = await cli(['mv', 'card/b', 'card/c'])
  expect(renamed.code).not.toBe(0)
  expect(renamed.stderr).toContain('"card/b" comes from a row of data, at x.csv:3:1')
  const edit = project.previewEdit('card/a', { alt: 'X' })
  await expect(edit).rejects.toMatchObject({
    code: 'manifest/not-editable',
    message: '"card/a" comes from a row of data, at x.csv:2:1.',
    location: 'x.csv:2:1',
  })
})

test('a link to data outside the project is not followed', async () => {
  const { cli, root } = await createTestProject({ files: { 'images.yaml': cards('x.csv') } })
  symlinkSync('/etc/passwd', join(root, 'x.csv'))
  const { code, stderr } = await cli(['plan'])
  expect(code).not.toBe(0)
  expect(stderr).toContain('x.csv is a link to a file outside the project.')
  expect(stderr).not.toContain('root:')
})
