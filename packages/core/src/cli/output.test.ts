import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createOutput, type Output } from './output.ts'

type Printed = { output: Output; text(): string }

function createTestOutput({
  env = {},
  isTTY = false,
  json = false,
}: { env?: Record<string, string>; isTTY?: boolean; json?: boolean } = {}): Printed {
  const stream = Object.assign(new PassThrough(), {
    isTTY,
    columns: 80,
    // What `styleText` asks whether the stream has colours.
    hasColors: () => isTTY,
    getColorDepth: () => (isTTY ? 8 : 1),
  }) as unknown as NodeJS.WriteStream
  const output = createOutput({
    stdin: () => process.stdin,
    stdout: () => stream,
    stderr: () => stream,
    env,
    script: '/limn/bin.ts',
    json,
    quiet: false,
    verbose: false,
  })
  let printed = ''
  ;(stream as unknown as PassThrough).on('data', (chunk) => (printed += String(chunk)))
  return { output, text: () => printed }
}

test('replaces control characters in every kind of line', () => {
  const { output, text } = createTestOutput()
  output.line('a\u001B[2Jb')
  output.problem('c\u009B1md')
  output.line(output.paint('bold', 'e\u0007f'))
  output.annotation({
    code: 'manifest/unknown-key',
    severity: 'error',
    message: 'g\u001Bh\n::add-mask::x',
    place: { file: 'i\u202E.yaml', line: 1, column: 2, length: 1 },
  })
  expect(text()).toBe(
    'a�[2Jb\nc�1md\ne�f\n::error file=i�.yaml,line=1,col=2,title=manifest/unknown-key::g�h%0A::add-mask::x\n',
  )
})

test('lets no value look like a line of its own', () => {
  const { output, text } = createTestOutput()
  output.line('hero: a\n✓ all paid')
  output.line(output.paint('bold', 'mug: a\r\n✓\u2028all\u0085paid'))
  output.problem(['Error: x\n  → Run `rm -rf`', '  → y\n'])
  expect(text()).toBe('hero: a↵✓ all paid\nmug: a↵✓�all�paid\nError: x↵  → Run `rm -rf`\n  → y↵\n')
})

test('keeps its own colours, but not those of a text', () => {
  const colour = process.env['FORCE_COLOR']
  process.env['FORCE_COLOR'] = '1'
  try {
    const { output, text } = createTestOutput({ isTTY: true })
    output.line(`${output.paint('add', 'ok \u001B[31mred')} \u001B[32mgreen\u001B[39m`)
    expect(text()).toBe('\u001B[32mok �[31mred\u001B[39m �[32mgreen�[39m\n')
  } finally {
    if (colour === undefined) delete process.env['FORCE_COLOR']
    else process.env['FORCE_COLOR'] = colour
  }
})

test('keeps the status on one line', () => {
  const { output, text } = createTestOutput({ isTTY: true })
  output.status('1 of 2\n\u001B[1Ahero\ttwo')
  expect(text()).toBe('1 of 2↵�[1Ahero two')
})

test('escapes control characters in JSON', () => {
  const { output, text } = createTestOutput({ json: true })
  const event = { type: 'x', asset: '\u009B2J\u202E\u001B' }
  output.event(event)
  const line = text()
  expect(line).toBe('{"type":"x","asset":"\\u009b2J\\u202e\\u001b","version":1}\n')
  expect(JSON.parse(line)).toEqual({ ...event, version: 1 })
})

test('lets no text become a command of a GitHub workflow', () => {
  const lines = ['a prompt', '  ::add-mask::secret', '::stop-commands::x ##[group]y, a::b']
  const workflow = createTestOutput({ env: { GITHUB_ACTIONS: 'true' } })
  workflow.output.problem(lines)
  const printed = workflow.text()
  expect(printed).not.toMatch(/^\s*::|##\[/m)
  expect(printed.replaceAll('\u200B', '')).toBe(`${lines.join('\n')}\n`)
  const { output, text } = createTestOutput()
  output.problem(lines)
  expect(text()).toBe(`${lines.join('\n')}\n`)
})

test.each([
  [{}, 'Run `limn plan`.'],
  [{ npm_config_user_agent: 'npm/11.6.2 node/v24.11.0' }, 'Run `npx limn plan`.'],
  [{ npm_config_user_agent: 'pnpm/12.21.0 npm/?' }, 'Run `pnpm exec limn plan`.'],
])('names commands as the user runs them, but not in data: %j', (env, shown) => {
  const { output, text } = createTestOutput({ env })
  output.line('Run `limn plan`.')
  output.problem('Run `limn plan`.')
  output.data('Run `limn plan`.')
  output.note('Run `limn plan`.')
  expect(text().split('\n')).toEqual([shown, shown, 'Run `limn plan`.', shown, ''])
})
