import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { atTerminal } from './at-terminal.ts'
import { createTestProject, type TestProject } from './test-project.ts'

const manifest = (look: string, quality: string): string => `version: 1
provider: openai
defaults: { quality: ${quality}, outputs: [card] }
styles: { brand: { append: ${look} } }
assets:
  blog/a: { prompt: A boat, style: brand, alt: A }
  blog/b: { prompt: A hut, style: brand, alt: B }
  c: { prompt: A hill, alt: C }
  d: { prompt: Add snow, edit: { image: c }, alt: D }
`

/** A project whose style and default quality have changed since its pictures were generated. */
async function changed(): Promise<TestProject> {
  const project = await createTestProject({
    server: true,
    files: { 'images.yaml': manifest('Flat shapes', 'low') },
  })
  await project.generate()
  writeFileSync(join(project.root, 'images.yaml'), manifest('Round shapes', 'medium'))
  return project
}

const both = 'style brand changed, default quality changed (low → medium)'
const quality = 'default quality changed (low → medium)'

test('groups a plan by cause, explains its cost, and lets a person choose', async () => {
  const project = await changed()
  const plan = await project.cli(['plan'])
  expect(plan.stdout).toMatch(/\n\nBy cause:\n {2}\S.*\n/)
  const rows = plan.stdout.split('By cause:\n')[1]!.trim().split('\n')
  expect(rows.map((row) => row.trim().replace(/ {2,}/g, ', '))).toEqual([
    expect.stringMatching(/^default quality changed \(low → medium\), 2 pictures, \$0\.0\d\d$/),
    expect.stringMatching(/^style brand changed, default quality .*, 2 pictures, \$0\.0\d\d$/),
  ])
  // The cached plan has the groups, too.
  expect((await project.cli(['plan'])).stdout).toBe(plan.stdout)
  const json = JSON.parse((await project.cli(['plan', '--json'])).stdout.trim().split('\n').at(-1)!)
  expect(json.groups.map(({ cause }: { cause: string }) => cause)).toEqual([quality, both])
  const github = await project.cli(['plan', '--format', 'github'])
  expect(github.stdout).toMatch(
    /^::notice title=Cost by cause::style brand changed, .*2 pictures, \$/m,
  )

  const explained = await project.cli(['plan', '--explain-cost'])
  expect(explained.stdout).toContain('tokens out × $30 per 1M')
  expect(explained.stdout).toMatch(/price: OpenAI's pricing page, \d{4}-\d\d-\d\d/)
  expect(explained.stdout).toMatch(/By folder:\n {2}\.? +2 pictures|By folder:/)
  expect(explained.stdout).toMatch(/All: up to \$0\.\d+, probably \$0\.\d+\./)

  const piped = await project.cli(['generate', '--interactive'])
  expect([piped.code, piped.stderr]).toEqual([1, expect.stringContaining('requires a terminal')])
  const before = project.server.requests.length
  const quit = await atTerminal(project, ['generate', '-i'], 'q')
  expect([quit.code, project.server.requests.length]).toEqual([1, before])

  const chosen = await atTerminal(project, ['generate', '-i'], ['7', '1', ''])
  expect(chosen.code, chosen.stderr).toBe(0)
  expect(chosen.stderr).toContain('There is no group "7".')
  expect(chosen.stderr).toContain(`[ ] 1. ${quality}`)
  const sent = project.server.requests.slice(before)
  expect(sent).toHaveLength(2)
  expect(sent.every((request) => JSON.stringify(request).includes('Round shapes'))).toBe(true)
  // The end of the input spends nothing.
  expect((await atTerminal(project, ['generate', '-i'], null)).code).toBe(1)
  expect(project.server.requests).toHaveLength(before + 2)
})

test('leaves out pictures that are made from one that is left out', async () => {
  const project = await createTestProject({
    server: true,
    files: {
      'images.yaml': manifest('Flat', 'low').replace(
        '  d:',
        '  c2: { prompt: A fox, alt: F }\n  d:',
      ),
    },
  })
  await project.cli(['generate', 'c'])
  writeFileSync(
    join(project.root, 'images.yaml'),
    manifest('Flat', 'low').replace('A hill', 'A red hill'),
  )
  const before = project.server.requests.length
  // Group 1, "new", contains `d`, which is made from `c` of the group "prompt changed".
  const chosen = await atTerminal(project, ['generate', '-i'], ['n', '1', ''])
  expect(chosen.code, chosen.stderr).toBe(0)
  expect(chosen.stderr).toContain('1 asset left out: made from pictures that are left out.')
  expect(project.server.requests.length - before).toBe(2)
})
