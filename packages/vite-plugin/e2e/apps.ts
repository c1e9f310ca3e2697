import { recipe } from './recipes.ts'

/*
 * Apps as official generators create them, with a few lines added. `limn init` adds the plugin. They
 * show images with the components that docs/vite.md has for their frameworks.
 */

/** The content of a new file, or a function that changes a generated file. */
export type Lines = string | ((generated: string) => string)

/** An app that is created, checked and built. */
export type BuiltApp = {
  /** Name of the folder and in test titles. */
  name: string
  /**
   * The official generator and its arguments without the folder; `undefined` for an app that is
   * written by hand.
   */
  scaffold?: readonly string[]
  /** The added lines, by path. */
  lines: Readonly<Record<string, Lines>>
  /** Scripts of `package.json` that check the types and build. */
  build: readonly string[]
  /** Whether `limn init` runs in it. Default: it does. */
  isSetUp?: boolean
  /** Whether only the soak test runs it, because another app has the same framework or checker. */
  isRepeat?: boolean
}

/** An app that is also opened in the browser, in dev and as a build. */
export type App = BuiltApp & {
  /** Remark in test titles. */
  note?: string
  /** Command of the app's `node_modules/.bin` that starts the dev server. */
  dev: readonly string[]
  /** Command that serves the build. */
  preview: readonly string[]
  /** Folder of the client build. */
  client: string
  /** Folder of the whole build. */
  output: string
  /** Whether it is also built with a relative base, which requires that Vite writes the HTML. */
  relative: boolean
  /** A file in which an asset's name is misspelled once, and the script that must report it. */
  typo?: { file: string; check: string }
}

/**
 * The manifest of every app: an image of several widths and formats with an unused output, and an
 * image of one file.
 */
export const manifest = `version: 1
provider: local
assets:
  hero:
    prompt: A lighthouse at dawn over a calm sea
    alt: A lighthouse at dawn
    outputs:
      - { preset: hero, widths: [320, 640], formats: [webp, jpeg] }
      - { name: card, width: 600, height: 315, formats: [jpeg] }
  product/mug:
    prompt: A red ceramic mug on a white table
    alt: A red mug
    outputs: [{ name: square, width: 256, height: 256, formats: [png] }]
`

const viteCommands = {
  dev: ['vite'],
  preview: ['vite', 'preview'],
  client: 'dist',
  output: 'dist',
  relative: true,
} as const
const createVite = (template: string): readonly string[] => [
  'create-vite@9',
  '--template',
  template,
  '--no-interactive',
]

/** Replaces an image of the template with Limn's images. */
function withHero(imports: string, pictures: string) {
  return (generated: string): string =>
    replace(
      replace(generated, /import heroImg from '[^']+'/, imports),
      /<img[^>]*heroImg[^>]*>/,
      pictures,
    )
}

/** @throws Error if the generator's output has changed */
function replace(text: string, what: string | RegExp, by: string): string {
  const replaced = text.replace(what, () => by)
  if (replaced === text) throw new Error(`The template has no ${String(what)} anymore.`)
  return replaced
}

const imports = `import hero from 'virtual:limn/hero'
import mug from 'virtual:limn/product/mug@square'`

const jsxPictures =
  '<Picture id="hero" of={hero} />\n      <img id="mug" src={mug} width="256" height="256" alt="" />'
const sveltePictures =
  '<Picture id="hero" of={hero} />\n<img id="mug" src={mug} width="256" height="256" alt="" />'
const vuePictures =
  '<Picture id="hero" :of="hero" />\n    <img id="mug" :src="mug" width="256" height="256" alt="" />'

const elsewhere = 'written by hand: its generator fetches the template from outside the registry'

