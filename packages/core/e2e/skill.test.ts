import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commands } from '../src/cli/registry.ts'
import { tools } from '../src/project/mcp/tools/index.ts'
import { createTestProject } from './test-project.ts'

const skill = readFileSync(new URL('../skills/limn/SKILL.md', import.meta.url), 'utf8')
const blocks = (language: string): string[] =>
  [...skill.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(
    ([, text]) => text!,
  )

test('names only commands, options and tools that exist', () => {
  const named = [...skill.matchAll(/\blimn ([a-z]+)/g)].map(([, name]) => name!)
  const known = Object.keys(commands)
  expect(named.filter((name) => !known.includes(name))).toEqual([])
  const options = new Set(
    Object.values(commands).flatMap((each) => Object.keys(each.options ?? {})),
  )
  const used = [...skill.matchAll(/--([a-z][a-z-]*)/g)].map(([, name]) => name!)
  expect(used.filter((name) => !options.has(name))).toEqual([])
  const steps = /the steps are (.*)\./.exec(skill)![1]!.split(/, | or /)
  expect(steps.filter((step) => !tools.some(({ name }) => name === step))).toEqual([])
})

test('has blocks that run in their order', async () => {
  const [manifest] = blocks('yaml')
  const project = await createTestProject({ files: { 'images.yaml': manifest! } })
  for (const line of blocks('sh').join('').trim().split('\n')) {
    const { code, stderr } = await project.cli(line.split(' ').slice(1))
    expect([line, code, stderr]).toEqual([line, 0, ''])
  }
  expect(project.has('images/hero.png')).toBe(true)
})
