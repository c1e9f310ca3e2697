import { describe, expect, it } from 'vitest'
import { addPlugin, type EditedConfig } from './edit-config.ts'

const add = (
  text: string,
  path = 'vite.config.ts',
  keys = ['plugins'],
  options = '',
): EditedConfig => addPlugin(text, { path, keys, options })
const edited = (...args: Parameters<typeof add>): string => {
  const result = add(...args)
  return result.kind === 'edited' ? result.text : `${result.kind}: ${JSON.stringify(result)}`
}
/** Returns the lines that an edit adds and removes, as `+line` and `-line`. */
const changes = (before: string, after: string): string[] => {
  const [old, now] = [before.split('\n'), after.split('\n')]
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ]
}
const IMPORT = "import limn from '@limn/vite-plugin'"

describe('addPlugin', () => {
  it.each([
    ['a list on one line', 'export default { plugins: [react()] }', '[react(), limn()]'],
    ['a trailing comma', 'export default { plugins: [react(), ] }', '[react(), limn(), ]'],
    ['an empty list', 'export default { plugins: [] }', '[limn()]'],
    ['no list', 'export default { base: "/a" }', '{ base: "/a", plugins: [limn()] }'],
    ['an empty object', 'export default defineConfig({})', 'defineConfig({ plugins: [limn()] })'],
    ['a quoted key', "export default { 'plugins': [a()] }", "'plugins': [a(), limn()]"],
    [
      'a function',
      'export default defineConfig(({ mode }) => ({ plugins: [a(mode)] }))',
      '[a(mode), limn()]',
    ],
    [
      'an async function',
      'export default async () => { const x = await y(); return { plugins: [x] } }',
      '[x, limn()]',
    ],
    [
      'satisfies',
      'export default { plugins: [a()] } satisfies UserConfig',
      '{ plugins: [a(), limn()] } satisfies',
    ],
    [
      'as',
      'export default { plugins: [a()] as PluginOption[] } as UserConfig',
      '[a(), limn()] as PluginOption[]',
    ],
    [
      'a typed name',
      'const config: UserConfig = { plugins: [a()] }\nexport default config',
      '[a(), limn()] }',
    ],
    [
      'an export list',
      'const config = { plugins: [a()] }\nexport { config as default }',
      '[a(), limn()] }',
    ],
    [
      'a list by name',
      'const plugins = [a()]\nexport default defineConfig({ plugins })',
      'const plugins = [a(), limn()]',
    ],
    [
      'an imported list',
      "import { plugins } from './p'\nexport default { plugins }",
      '{ plugins: [plugins, limn()] }',
    ],
    [
      'a call',
      'export default { plugins: makePlugins(1, 2) }',
      'plugins: [makePlugins(1, 2), limn()]',
    ],
    [
      'a condition',
      'export default { plugins: dev ? [a()] : b }',
      'plugins: [dev ? [a()] : b, limn()]',
    ],
    [
      'a filtered list',
      'export default { plugins: [a(), dev && b()].filter(Boolean) }',
      '[a(), dev && b(), limn()].filter(Boolean)',
    ],
    [
      'a filter of its own',
      'export default { plugins: [a()].filter((p) => p.x) }',
      'plugins: [[a()].filter((p) => p.x), limn()]',
    ],
    [
      'mergeConfig',
      "import base from './b'\nexport default mergeConfig(base, defineConfig({ plugins: [a()] }))",
      '[a(), limn()]',
    ],
    [
      'mergeConfig with a name last',
      "import more from './b'\nexport default mergeConfig({ plugins: [a()] }, more)",
      '[a(), limn()]',
    ],
    [
      'a local spread',
      'const base = { plugins: [a()] }\nexport default { ...base, base: "/x" }',
      '{ plugins: [a(), limn()] }',
    ],
    [
      'a spread before',
      "import b from './b'\nexport default { ...b, plugins: [a()] }",
      '[a(), limn()] }',
    ],
    [
      'a local function',
      'function make() { return { plugins: [a()] } }\nexport default make()',
      '[a(), limn()]',
    ],
    [
      'a nested function',
      'export default () => { const f = () => { return 1 }; return { plugins: [f()] } }',
      '[f(), limn()]',
    ],
    [
      'vite.defineConfig',
      "import * as vite from 'vite'\nexport default vite.defineConfig({ plugins: [a()] })",
      '[a(), limn()]',
    ],
    [
      'another define',
      "import { defineConfig } from 'vitest/config'\nexport default defineConfig({ test: {}, plugins: [] })",
      'plugins: [limn()]',
    ],
    [
      'a local list',
      'export default () => { const plugins = [a()]; return { plugins } }',
      'const plugins = [a(), limn()]',
    ],
    [
      'a name that a function hides',
      'const plugins = [x]\nexport default () => { const plugins = [a()]; return { plugins } }',
      'const plugins = [a(), limn()]; return',
    ],
    [
      'a name that a parameter hides',
      'const plugins = [x]\nexport default ({ plugins }) => ({ plugins })',
      '({ plugins: [plugins, limn()] })',
    ],
    [
      'a spread of a condition',
      'export default { plugins: [a()], ...(dev ? { base: 1 } : {}) }',
      '[a(), limn()]',
    ],
    [
      'a spread of `&&`',
      'export default { plugins: [a()], ...(dev && { base: 1 }) }',
      '[a(), limn()]',
    ],
  ])('edits %s', (_name, text, expected) => {
    const result = edited(text)
    expect(result).toContain(expected)
    expect(result).toContain(IMPORT)
    expect(result.match(/limn\(\)/g)).toHaveLength(1)
    expect(add(result)).toEqual({ kind: 'present' })
  })

  it('edits each config that a function returns', () => {
    const text = `export default defineConfig(({ command }) => {
  if (command === 'serve') {
    return { plugins: [a()] }
  }
  return { build: {} }
})
`
    expect(changes(text, edited(text))).toEqual([
      '-    return { plugins: [a()] }',
      '-  return { build: {} }',
      `+${IMPORT}`,
      '+    return { plugins: [a(), limn()] }',
      '+  return { build: {}, plugins: [limn()] }',
    ])
  })

  it.each([
    [
      'several lines',
      'export default {\n  plugins: [\n    a(),\n    b(), // last\n    // c(),\n  ],\n}\n',
      ['+    limn(),'],
    ],
    [
      'no trailing comma',
      'export default {\n  plugins: [\n    a(),\n    b() // last\n  ]\n}\n',
      ['-    b() // last', '+    b(), // last', '+    limn()'],
    ],
    ['tabs', 'export default {\n\tplugins: [\n\t\ta(),\n\t],\n}\n', ['+\t\tlimn(),']],
    [
      'an object of several lines',
      'export default {\n    base: "/",\n    server: {\n        port: 1,\n    }, /* mine */\n}\n',
      ['+    plugins: [limn()],'],
    ],
    [
      'an empty object of several lines',
      'export default defineConfig({\n})\n',
      ['+  plugins: [limn()],'],
    ],
    [
      'a call of several lines',
      'export default {\n  plugins: [a({\n    x: 1,\n  })],\n}\n',
      ['-  })],', '+  }), limn()],'],
    ],
  ])('keeps the format of %s', (_name, text, expected) => {
    const found = changes(text, edited(text)).filter(
      (line) => !line.includes('import') && line !== '+',
    )
    expect(found).toEqual(expected)
  })

  it.each([
    [
      'CRLF',
      "import a from 'a'\r\n\r\nexport default {\r\n  plugins: [\r\n    a(),\r\n  ],\r\n}\r\n",
    ],
    ['CRLF without imports', 'export default {\r\n  plugins: [\r\n    a(),\r\n  ],\r\n}\r\n'],
    ['CRLF, new key', "import a from 'a'\r\n\r\nexport default {\r\n  base: a,\r\n}\r\n"],
  ])('keeps %s', (_name, text) => {
    expect(edited(text).replaceAll('\r\n', '')).not.toContain('\n')
    expect(edited(`\uFEFF${text}`)).toBe(`\uFEFF${edited(text)}`)
  })

  it.each([
    [
      'double quotes and semicolons',
      'import a from "a";\nexport default { plugins: [a()] };',
      'import a from "a";\nimport limn from "@limn/vite-plugin";\n',
    ],
    [
      'a comment behind an import',
      "import a from 'a' // why\n\nexport default { plugins: [a()] }",
      `import a from 'a' // why\n${IMPORT}\n\nexport`,
    ],
    [
      'a comment at the top',
      '// https://nuxt.com/docs\nexport default { plugins: [] }',
      `${IMPORT}\n\n// https://nuxt.com/docs\nexport`,
    ],
    [
      'a directive of TypeScript',
      '/// <reference types="vitest/config" />\n// @ts-check\nexport default { plugins: [] }',
      `// @ts-check\n${IMPORT}\n\nexport`,
    ],
    [
      'CommonJS',
      "const vite = require('vite')\nmodule.exports = { plugins: [] }",
      "const vite = require('vite')\nconst limn = require('@limn/vite-plugin').default\nmodule",
    ],
    [
      'CommonJS without require',
      "'use strict';\nmodule.exports = { plugins: [] };",
      "'use strict';\nconst limn = require('@limn/vite-plugin').default;\n\nmodule",
    ],
  ])('imports the plugin in the style of %s', (_name, text, expected) => {
    expect(edited(text)).toContain(expected)
  })

  it.each([
    ["import pics from '@limn/vite-plugin'\nexport default { plugins: [a()] }", '[a(), pics()]'],
    ['const limn = 1\nexport default { plugins: [limn] }', '[limn, limnPlugin()]'],
    ["const l = require('@limn/vite-plugin').default\nmodule.exports = { plugins: [] }", '[l()]'],
  ])('uses the name that fits in %j', (text, expected) => {
    expect(edited(text)).toContain(expected)
    expect(edited(text).match(/@limn\/vite-plugin/g)).toHaveLength(1)
  })

  it.each([
    ["import limn from '@limn/vite-plugin'\nexport default { plugins: [limn({ dts: false })] }"],
    [
      "import pictures from '@limn/vite-plugin'\nconst all = [pictures()]\nexport default { plugins: all }",
    ],
    ["export default async () => ({ plugins: [(await import('@limn/vite-plugin')).default()] })"],
  ])('leaves a config with the plugin alone: %j', (text) => {
    expect(add(text)).toEqual({ kind: 'present' })
  })

  it.each([
    [
      'a spread that may override',
      "import b from './b'\nexport default { plugins: [a()], ...b }",
      'an object that is spread into it may set `plugins`',
    ],
    [
      'a spread without a list',
      "import b from './b'\nexport default { ...b }",
      'an object that is spread into it may set `plugins`',
    ],
    [
      'an imported config',
      "import config from './c'\nexport default config",
      '`config` comes from elsewhere',
    ],
    [
      'an unknown wrapper',
      'export default withNx({ plugins: [] })',
      '`withNx(…)` makes its config',
    ],
    [
      'a name that is assigned to',
      'let config = {}\nconfig = make()\nexport default config',
      '`config` comes from elsewhere',
    ],
    ['a getter', 'export default { get plugins() { return [] } }', 'its `plugins` is a function'],
    ['a syntax error', 'export default { plugins: [', 'it is not valid JavaScript or TypeScript'],
    ['no export', 'const config = {}', 'it exports no config'],
    ['an array', 'export default [{ plugins: [] }]', 'its config is not an object literal'],
    ['itself', 'const a = b\nconst b = a\nexport default a', 'its config refers to itself'],
    ['a computed key', "export default { ['plu' + 'gins']: [] }", 'it has a key that is computed'],
    [
      'a spread that overrides in one mode',
      'export default { plugins: [a()], ...(dev && { plugins: [] }) }',
      'an object that is spread into it may set `plugins`',
    ],
    [
      'a list that a statement sets',
      'const c = {}\nc.plugins = [a()]\nexport default c',
      'a statement in it sets `plugins`',
    ],
  ])('leaves %s alone', (_name, text, reason) => {
    expect(add(text)).toEqual({ kind: 'refused', reason })
  })

  it.each([
    [
      'astro',
      "// @ts-check\nimport { defineConfig } from 'astro/config';\n\n// https://astro.build/config\nexport default defineConfig({});\n",
      'defineConfig({ vite: { plugins: [limn()] } });',
    ],
    [
      'astro with Tailwind',
      'export default defineConfig({\n  vite: {\n    plugins: [tailwindcss()]\n  }\n});\n',
      '    plugins: [tailwindcss(), limn()]',
    ],
    [
      'nuxt',
      'export default defineNuxtConfig({\n  devtools: { enabled: true }\n})\n',
      '  devtools: { enabled: true },\n  vite: { plugins: [limn()] }\n',
    ],
    [
      'nuxt with options of vite',
      'export default defineNuxtConfig({\n  vite: { server: {} },\n})\n',
      '  vite: { server: {}, plugins: [limn()] },',
    ],
  ])('edits the config of %s', (_name, text, expected) => {
    expect(edited(text, 'a.config.mjs', ['vite', 'plugins'])).toContain(expected)
  })

  it('leaves alone a config whose options for Vite come from elsewhere', () => {
    const text = "import vite from './vite'\nexport default { vite }"
    expect(add(text, 'astro.config.mjs', ['vite', 'plugins'])).toEqual({
      kind: 'refused',
      reason: '`vite` comes from elsewhere',
    })
  })
})