export const apps: readonly App[] = [
  {
    ...viteCommands,
    name: 'vanilla-ts',
    note: 'with vite-plugin-inspect',
    isRepeat: true,
    scaffold: createVite('vanilla-ts'),
    build: ['build'],
    typo: { file: 'src/main.ts', check: 'build' },
    lines: {
      'vite.config.ts':
        "import inspect from 'vite-plugin-inspect'\nimport limn from '@limn/vite-plugin'\n\nexport default { plugins: [limn({ dts: 'src/limn.d.ts' }), inspect()] }\n",
      'src/main.ts': withHero(
        imports,
        `<picture>
      \${Object.entries(hero.sources).map(([format, srcset]) => \`<source type="image/\${format}" srcset="\${srcset}">\`).join('')}
      <img id="hero" src="\${hero.src}" srcset="\${hero.srcset}" width="\${hero.width}" height="\${hero.height}" alt="\${hero.alt}">
    </picture>
    <img id="mug" src="\${mug}" width="256" height="256" alt="">`,
      ),
    },
  },
  {
    ...viteCommands,
    name: 'react-ts',
    scaffold: createVite('react-ts'),
    build: ['build'],
    typo: { file: 'src/App.tsx', check: 'build' },
    lines: {
      'src/Picture.tsx': recipe('React'),
      'src/App.tsx': withHero(`${imports}\nimport { Picture } from './Picture.tsx'`, jsxPictures),
    },
  },
  {
    ...viteCommands,
    name: 'vue-ts',
    isRepeat: true,
    scaffold: createVite('vue-ts'),
    build: ['build'],
    typo: { file: 'src/components/HelloWorld.vue', check: 'build' },
    lines: {
      'src/components/Picture.vue': recipe('Vue'),
      'src/components/HelloWorld.vue': withHero(
        `${imports}\nimport Picture from './Picture.vue'`,
        vuePictures,
      ),
    },
  },
  {
    ...viteCommands,
    name: 'svelte-ts',
    isRepeat: true,
    scaffold: createVite('svelte-ts'),
    build: ['check', 'build'],
    typo: { file: 'src/App.svelte', check: 'check' },
    lines: {
      'src/lib/Picture.svelte': recipe('Svelte'),
      'src/App.svelte': withHero(
        `${imports}\nimport Picture from './lib/Picture.svelte'`,
        sveltePictures,
      ),
    },
  },
  {
    ...viteCommands,
    relative: false,
    name: 'sveltekit',
    scaffold: [
      'sv@0.17',
      'create',
      '--template',
      'minimal',
      '--types',
      'ts',
      '--no-add-ons',
      '--no-install',
    ],
    build: ['check', 'build'],
    typo: { file: 'src/routes/+page.svelte', check: 'check' },
    client: '.svelte-kit/output/client',
    output: '.svelte-kit/output',
    lines: {
      'src/lib/Picture.svelte': recipe('Svelte'),
      'src/routes/+page.svelte': (generated) => `<script lang="ts">
${imports}
import Picture from '$lib/Picture.svelte'
let count = $state(0)
</script>

<button class="counter" onclick={() => count++}>Count is {count}</button>
${sveltePictures}
${generated}`,
    },
  },
  {
    name: 'react-router',
    note: elsewhere,
    relative: false,
    dev: ['react-router', 'dev'],
    build: ['check', 'build'],
    preview: ['react-router-serve', './build/server/index.js'],
    client: 'build/client',
    output: 'build',
    lines: {
      'package.json': packageJson(
        { check: 'react-router typegen && tsc', build: 'react-router build' },
        {
          '@react-router/node': '^8.4.0',
          '@react-router/serve': '^8.4.0',
          isbot: '^5.1.0',
          react: '^19.3.0',
          'react-dom': '^19.3.0',
          'react-router': '^8.4.0',
        },
        {
          '@react-router/dev': '^8.4.0',
          '@types/node': '^24.0.0',
          '@types/react': '^19.3.0',
          '@types/react-dom': '^19.3.0',
          typescript: '~7.0.2',
          vite: '^8.3.4',
        },
      ),
      'vite.config.ts':
        "import { reactRouter } from '@react-router/dev/vite'\n\nexport default { plugins: [reactRouter()] }\n",
      'tsconfig.json': JSON.stringify({
        include: ['**/*', '.react-router/types/**/*'],
        compilerOptions: {
          lib: ['DOM', 'DOM.Iterable', 'ES2022'],
          types: ['node', 'vite/client'],
          target: 'ES2022',
          module: 'ES2022',
          moduleResolution: 'bundler',
          jsx: 'react-jsx',
          rootDirs: ['.', './.react-router/types'],
          verbatimModuleSyntax: true,
          noEmit: true,
          skipLibCheck: true,
          strict: true,
        },
      }),
      'app/routes.ts':
        "import { index, type RouteConfig } from '@react-router/dev/routes'\n\nexport default [index('routes/home.tsx')] satisfies RouteConfig\n",
      'app/root.tsx': `import { Links, Meta, Outlet, Scripts, ScrollRestoration } from 'react-router'

export function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <head><meta charSet="utf-8" /><link rel="icon" href="data:," /><Meta /><Links /></head>
      <body>{children}<ScrollRestoration /><Scripts /></body>
    </html>
  )
}

export default function App() {
  return <Outlet />
}
`,
      'app/Picture.tsx': recipe('React'),
      'app/routes/home.tsx': `${imports}
import { useState } from 'react'
import { Picture } from '../Picture'

export default function Home() {
  const [count, setCount] = useState(0)
  return (
    <>
      <button className="counter" onClick={() => setCount(count + 1)}>Count is {count}</button>
      ${jsxPictures}
    </>
  )
}
`,
    },
  },
  {
    name: 'astro',
    note: elsewhere,
    relative: false,
    dev: ['astro', 'dev'],
    build: ['check', 'build'],
    preview: ['astro', 'preview'],
    client: 'dist',
    output: 'dist',
    lines: {
      'package.json': packageJson(
        { check: 'astro check', build: 'astro build' },
        { astro: '^7.3.0' },
        { '@astrojs/check': '*', typescript: '^6.0.3' },
      ),
      'astro.config.mjs':
        "import { defineConfig } from 'astro/config'\n\nexport default defineConfig({ devToolbar: { enabled: false } })\n",
      'tsconfig.json': JSON.stringify({
        extends: 'astro/tsconfigs/strict',
        include: ['.astro/types.d.ts', '**/*'],
        exclude: ['dist'],
      }),
      'src/components/Picture.astro': recipe('Astro'),
      // One image in server-rendered markup only, and one in the page's own script.
      'src/pages/index.astro': `---
import hero from 'virtual:limn/hero'
import Picture from '../components/Picture.astro'
---
<html lang="en">
  <head><meta charset="utf-8" /><link rel="icon" href="data:," /><title>astro</title></head>
  <body>
    <button class="counter">Count is 0</button>
    <Picture id="hero" of={hero} />
    <img id="mug" width="256" height="256" alt="" />
    <script>
      import mug from 'virtual:limn/product/mug@square'
      document.querySelector<HTMLImageElement>('#mug')!.src = mug
      const button = document.querySelector<HTMLButtonElement>('.counter')!
      let count = 0
      button.onclick = () => (button.textContent = \`Count is \${++count}\`)
    </script>
  </body>
</html>
`,
    },
  },
  {
    name: 'nuxt',
    note: elsewhere,
    relative: false,
    dev: ['nuxt', 'dev', '--host', '127.0.0.1'],
    build: ['check', 'build'],
    preview: ['nuxt', 'preview', '--port', '43110'],
    client: '.output/public',
    output: '.output',
    lines: {
      'package.json': packageJson(
        { check: 'nuxt typecheck', build: 'nuxt build' },
        { nuxt: '^4.5.2', vue: '^3.5.45', 'vue-router': '^5.0.0' },
        { typescript: '^5.9.0', 'vue-tsc': '^3.3.0' },
      ),
      'nuxt.config.ts':
        "export default defineNuxtConfig({ compatibilityDate: '2026-01-01', devtools: { enabled: false } })\n",
      'tsconfig.json': JSON.stringify({
        files: [],
        references: ['app', 'server', 'shared', 'node'].map((name) => ({
          path: `./.nuxt/tsconfig.${name}.json`,
        })),
      }),
      'app/components/Picture.vue': recipe('Vue'),
      'app/app.vue': `<script setup lang="ts">
${imports}
const count = ref(0)
useHead({ htmlAttrs: { lang: 'en' }, link: [{ rel: 'icon', href: 'data:,' }], title: 'nuxt' })
</script>

<template>
  <div>
    <button class="counter" @click="count++">Count is {{ count }}</button>
    ${vuePictures}
  </div>
</template>
`,
    },
  },
]

/** Apps whose recipes are only checked and built. */
export const builtApps: readonly BuiltApp[] = [
  {
    name: 'preact-ts',
    isRepeat: true,
    scaffold: createVite('preact-ts'),
    build: ['build'],
    lines: {
      'src/Picture.tsx': recipe('React'),
      'src/app.tsx': withHero(`${imports}\nimport { Picture } from './Picture.tsx'`, jsxPictures),
    },
  },
  {
    name: 'solid-ts',
    scaffold: createVite('solid-ts'),
    build: ['build'],
    lines: {
      'src/Picture.tsx': recipe('Solid'),
      'src/App.tsx': withHero(`${imports}\nimport { Picture } from './Picture.tsx'`, jsxPictures),
    },
  },
]

/** Returns the `package.json` of an app that is written by hand. */
function packageJson(
  scripts: Record<string, string>,
  dependencies: Record<string, string>,
  devDependencies: Record<string, string>,
): string {
  return JSON.stringify({ private: true, type: 'module', scripts, dependencies, devDependencies })
}
