import { expect, test } from 'vitest'
import { createTestProject } from './test-project.ts'

const names = [
  '灯塔',
  '海报',
  'ışık',
  'İstanbul',
  'Zürich',
  'zebra',
  'Ärger',
  'ähre',
  'öl',
  'Öresund',
  'straße',
  '2024',
  'a10',
  'a9',
  'ISIL',
]
const manifest = `version: 1
provider: openai
defaults: { model: gpt-image-2.5-flare, quality: medium, outputs: [og] }
styles:
  türkçe: { append: Sıcak renkler, avoid: yazı }
vars: { şehir: İstanbul }
assets:
${names.map((name) => `  ${name}: { prompt: "{{name}}, {{şehir}}: I İ ı i Ä ß", alt: ${JSON.stringify(name)}, style: türkçe }\n`).join('')}  mug:
    prompt: Eine {{farbe}} Tasse
    alt: Eine Tasse
    matrix: { farbe: [grün, İris, 红色] }
`

/**
 * Returns what a command prints on a machine with a certain setup. Each machine has its own disk,
 * so that nothing is cached.
 */
async function printed(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { cliProcess, root } = await createTestProject({
    files: { 'images.yaml': manifest },
    env: { OPENAI_API_KEY: 'unused' },
  })
  const { code, stdout, stderr } = await cliProcess(args, env)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.replaceAll(root, '')
}

test.each([['plan --json'], ['plan'], ['print --json']])(
  'prints the same bytes on limn %s, whatever language and time zone the machine has',
  async (command) => {
    const args = command.split(' ')
    const [plain, ...others] = await Promise.all([
      printed(args, { LC_ALL: 'C', LANG: 'C', TZ: 'UTC' }),
      printed(args, {
        LC_ALL: 'de_DE.UTF-8',
        LANG: 'de_DE.UTF-8',
        LANGUAGE: 'de',
        TZ: 'Asia/Shanghai',
      }),
      printed(args, {
        LC_ALL: 'tr_TR.UTF-8',
        LANG: 'tr_TR.UTF-8',
        LANGUAGE: 'tr',
        TZ: 'America/St_Johns',
      }),
    ])
    expect(plain).toContain('İstanbul')
    expect(plain).toContain('mug/grün')
    for (const other of others) expect(other).toBe(plain)
  },
)
